#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes a file under a temporary name in the same folder and gives it its own name when all of
/// it is on the disk; on failure nothing is left and what stood under the name still does.
///
/// - Parameters:
///   - path: the final name. A symbolic link is followed, so that the link itself stays.
///   - body: writes the content.
/// - Throws: what `body` throws; `.cannotCreate` where the folder or the name cannot be written
///   (a folder, a device or a pipe stands there); `.inputOutput` where writing fails.
public func writeFileAtomically(
  _ path: String, _ body: (inout BufferedFileWriter) throws(ConfigurationError) -> Void
) throws(ConfigurationError) {
  let target = try writableTarget(path)
  let (temporary, descriptor) = try temporaryFile(beside: target, file: path)
  var isOpen = true
  do throws(ConfigurationError) {
    var writer = BufferedFileWriter(file: path, descriptor: descriptor)
    try body(&writer)
    try writer.flush()
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw ConfigurationError(
        .inputOutput, file: path, expected: "the file on the disk", found: systemError())
    }
    isOpen = false
    guard close(descriptor) == 0 || errno == EINTR else {
      throw ConfigurationError(
        .inputOutput, file: path, expected: "the file on the disk", found: systemError())
    }
    guard rename(temporary, target) == 0 else {
      throw ConfigurationError(
        .cannotCreate, file: path, expected: "a name for the file", found: systemError())
    }
  } catch {
    if isOpen { close(descriptor) }
    unlink(temporary)
    throw error
  }
  synchroniseFolder(of: target)
}

private func systemError() -> String { errorText(errno).lowercased() }

/// The folder of a path, `.` for a bare name.
private func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Where to write: the path itself, or the file a symbolic link leads to.
private func writableTarget(_ path: String) throws(ConfigurationError) -> String {
  guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else {
    throw ConfigurationError(
      .cannotCreate, file: path, expected: "the name of a file to write",
      found: path.isEmpty ? "an empty name" : "the name of a folder")
  }
  var status = stat()
  guard stat(path, &status) == 0 else { return path }
  guard status.st_mode & S_IFMT == S_IFREG else {
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    throw ConfigurationError(
      .cannotCreate, file: path, expected: "the name of a file to write",
      found: isFolder ? "a folder" : "a pipe, socket or device")
  }
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// A new empty file in the folder of the target.
private func temporaryFile(
  beside target: String, file: String
) throws(ConfigurationError) -> (path: String, descriptor: Int32) {
  var generator = SystemRandomNumberGenerator()
  let directory = folder(of: target)
  for _ in 0..<100 {
    // Short and independent of the target, whose name may be as long as names may be.
    let tag = String(generator.next() as UInt64, radix: 36)
    let path = "\(directory)/.partial-\(getpid())-\(tag)"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor >= 0 { return (path, descriptor) }
    if errno != EEXIST && errno != EINTR { break }
  }
  let isFull = errno == ENOSPC || errno == EDQUOT || errno == EIO
  throw ConfigurationError(
    isFull ? .inputOutput : .cannotCreate, file: file,
    expected: "a folder to write in", found: systemError())
}

/// Makes the rename durable where the file system can; not every one lets a folder be synchronised.
private func synchroniseFolder(of path: String) {
  let descriptor = open(folder(of: path), O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}
