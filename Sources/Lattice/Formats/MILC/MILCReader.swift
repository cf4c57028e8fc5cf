/// MILC version 5: a binary header of 96 bytes, then SU(3) links in single precision.
///
/// Bytes 0..3 hold the number 20103, which tells the byte order; then 4 extents, a time stamp of
/// 64 bytes, the order of the sites (0: x fastest) and two checksums.
enum MILCReader {
  static let magic: UInt32 = 20103
  static let headerSize = 96

  /// The byte order in which a file starts with the number of the format; nil for other files.
  static func recognise(_ head: [UInt8]) -> ByteOrder? {
    switch UInt32(head, at: 0, .big) {
    case magic: .big
    case magic.byteSwapped: .little
    default: nil
    }
  }

  static func parse<Source: ByteSource>(
    _ source: Source, order: ByteOrder
  ) throws(ConfigurationError) -> ParsedConfiguration {
    let head = try source.bytes(at: 0, upTo: headerSize)
    guard head.count == headerSize else {
      throw source.damaged(
        expected: "a MILC header of \(headerSize) bytes", found: "a file of \(head.count)")
    }
    func word(_ offset: Int) -> UInt32 { UInt32(head, at: offset, order) ?? 0 }
    let extents = (0..<4).map { Int(Int32(bitPattern: word(4 + 4 * $0))) }
    let geometry = try source.geometry(extents)
    let siteOrder = word(84)
    guard siteOrder == 0 else {
      throw source.damaged(
        expected: "sites in natural order (0) in the MILC header", found: "order \(siteOrder)")
    }
    let payload = SerialPayload(
      offset: headerSize, geometry: geometry, group: .su3, bits: 32, byteOrder: order)
    try source.requireSize(
      headerSize + payload.byteCount, of: "MILC links on \(list(extents))")
    var info = ConfigurationInfo(
      file: source.name, format: .milc, group: .su3, extents: extents, storedBits: 32,
      byteOrder: order)
    let stamp = head[20..<84].prefix { $0 != 0 }
    info.header = [
      "magic_number": "\(magic)", "time_stamp": printable(stamp),
      "checksums": "\(hexadecimal(word(88))) \(hexadecimal(word(92)))",
    ]
    return ParsedConfiguration(
      info: info, geometry: geometry, content: .serial(payload),
      checksum: StoredChecksum(kind: .milc(order), a: word(88), b: word(92)))
  }
}
