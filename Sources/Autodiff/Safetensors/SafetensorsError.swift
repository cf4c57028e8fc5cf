/// An error of a safetensors file: what was expected and what is there.
public struct SafetensorsError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The request does not fit the file.
    case usage
    /// The file breaks the rules of the format.
    case damaged
    /// The file follows the rules and holds what cannot be represented.
    case unsupported
    /// The file does not exist or may not be read.
    case missing
    /// The file cannot be created.
    case cannotCreate
    /// Reading or writing failed on the way.
    case inputOutput
  }

  /// The exit status of the command line.
  public var exitStatus: Int32 {
    switch kind {
    case .usage: 64
    case .damaged, .unsupported: 65
    case .missing: 66
    case .cannotCreate: 73
    case .inputOutput: 74
    }
  }

  public let kind: Kind
  public let file: String
  public let expected: String
  public let found: String

  /// Text is made printable and cut, since it often quotes the file.
  init(_ kind: Kind, file: String, expected: String, found: String) {
    self.kind = kind
    self.file = Self.oneLine(file, limit: 4096)
    self.expected = Self.oneLine(expected, limit: 300)
    self.found = Self.oneLine(found, limit: 300)
  }

  /// One line: `FILE: expected ..., found ...`.
  public var description: String { "\(file): expected \(expected), found \(found)" }

  private static func oneLine(_ text: String, limit: Int) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
      result.unicodeScalars.append(isControl ? "?" : scalar)
    }
    return text.unicodeScalars.count > limit ? result + "..." : result
  }
}
