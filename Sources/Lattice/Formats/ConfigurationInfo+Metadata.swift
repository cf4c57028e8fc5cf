import Foundation

extension ConfigurationInfo {
  /// What a writer of this package put into `Options.metadata`: the lines `key = "value"` of a SciDAC
  /// record, the header fields of other formats.
  public var metadata: [String: String] {
    guard let record = header["scidac-record-xml"] else { return header }
    var result = [String: String]()
    for line in record.split(whereSeparator: \.isNewline) {
      guard let separator = line.range(of: " = \""), line.hasSuffix("\"") else { continue }
      // The first line carries the opening tags of the record.
      let key = line[..<separator.lowerBound].split(separator: ">").last ?? ""
      let value = line[separator.upperBound...].dropLast()
      result[String(key)] = Self.unescaped(String(value))
    }
    return result
  }

  private static func unescaped(_ text: String) -> String {
    let entities = [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
    ]
    return entities.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }
}
