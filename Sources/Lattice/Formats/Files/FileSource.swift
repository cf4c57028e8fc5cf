import Compute

/// The bytes of a regular file, read where they are asked for.
package final class FileSource: ByteSource {
  package let name: String
  package let size: Int
  private let descriptor: Int32

  /// - Throws: `.missing` for what does not exist or may not be read, `.damaged` for what is no
  ///   regular file (a folder, a pipe, a device).
  package init(_ path: String) throws(ConfigurationError) {
    name = path
    (descriptor, size) = try openRegularFile(path) { failure, expected, found in
      ConfigurationError(
        failure: failure, file: path,
        expected: failure == .notRegular ? "a configuration file" : expected, found: found)
    }
  }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ConfigurationError) {
    guard let count = readFully(descriptor, into: buffer, at: offset) else {
      throw ConfigurationError(
        .inputOutput, file: name, expected: "\(buffer.count) bytes at offset \(offset)",
        found: systemErrorText())
    }
    guard count == buffer.count else {
      throw damaged(
        expected: "\(buffer.count) bytes at offset \(offset)",
        found: "the end of the file after \(count)")
    }
  }

  deinit { closeFile(descriptor) }
}
