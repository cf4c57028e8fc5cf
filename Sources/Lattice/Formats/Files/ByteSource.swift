/// Bytes of known number that can be read from any place: a file, or memory in tests.
///
/// Readers see files only through this, so that every one of them can be fed hostile bytes.
package protocol ByteSource {
  /// The path to name in errors.
  var name: String { get }
  /// Bytes in all.
  var size: Int { get }
  /// Fills the whole buffer from an offset.
  ///
  /// - Throws: `.damaged` where the source ends before the buffer is full, `.inputOutput`.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ConfigurationError)
}

extension ByteSource {
  /// Up to `count` bytes from an offset; fewer only where the source ends.
  package func bytes(at offset: Int, upTo count: Int) throws(ConfigurationError) -> [UInt8] {
    let available = max(0, min(count, size - max(0, offset)))
    guard offset >= 0, available > 0 else { return [] }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: available, alignment: 16)
    defer { buffer.deallocate() }
    try read(into: buffer, at: offset)
    return Array(buffer)
  }

  /// A `.damaged` error about this source.
  package func damaged(expected: String, found: String) -> ConfigurationError {
    ConfigurationError(.damaged, file: name, expected: expected, found: found)
  }
}

/// Bytes in memory under the name of a file.
package struct MemorySource: ByteSource {
  package let name: String
  package let content: [UInt8]
  package var size: Int { content.count }

  package init(name: String = "memory", _ content: [UInt8]) {
    self.name = name
    self.content = content
  }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ConfigurationError) {
    guard offset >= 0, buffer.count <= size, offset <= size - buffer.count else {
      throw damaged(
        expected: "\(buffer.count) bytes at offset \(offset)", found: "a file of \(size) bytes")
    }
    content.withUnsafeBytes { bytes in
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + buffer.count)]))
    }
  }
}
