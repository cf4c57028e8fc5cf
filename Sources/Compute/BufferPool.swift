import Synchronization

/// Memory that buffers have given back, for the next one of the same size.
///
/// A training step makes and drops the same fields again and again; memory fresh from the system is
/// cleared page by page at first touch, which costs as much as a tenth of the step.
enum BufferPool {
  private struct Shelf {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var bytes = 0
  }

  /// Below this size the allocator is as good; above the limit memory goes back at once.
  private static let smallest = 1 << 16
  private static let limit = 64 << 20
  private static let shelf = Mutex(Shelf())

  static func take(bytes: Int) -> UnsafeMutableRawPointer? {
    guard bytes >= smallest, bytes <= limit else { return nil }
    let handle: Handle? = shelf.withLock { shelf in
      guard let pointer = shelf.free[bytes]?.popLast() else { return nil }
      shelf.bytes -= bytes
      return Handle(pointer)
    }
    return handle?.pointer
  }

  /// - Returns: whether the memory was kept.
  static func give(_ pointer: UnsafeMutableRawPointer, bytes: Int) -> Bool {
    guard bytes >= smallest, bytes <= limit else { return false }
    let handle = Handle(pointer)
    return shelf.withLock { shelf in
      guard shelf.bytes + bytes <= limit else { return false }
      shelf.free[bytes, default: []].append(handle.pointer)
      shelf.bytes += bytes
      return true
    }
  }

  private struct Handle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
  }
}
