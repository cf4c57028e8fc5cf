extension UInt32 {
  /// Four bytes of an array; nil where it is too short.
  init?(_ bytes: [UInt8], at offset: Int, _ order: ByteOrder) {
    guard offset >= 0, bytes.count >= offset + 4 else { return nil }
    var value: UInt32 = 0
    for k in 0..<4 {
      value = value << 8 | UInt32(bytes[offset + (order == .big ? k : 3 - k)])
    }
    self = value
  }
}

/// Bytes as text: ASCII, whatever else as `?`.
func printable(_ bytes: some Sequence<UInt8>) -> String {
  String(
    decoding: bytes.map { (32..<127).contains($0) || $0 == 10 || $0 == 9 ? $0 : 63 },
    as: UTF8.self)
}

/// Text without spaces, tabs and line ends at either side.
func trimmed(_ text: some StringProtocol) -> String {
  let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
  return String(
    text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
}
