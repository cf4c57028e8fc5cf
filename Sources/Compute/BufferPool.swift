import Synchronization

/// Memory that buffers have given back, for the next one of the same size.
///
/// A training step makes and drops the same fields again and again; memory fresh from the system is
/// cleared page by page at first touch, which costs as much as a fifth of the step. What has not been
/// asked for longest makes room, so that sizes nobody uses any more do not stay.
package enum BufferPool {
  private struct Entry: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let bytes: Int
  }

  /// In the order in which they were given back.
  private struct Shelf {
    var entries: [Entry] = []
    var bytes = 0
  }

  /// Below this size the allocator is as good; above the limit memory goes back at once.
  static let smallest = 1 << 14
  package static let limit = 64 << 20
  private static let entryLimit = 128
  private static let shelf = Mutex(Shelf())

  /// Bytes that wait for their next use.
  package static var bytes: Int { shelf.withLock { $0.bytes } }

  static func take(bytes: Int) -> UnsafeMutableRawPointer? {
    guard bytes >= smallest, bytes <= limit else { return nil }
    let entry: Entry? = shelf.withLock { shelf in
      // The last one is the likeliest to be in a cache.
      guard let place = shelf.entries.lastIndex(where: { $0.bytes == bytes }) else { return nil }
      shelf.bytes -= bytes
      return shelf.entries.remove(at: place)
    }
    return entry?.pointer
  }

  /// - Returns: whether the memory was kept.
  static func give(_ pointer: UnsafeMutableRawPointer, bytes: Int) -> Bool {
    guard bytes >= smallest, bytes <= limit else { return false }
    let entry = Entry(pointer: pointer, bytes: bytes)
    let leaving = shelf.withLock { shelf in
      shelf.entries.append(entry)
      shelf.bytes += bytes
      var count = 0
      var kept = shelf.bytes
      while kept > limit || shelf.entries.count - count > entryLimit {
        kept -= shelf.entries[count].bytes
        count += 1
      }
      let leaving = Array(shelf.entries.prefix(count))
      shelf.entries.removeFirst(count)
      shelf.bytes = kept
      return leaving
    }
    for entry in leaving { entry.pointer.deallocate() }
    return true
  }
}
