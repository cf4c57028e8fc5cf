#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An advisory lock on a folder, which the system releases when the process ends, however it ends.
package final class FolderLock {
  private let descriptor: Int32
  /// Whether this process has the lock.
  package let isHeld: Bool

  package init(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    // A file system without locks must not keep anyone from working.
    isHeld = descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
