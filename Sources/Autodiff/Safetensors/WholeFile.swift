#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// All bytes of a regular file.
func readFile(_ path: String) throws(SafetensorsError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw SafetensorsError(
      .missing, file: path, expected: "a file to read", found: systemErrorText())
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw SafetensorsError(
      .missing, file: path, expected: "a file to read", found: "a folder, pipe or device")
  }
  let size = Int(status.st_size)
  var failure: SafetensorsError?
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = read(descriptor, buffer.baseAddress! + count, size - count)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        failure = SafetensorsError(
          .inputOutput, file: path, expected: "\(size) bytes",
          found: got < 0 ? systemErrorText() : "\(count)")
        return
      }
      count += got
    }
  }
  if let failure { throw failure }
  return bytes
}

/// Writes a file under a temporary name in the same folder and gives it its own name when all of
/// it is on the disk; on failure nothing is left and what stood under the name still does.
///
/// A symbolic link is followed, so that the link itself stays.
func writeFileAtomically(_ path: String, _ bytes: [UInt8]) throws(SafetensorsError) {
  func failure(_ kind: SafetensorsError.Kind, _ found: String) -> SafetensorsError {
    SafetensorsError(kind, file: path, expected: "the file on the disk", found: found)
  }
  guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else {
    throw failure(.cannotCreate, path.isEmpty ? "an empty name" : "the name of a folder")
  }
  var target = path
  var status = stat()
  if stat(path, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw failure(.cannotCreate, "a folder, pipe or device under this name")
    }
    if let resolved = realpath(path, nil) {
      target = String(cString: resolved)
      free(resolved)
    }
  }
  var folder = "."
  if let slash = target.lastIndex(of: "/") {
    folder = slash == target.startIndex ? "/" : String(target[..<slash])
  }
  var generator = SystemRandomNumberGenerator()
  let tag = String(generator.next() as UInt64, radix: 36)
  let temporary = "\(folder)/.partial-\(getpid())-\(tag)"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw failure(.cannotCreate, systemErrorText()) }
  guard writeAll(descriptor, bytes), fsync(descriptor) == 0 || errno == EINVAL else {
    let text = systemErrorText()
    close(descriptor)
    unlink(temporary)
    throw failure(.inputOutput, text)
  }
  guard close(descriptor) == 0 || errno == EINTR, rename(temporary, target) == 0 else {
    let text = systemErrorText()
    unlink(temporary)
    throw failure(.inputOutput, text)
  }
  // The rename is durable with the folder, which not every file system can synchronise.
  let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC)
  if folderDescriptor >= 0 {
    fsync(folderDescriptor)
    close(folderDescriptor)
  }
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = write(descriptor, buffer.baseAddress! + done, buffer.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}

private func systemErrorText() -> String { String(cString: strerror(errno)).lowercased() }
