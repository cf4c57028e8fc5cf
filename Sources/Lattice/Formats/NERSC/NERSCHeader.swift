/// The text header of a NERSC archive file: lines `KEY = value` between `BEGIN_HEADER` and
/// `END_HEADER`.
struct NERSCHeader {
  static let opening = Array("BEGIN_HEADER".utf8)
  /// No header of sense is longer.
  static let limit = 1 << 16

  /// Fields by their key.
  let fields: [String: String]
  /// The first byte after the header.
  let end: Int

  static func recognise(_ head: [UInt8]) -> Bool { head.starts(with: opening) }

  /// - Throws: `.damaged` where no `END_HEADER` line closes the header within 64 KiB, or a line is
  ///   none of a header.
  init<Source: ByteSource>(_ source: Source) throws(ConfigurationError) {
    let bytes = try source.bytes(at: 0, upTo: Self.limit)
    var fields: [String: String] = [:]
    var start = 0
    var isFirst = true
    while true {
      guard let newline = bytes[start...].firstIndex(of: 10) else { break }
      let line = trimmed(printable(bytes[start..<newline]))
      start = newline + 1
      if isFirst {
        guard line == "BEGIN_HEADER" else { break }
        isFirst = false
        continue
      }
      if line == "END_HEADER" {
        self.fields = fields
        end = start
        return
      }
      if line.isEmpty { continue }
      guard let equals = line.firstIndex(of: "=") else {
        throw source.damaged(expected: "a line KEY = value in the NERSC header", found: line)
      }
      let key = trimmed(line[..<equals])
      let value = trimmed(line[line.index(after: equals)...])
      if let other = fields[key], other != value {
        throw source.damaged(
          expected: "one value of \(key) in the NERSC header", found: "\(other) and \(value)")
      }
      fields[key] = value
    }
    throw source.damaged(
      expected: "a NERSC header closed by END_HEADER",
      found: "none within \(bytes.count) bytes")
  }

  /// The value of a field that must be there.
  func required<Source: ByteSource>(
    _ key: String, in source: Source
  ) throws(ConfigurationError) -> String {
    guard let value = fields[key] else {
      throw source.damaged(expected: "\(key) in the NERSC header", found: "none")
    }
    return value
  }

  /// Rows and columns of the matrices from `4D_SU3_GAUGE` (two rows) or `4D_SUn_GAUGE_nxn`.
  static func matrices(_ type: String) -> (n: Int, twoRow: Bool)? {
    if type == "4D_SU3_GAUGE" { return (3, true) }
    guard type.hasPrefix("4D_SU") else { return nil }
    let digits = type.dropFirst(5).prefix { $0.isASCII && $0.isNumber }
    guard digits.count <= 2, let n = Int(digits), n >= 2, type == "4D_SU\(n)_GAUGE_\(n)x\(n)"
    else { return nil }
    return (n, false)
  }
}
