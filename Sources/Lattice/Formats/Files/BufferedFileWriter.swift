import Compute

/// Writes a file front to back through a buffer; made by `writeFileAtomically`.
public struct BufferedFileWriter: ~Copyable {
  /// Bytes written so far.
  public private(set) var position = 0
  private let file: String
  private let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer
  private var filled = 0

  init(file: String, descriptor: Int32) {
    self.file = file
    self.descriptor = descriptor
    buffer = .allocate(byteCount: 1 << 20, alignment: 4096)
  }

  deinit { buffer.deallocate() }

  /// Appends bytes.
  ///
  /// - Throws: `.inputOutput`, for a full disk among others.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ConfigurationError) {
    position += bytes.count
    if bytes.count >= buffer.count {
      try flush()
      try put(bytes, at: nil)
      return
    }
    if bytes.count > buffer.count - filled { try flush() }
    if bytes.count > 0 {
      (buffer.baseAddress! + filled).copyMemory(
        from: bytes.baseAddress!, byteCount: bytes.count)
    }
    filled += bytes.count
  }

  /// Appends bytes.
  public mutating func write(_ bytes: [UInt8]) throws(ConfigurationError) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    try write(UnsafeRawBufferPointer(copy))
  }

  /// Appends text in UTF-8.
  public mutating func write(_ text: String) throws(ConfigurationError) {
    try write(Array(text.utf8))
  }

  /// Replaces bytes written earlier: for a header that knows its checksum only at the end.
  mutating func overwrite(_ bytes: [UInt8], at offset: Int) throws(ConfigurationError) {
    precondition(offset >= 0 && offset + bytes.count <= position)
    try flush()
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    try put(UnsafeRawBufferPointer(copy), at: offset)
  }

  mutating func flush() throws(ConfigurationError) {
    let count = filled
    filled = 0
    try put(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: nil)
  }

  private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int?) throws(ConfigurationError) {
    guard writeFully(descriptor, bytes, at: offset) else {
      throw ConfigurationError(
        .inputOutput, file: file, expected: "room for \(position) bytes",
        found: systemErrorText())
    }
  }
}
