import CZlib
import Compute

/// The content of a safetensors file: named tensors and a dictionary of texts.
///
/// Eight bytes with the length of the header, little-endian; the header in JSON; the data of the
/// tensors one after another without holes (<https://github.com/huggingface/safetensors>). Written
/// files have the wider element types first and then the names in the order of their bytes, and a
/// header padded to 8 bytes, so every tensor is aligned and equal content has equal bytes.
public struct Safetensors: Sendable, Equatable {
  /// The longest header, that of the reference implementation.
  public static var maximumHeaderLength: Int { 100_000_000 }

  /// Texts about the content.
  public var metadata: [String: String]
  private var tensors: [String: StoredTensor] = [:]

  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// The names in the order of their bytes.
  public var names: [String] {
    tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The tensor of a name.
  public subscript(name: String) -> StoredTensor? { tensors[name] }

  /// Adds a tensor under a new name.
  ///
  /// - Throws: `.duplicateParameter` for a name that is taken, `.parameterName` for `__metadata__`.
  public mutating func add(_ name: String, _ tensor: StoredTensor) throws(AutodiffError) {
    guard name != "__metadata__" else {
      throw .parameterName(name, reason: "the name is reserved in files")
    }
    guard tensors.updateValue(tensor, forKey: name) == nil else {
      throw .duplicateParameter(name)
    }
  }

  /// The content of the bytes of a file.
  ///
  /// - Throws: `.damaged` for anything but a complete file whose tensors cover the data once,
  ///   `.unsupported` for an unknown element type.
  public init(bytes: [UInt8], file: String = "safetensors") throws(SafetensorsError) {
    func damaged(_ expected: String, _ found: String) -> SafetensorsError {
      SafetensorsError(.damaged, file: file, expected: expected, found: found)
    }
    guard bytes.count >= 8 else { throw damaged("8 bytes or more", "\(bytes.count)") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    guard length <= UInt64(Self.maximumHeaderLength), Int(length) <= bytes.count - 8 else {
      throw damaged(
        "a header within the \(bytes.count) bytes of the file and \(Self.maximumHeaderLength)",
        "one of \(length) bytes")
    }
    let start = 8 + Int(length)
    let header = try SafetensorsHeader(parsing: bytes[8..<start], file: file)
    metadata = header.metadata
    var offset = 0
    // Empty tensors lie at the beginning of another one or at the end.
    let entries = header.entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for entry in entries {
      guard entry.range.lowerBound == offset else {
        throw damaged(
          "'\(entry.name)' to begin at byte \(offset) of the data", "\(entry.range.lowerBound)")
      }
      guard entry.range.upperBound <= bytes.count - start else {
        throw damaged(
          "\(entry.range.upperBound) bytes of data or more", "\(bytes.count - start)")
      }
      offset = entry.range.upperBound
    }
    guard offset == bytes.count - start else {
      throw damaged("\(offset) bytes of data", "\(bytes.count - start)")
    }
    for entry in entries {
      let data = Array(bytes[start + entry.range.lowerBound..<start + entry.range.upperBound])
      do throws(AutodiffError) {
        try add(
          entry.name,
          StoredTensor(elementType: entry.elementType, shape: entry.shape, bytes: data))
      } catch {
        throw damaged("distinct names and full shapes", "\(error)")
      }
    }
  }

  /// The content of a file.
  ///
  /// - Throws: `.missing` or `.inputOutput` where it cannot be read, else as `init(bytes:file:)`.
  public init(path: String) throws(SafetensorsError) {
    try self.init(bytes: try readFile(path), file: path)
  }

  /// The bytes of the file.
  ///
  /// - Throws: `.usage` where the header would be longer than readers accept.
  public func encoded(file: String = "safetensors") throws(SafetensorsError) -> [UInt8] {
    let ordered = orderedTensors
    let header = SafetensorsHeader.text(metadata: metadata, tensors: ordered)
    guard header.count <= Self.maximumHeaderLength else {
      throw SafetensorsError(
        .usage, file: file, expected: "a header of at most \(Self.maximumHeaderLength) bytes",
        found: "\(header.count)")
    }
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    bytes.reserveCapacity(8 + header.count + ordered.reduce(0) { $0 + $1.tensor.bytes.count })
    bytes += header
    for (_, tensor) in ordered { bytes += tensor.bytes }
    return bytes
  }

  /// The tensors in the order of a file: the wider element types first, then by name.
  private var orderedTensors: [(name: String, tensor: StoredTensor)] {
    let ordered = names.map { (name: $0, tensor: tensors[$0]!) }
    // Sorting by size only would not keep the order of the names.
    return [8, 4, 2, 1].flatMap { size in
      ordered.filter { $0.tensor.elementType.size == size }
    }
  }

  /// The CRC-32, in hexadecimal digits, of the header and data of the file without one of its texts, which
  /// may be the one that holds it.
  func checksum(without key: String) -> String {
    var texts = metadata
    texts[key] = nil
    let ordered = orderedTensors
    var sum = crc32(0, nil, 0)
    func add(_ bytes: [UInt8]) {
      // The count of bytes is one of 32 bits.
      let step = 1 << 30
      for start in stride(from: 0, to: bytes.count, by: step) {
        bytes[start..<min(bytes.count, start + step)].withUnsafeBufferPointer {
          sum = crc32(sum, $0.baseAddress, UInt32($0.count))
        }
      }
    }
    add(SafetensorsHeader.text(metadata: texts, tensors: ordered))
    for (_, tensor) in ordered { add(tensor.bytes) }
    return String(sum, radix: 16)
  }

  /// Writes the file; all of it is there afterwards, or what was there before.
  ///
  /// - Throws: `.cannotCreate` or `.inputOutput`, or as `encoded`.
  public func write(to path: String) throws(SafetensorsError) {
    try writeFileAtomically(path, try encoded(file: path))
  }
}
