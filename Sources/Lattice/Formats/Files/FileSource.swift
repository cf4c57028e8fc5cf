#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a regular file, read where they are asked for.
package final class FileSource: ByteSource {
  package let name: String
  package let size: Int
  private let descriptor: Int32

  /// - Throws: `.missing` for what does not exist or may not be read, `.damaged` for what is no
  ///   regular file (a folder, a pipe, a device).
  package init(_ path: String) throws(ConfigurationError) {
    name = path
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw ConfigurationError(
        .missing, file: path, expected: "a file to read", found: "no usable file name")
    }
    // Without O_NONBLOCK the opening of a pipe waits for a writer.
    var descriptor: Int32
    repeat {
      descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else {
      throw ConfigurationError(
        .missing, file: path, expected: "a file to read", found: errorText(errno).lowercased())
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = errorText(errno)
      close(descriptor)
      throw ConfigurationError(
        .inputOutput, file: path, expected: "a file to read", found: reason.lowercased())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw ConfigurationError(
        .damaged, file: path, expected: "a configuration file",
        found: isFolder ? "a folder" : "a pipe, socket or device")
    }
    size = Int(status.st_size)
    self.descriptor = descriptor
  }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ConfigurationError) {
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw ConfigurationError(
          .inputOutput, file: name, expected: "\(buffer.count) bytes at offset \(offset)",
          found: errorText(errno).lowercased())
      }
      guard count > 0 else {
        throw damaged(
          expected: "\(buffer.count) bytes at offset \(offset)",
          found: "the end of the file after \(done)")
      }
      done += count
    }
  }

  deinit { close(descriptor) }
}

/// The system's text for an error number.
func errorText(_ number: Int32) -> String {
  var text = [CChar](repeating: 0, count: 256)
  // Glibc and Darwin disagree about strerror_r; strerror itself is fine for one short message.
  guard let message = strerror(number) else { return "error \(number)" }
  strncpy(&text, message, 255)
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
