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
///   - failure: the error for a reason, what was expected and what was found.
///   - body: writes the content to a descriptor, which it leaves open.
/// - Throws: what `body` throws; `failure` of `.cannotCreate` where the folder or the name cannot be
///   written (a folder, a device or a pipe stands there), of `.inputOutput` where writing fails.
package func replaceFile<Failure: Error>(
  _ path: String, failure: (FileFailure, _ expected: String, _ found: String) -> Failure,
  _ body: (_ descriptor: Int32) throws(Failure) -> Void
) throws(Failure) {
  let target = try writableTarget(path, failure)
  let (temporary, descriptor) = try temporaryFile(beside: target, failure)
  var isOpen = true
  do throws(Failure) {
    try body(descriptor)
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw failure(.inputOutput, "the file on the disk", systemErrorText())
    }
    isOpen = false
    guard close(descriptor) == 0 || errno == EINTR else {
      throw failure(.inputOutput, "the file on the disk", systemErrorText())
    }
    guard rename(temporary, target) == 0 else {
      throw failure(.cannotCreate, "a name for the file", systemErrorText())
    }
  } catch {
    if isOpen { close(descriptor) }
    unlink(temporary)
    throw error
  }
  synchroniseFolder(of: target)
}

/// The folder of a path, `.` for a bare name.
private func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Where to write: the path itself, or the file a symbolic link leads to.
private func writableTarget<Failure: Error>(
  _ path: String, _ failure: (FileFailure, String, String) -> Failure
) throws(Failure) -> String {
  guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else {
    throw failure(
      .cannotCreate, "the name of a file to write",
      path.isEmpty ? "an empty name" : "the name of a folder")
  }
  var status = stat()
  guard stat(path, &status) == 0 else { return path }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw failure(.cannotCreate, "the name of a file to write", kindOfFile(status))
  }
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// A new empty file in the folder of the target.
private func temporaryFile<Failure: Error>(
  beside target: String, _ failure: (FileFailure, String, String) -> Failure
) throws(Failure) -> (path: String, descriptor: Int32) {
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
  throw failure(
    isFull ? .inputOutput : .cannotCreate, "a folder to write in", systemErrorText())
}

/// Makes the rename durable where the file system can; not every one lets a folder be synchronised.
private func synchroniseFolder(of path: String) {
  let descriptor = open(folder(of: path), O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}
