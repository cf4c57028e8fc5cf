#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Opens a regular file for reading.
///
/// - Parameter failure: the error for a reason, what was expected and what was found.
/// - Returns: the descriptor, which the caller closes, and the size in bytes.
/// - Throws: `failure` of `.missing`, `.notRegular` or `.inputOutput`.
package func openRegularFile<Failure: Error>(
  _ path: String, failure: (FileFailure, _ expected: String, _ found: String) -> Failure
) throws(Failure) -> (descriptor: Int32, size: Int) {
  guard !path.isEmpty, !path.utf8.contains(0) else {
    throw failure(.missing, "a file to read", "no usable file name")
  }
  // Without O_NONBLOCK the opening of a pipe waits for a writer.
  var descriptor: Int32
  repeat {
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  } while descriptor < 0 && errno == EINTR
  guard descriptor >= 0 else { throw failure(.missing, "a file to read", systemErrorText()) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    let reason = systemErrorText()
    close(descriptor)
    throw failure(.inputOutput, "a file to read", reason)
  }
  guard status.st_mode & S_IFMT == S_IFREG else {
    close(descriptor)
    throw failure(.notRegular, "a file to read", kindOfFile(status))
  }
  return (descriptor, Int(status.st_size))
}

/// What stands under a name where a regular file should.
func kindOfFile(_ status: stat) -> String {
  status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe, socket or device"
}

/// Reads bytes at an offset until the buffer is full or the file ends.
///
/// - Returns: the bytes read; nil where the system refused, for `systemErrorText` to name.
package func readFully(
  _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
) -> Int? {
  var done = 0
  while done < buffer.count {
    let count = pread(
      descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
    if count < 0 {
      if errno == EINTR { continue }
      return nil
    }
    if count == 0 { break }
    done += count
  }
  return done
}

/// Writes all bytes, at an offset or where the last ones ended.
///
/// - Returns: false where the system refused, for `systemErrorText` to name.
package func writeFully(
  _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int? = nil
) -> Bool {
  var done = 0
  while done < bytes.count {
    let (start, rest) = (bytes.baseAddress! + done, bytes.count - done)
    let count =
      if let offset { pwrite(descriptor, start, rest, off_t(offset + done)) } else {
        write(descriptor, start, rest)
      }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return false }
    done += count
  }
  return true
}

/// Closes a descriptor of `openRegularFile`.
package func closeFile(_ descriptor: Int32) { close(descriptor) }
