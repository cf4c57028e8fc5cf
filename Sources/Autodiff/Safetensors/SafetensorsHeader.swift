/// The JSON header of a safetensors file, and nothing else JSON can express.
///
/// An object of `__metadata__`, an object of strings, and of tensors `{"dtype": ..., "shape": [...],
/// "data_offsets": [begin, end]}`. Every key stands once; integers are plain digits.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let elementType: StoredTensor.ElementType
    let shape: [Int]
    let range: Range<Int>
  }

  var metadata: [String: String] = [:]
  var entries: [Entry] = []

  /// - Throws: `.damaged` where the text breaks the rules, `.unsupported` for an element type that
  ///   is not known.
  init(parsing bytes: ArraySlice<UInt8>, file: String) throws(SafetensorsError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw SafetensorsError(
        .damaged, file: file, expected: "a header in UTF-8", found: "other bytes")
    }
    var scanner = HeaderScanner(bytes: bytes, file: file)
    guard bytes.first == UInt8(ascii: "{") else { throw scanner.error("'{' at the start") }
    var names: Set<[UInt8]> = []
    var hasMetadata = false
    try scanner.object { scanner, key throws(SafetensorsError) in
      if key == "__metadata__" {
        guard !hasMetadata else { throw scanner.error("__metadata__ once") }
        hasMetadata = true
        metadata = try scanner.metadata()
      } else {
        guard names.insert(Array(key.utf8)).inserted else {
          throw scanner.error("every name once", found: "'\(key)' again")
        }
        entries.append(try scanner.entry(name: key))
      }
    }
    try scanner.end()
  }

  /// The header of a file with metadata and tensors in the order of their data, padded with spaces
  /// to a multiple of 8 bytes.
  static func text(
    metadata: [String: String], tensors: [(name: String, tensor: StoredTensor)]
  ) -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in tensors {
      let shape = tensor.shape.map { "\($0)" }.joined(separator: ",")
      let end = offset + tensor.bytes.count
      parts.append(
        "\(quoted(name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var bytes = Array("{\(parts.joined(separator: ","))}".utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 32:
        let hexadecimal = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
