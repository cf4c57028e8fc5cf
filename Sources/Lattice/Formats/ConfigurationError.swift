/// Why a configuration could not be read or written.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The request does not fit the file or the format (exit status 64).
    case usage
    /// The file is damaged, contradicts itself, or is none of the known formats (65).
    case damaged
    /// The file does not exist or may not be read (66).
    case missing
    /// The output cannot be created (73).
    case cannotCreate
    /// Reading or writing failed on the way (74).
    case inputOutput
  }

  public let kind: Kind
  /// The path of the file.
  public let file: String
  public let expected: String
  public let found: String

  /// Text is made printable and cut to a sensible length, since `found` often quotes the file.
  public init(_ kind: Kind, file: String, expected: String, found: String) {
    self.kind = kind
    self.file = Self.oneLine(file, limit: 4096)
    self.expected = Self.oneLine(expected, limit: 300)
    self.found = Self.oneLine(found, limit: 300)
  }

  /// The exit status of the command line (`sysexits.h`).
  public var exitStatus: Int32 {
    switch kind {
    case .usage: 64
    case .damaged: 65
    case .missing: 66
    case .cannotCreate: 73
    case .inputOutput: 74
    }
  }

  /// One line: `FILE: expected ..., found ...`.
  public var description: String { "\(file): expected \(expected), found \(found)" }

  private static func oneLine(_ text: String, limit: Int) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
      if count == limit {
        result += "..."
        break
      }
      let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
      result.unicodeScalars.append(isControl || scalar.value == 0xFFFD ? "?" : scalar)
      count += 1
    }
    return result
  }
}
