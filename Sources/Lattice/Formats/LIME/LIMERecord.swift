/// A record of a LIME file: a header of 144 bytes, then the payload, padded to 8 bytes.
///
/// Header, big-endian: magic 0x456789ab, version 1 (16 bits), flags (16 bits: begin 0x8000 and end
/// 0x4000 of a message), payload length (64 bits), type (128 bytes, ended by 0).
struct LIMERecord {
  static let magic: UInt32 = 0x4567_89ab
  static let headerSize = 144
  /// Files of lattice codes hold about ten records.
  static let limit = 10_000

  let type: String
  /// The first byte of the payload.
  let offset: Int
  /// Bytes of the payload.
  let length: Int
  let beginsMessage: Bool
  let endsMessage: Bool

  static func recognise(_ head: [UInt8]) -> Bool { UInt32(head, at: 0, .big) == magic }

  /// All records of a file, their payloads unread.
  ///
  /// - Throws: `.damaged` where a record is none or does not fit into the rest of the file, or
  ///   where the file ends within a message.
  static func scan<Source: ByteSource>(_ source: Source) throws(ConfigurationError) -> [LIMERecord]
  {
    var records: [LIMERecord] = []
    var position = 0
    var isInMessage = false
    while position < source.size {
      let head = try source.bytes(at: position, upTo: headerSize)
      guard head.count == headerSize else {
        throw source.damaged(
          expected: "a LIME record at byte \(position)", found: "\(head.count) bytes")
      }
      guard UInt32(head, at: 0, .big) == magic else {
        throw source.damaged(
          expected: "a LIME record at byte \(position)",
          found: "\(hexadecimal(UInt32(head, at: 0, .big) ?? 0)) instead of its magic number")
      }
      let versionAndFlags = UInt32(head, at: 4, .big) ?? 0
      guard versionAndFlags >> 16 == 1 else {
        throw source.damaged(
          expected: "LIME version 1", found: "version \(versionAndFlags >> 16)")
      }
      let high = UInt64(UInt32(head, at: 8, .big) ?? 0)
      let length = high << 32 | UInt64(UInt32(head, at: 12, .big) ?? 0)
      let remaining = source.size - position - headerSize
      guard length <= UInt64(remaining), (Int(length) + 7) & ~7 <= remaining else {
        throw source.damaged(
          expected: "\(length) bytes in the LIME record at byte \(position)",
          found: "\(remaining) to the end of the file")
      }
      let record = LIMERecord(
        type: printable(head[16...].prefix { $0 != 0 }), offset: position + headerSize,
        length: Int(length), beginsMessage: versionAndFlags & 0x8000 != 0,
        endsMessage: versionAndFlags & 0x4000 != 0)
      records.append(record)
      guard records.count <= limit else {
        throw source.damaged(
          expected: "up to \(limit) LIME records", found: "more")
      }
      isInMessage = (isInMessage || record.beginsMessage) && !record.endsMessage
      position = record.offset + (Int(length) + 7) & ~7
    }
    guard !isInMessage else {
      throw source.damaged(
        expected: "the end of a LIME message", found: "the end of the file within it")
    }
    return records
  }

  /// The payload as text; what is beyond 64 KiB of it is left out.
  func text<Source: ByteSource>(in source: Source) throws(ConfigurationError) -> String {
    printable(try source.bytes(at: offset, upTo: min(length, 1 << 16)).prefix { $0 != 0 })
  }

  /// The header as it is written.
  static func header(
    type: String, length: Int, beginsMessage: Bool, endsMessage: Bool
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ value: UInt64, _ count: Int) {
      for k in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * k))) }
    }
    append(UInt64(magic), 4)
    append(1, 2)
    append((beginsMessage ? 0x8000 : 0) | (endsMessage ? 0x4000 : 0), 2)
    append(UInt64(length), 8)
    let name = Array(type.utf8.prefix(127))
    return bytes + name + [UInt8](repeating: 0, count: 128 - name.count)
  }
}
