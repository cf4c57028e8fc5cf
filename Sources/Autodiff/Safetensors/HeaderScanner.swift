/// Reads the pieces of JSON a header is made of, without recursion.
struct HeaderScanner {
  private let bytes: ArraySlice<UInt8>
  private let file: String
  private var position: Int

  /// The bytes must be valid UTF-8.
  init(bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    position = bytes.startIndex
  }

  func error(_ expected: String, found: String? = nil) -> SafetensorsError {
    let rest = String(decoding: bytes[position...].prefix(24), as: UTF8.self)
    let place = "'\(rest)' at byte \(position - bytes.startIndex) of the header"
    return SafetensorsError(
      .damaged, file: file, expected: expected,
      found: found ?? (position < bytes.endIndex ? place : "the end of the header"))
  }

  /// Calls `body` for each key of an object with the scanner before its value.
  mutating func object(
    _ body: (inout HeaderScanner, String) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try require("{")
    if accept("}") { return }
    repeat {
      let key = try string()
      try require(":")
      try body(&self, key)
    } while accept(",")
    try require("}")
  }

  /// An object of strings.
  mutating func metadata() throws(SafetensorsError) -> [String: String] {
    var result: [String: String] = [:]
    try object { scanner, key throws(SafetensorsError) in
      let value = try scanner.string()
      guard result.updateValue(value, forKey: key) == nil else {
        throw scanner.error("every key of __metadata__ once", found: "'\(key)' again")
      }
    }
    return result
  }

  /// The description of one tensor.
  mutating func entry(name: String) throws(SafetensorsError) -> SafetensorsHeader.Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try object { scanner, key throws(SafetensorsError) in
      switch key {
      case "dtype" where type == nil: type = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.integers()
      case "data_offsets" where offsets == nil: offsets = try scanner.integers()
      default: throw scanner.error("dtype, shape and data_offsets once", found: "'\(key)'")
      }
    }
    guard let type, let shape, let offsets else {
      throw error("dtype, shape and data_offsets of '\(name)'", found: "not all of them")
    }
    guard let elementType = StoredTensor.ElementType(rawValue: type) else {
      throw SafetensorsError(
        .unsupported, file: file, expected: "a known element type of '\(name)'", found: "'\(type)'")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw error("data_offsets [begin, end] of '\(name)'", found: "\(offsets.prefix(4))")
    }
    guard product(of: shape + [elementType.size]) == offsets[1] - offsets[0] else {
      throw error(
        "the bytes of '\(name)', \(type) of the shape \(shape.prefix(8))",
        found: "\(offsets[1] - offsets[0]) bytes")
    }
    return .init(
      name: name, elementType: elementType, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// Only white space may follow.
  mutating func end() throws(SafetensorsError) {
    skipSpace()
    guard position == bytes.endIndex else { throw error("the end of the header") }
  }

  /// An array of integers of 0 or more.
  private mutating func integers() throws(SafetensorsError) -> [Int] {
    try require("[")
    var result: [Int] = []
    if accept("]") { return result }
    repeat {
      skipSpace()
      let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty, digits.count == 1 || digits.first != 0x30,
        let value = Int(String(decoding: digits.prefix(20), as: UTF8.self)), digits.count <= 20
      else { throw error("an integer from 0 to 2^63 - 1") }
      result.append(value)
      position = digits.endIndex
    } while accept(",")
    try require("]")
    return result
  }

  /// A string with its escapes resolved.
  private mutating func string() throws(SafetensorsError) -> String {
    try require("\"")
    var content: [UInt8] = []
    while position < bytes.endIndex {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content.append(contentsOf: try escape())
      case ..<32: throw error("no bare control character in a string")
      default:
        content.append(byte)
        position += 1
      }
    }
    throw error("the end of a string")
  }

  /// The UTF-8 of what an escape stands for.
  private mutating func escape() throws(SafetensorsError) -> [UInt8] {
    guard position + 1 < bytes.endIndex else { throw error("an escape") }
    let code = bytes[position + 1]
    let simple: [UInt8: UInt8] = [
      0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9,
    ]
    if let byte = simple[code] {
      position += 2
      return [byte]
    }
    var value = try codeUnit()
    if (0xd800..<0xdc00).contains(value) {
      let low = try codeUnit()
      guard (0xdc00..<0xe000).contains(low) else { throw error("the second half of a pair") }
      value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw error("a character, not half of a pair") }
    return Array(String(scalar).utf8)
  }

  /// The number of `\uXXXX`.
  private mutating func codeUnit() throws(SafetensorsError) -> UInt32 {
    let digits = bytes[position...].prefix(6)
    guard digits.count == 6, digits.prefix(2).elementsEqual("\\u".utf8),
      digits.dropFirst(2).allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits.dropFirst(2), as: UTF8.self), radix: 16)
    else { throw error("an escape of JSON") }
    position += 6
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else {
      return false
    }
    position += 1
    return true
  }

  private mutating func require(_ character: Unicode.Scalar) throws(SafetensorsError) {
    guard accept(character) else { throw error("'\(character)'") }
  }
}
