/// The header of a `.npy` file, versions 1 to 3: magic, version, length, and a Python dictionary with
/// `descr`, `fortran_order` and `shape`.
struct NumPyHeader {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// The type of the elements, such as `<c16`.
  let type: String
  /// Whether the first axis is fastest.
  let isFortran: Bool
  let shape: [Int]
  /// The first byte behind the header.
  let end: Int

  static func recognise(_ head: [UInt8]) -> Bool { head.starts(with: magic) }

  /// - Throws: `.damaged` for an unknown version, a header beyond 64 KiB, a dictionary without the
  ///   three keys, or more than 16 axes.
  init<Source: ByteSource>(_ source: Source) throws(ConfigurationError) {
    let start = try source.bytes(at: 0, upTo: 12)
    guard start.count == 12, (1...3).contains(start[6]) else {
      throw source.damaged(
        expected: "an npy header of version 1, 2 or 3",
        found: start.count > 6 ? "version \(start[6])" : "\(start.count) bytes")
    }
    let isShort = start[6] == 1
    let length =
      isShort ? Int(start[8]) | Int(start[9]) << 8 : Int(UInt32(start, at: 8, .little) ?? 0)
    let offset = isShort ? 10 : 12
    guard length <= 1 << 16, offset + length <= source.size else {
      throw source.damaged(
        expected: "an npy header within 64 KiB and the file", found: "\(length) bytes")
    }
    end = offset + length
    let text = printable(try source.bytes(at: offset, upTo: length))
    guard let type = Self.value("descr", text), type.count >= 2, let quote = type.first,
      quote == "'" || quote == "\"", type.last == quote,
      let order = Self.value("fortran_order", text), order == "True" || order == "False",
      let shape = Self.value("shape", text), shape.hasPrefix("("), shape.hasSuffix(")")
    else {
      throw source.damaged(
        expected: "descr, fortran_order and shape in the npy header", found: trimmed(text))
    }
    self.type = String(type.dropFirst().dropLast())
    isFortran = order == "True"
    var axes: [Int] = []
    for word in shape.dropFirst().dropLast().split(separator: ",") {
      let digits = trimmed(word)
      if digits.isEmpty { continue }
      guard let axis = Int(digits), axes.count < 16 else {
        throw source.damaged(expected: "a shape of up to 16 axes", found: shape)
      }
      axes.append(axis)
    }
    self.shape = axes
  }

  /// The text of a value in a flat dictionary: up to the next comma, or the closing parenthesis.
  private static func value(_ key: String, _ text: String) -> String? {
    let bytes = Array(text.utf8)
    for quote in ["'", "\""] {
      let pattern = Array("\(quote)\(key)\(quote)".utf8)
      guard bytes.count >= pattern.count else { continue }
      for start in 0...(bytes.count - pattern.count)
      where bytes[start] == pattern[0]
        && bytes[start..<(start + pattern.count)].elementsEqual(pattern)
      {
        var index = start + pattern.count
        while index < bytes.count, bytes[index] == 32 || bytes[index] == 58 { index += 1 }
        guard index < bytes.count else { return nil }
        let isTuple = bytes[index] == 40
        let stop: (UInt8) -> Bool = { isTuple ? $0 == 41 : $0 == 44 || $0 == 125 }
        guard let end = bytes[index...].firstIndex(where: stop) else { return nil }
        return trimmed(
          String(decoding: bytes[index..<(isTuple ? end + 1 : end)], as: UTF8.self))
      }
    }
    return nil
  }

  /// A version 1 header whose data begin at a multiple of 64 bytes.
  static func header(type: String, shape: [Int]) -> [UInt8] {
    let axes = shape.map(String.init).joined(separator: ", ")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(axes)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }
}
