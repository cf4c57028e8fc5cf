#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// MADV_HUGEPAGE of Linux, which the C library's module does not export everywhere.
private let transparentHugePage: Int32 = 14

/// Page-aligned memory of trivial elements, freed with its last owner.
///
/// From 2 MiB on it is aligned to 2 MiB and huge pages are asked for: at 16^4 a field is walked in
/// many streams at once and page walks cost more than the transfers.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  /// The first element. Whoever writes through it must be the buffer's only user.
  public let pointer: UnsafeMutablePointer<Element>
  /// Elements.
  public let count: Int
  private let bytes: Int

  /// Memory whose contents are undefined.
  public init(uninitialized count: Int) {
    let hugePage = 2 << 20
    var bytes = (max(1, count) * MemoryLayout<Element>.stride + 4095) & ~4095
    var alignment = 4096
    if bytes >= hugePage {
      alignment = hugePage
      bytes = (bytes + hugePage - 1) & ~(hugePage - 1)
    }
    let raw =
      BufferPool.take(bytes: bytes) ?? Self.allocate(bytes: bytes, alignment: alignment)
    self.bytes = bytes
    pointer = raw.bindMemory(to: Element.self, capacity: max(1, count))
    self.count = count
  }

  private static func allocate(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
    #if os(Linux)
      if alignment > 4096 { madvise(raw, bytes, transparentHugePage) }
    #endif
    return raw
  }

  /// Memory filled with one element.
  public convenience init(repeating element: Element, count: Int) {
    self.init(uninitialized: count)
    pointer.update(repeating: element, count: count)
  }

  /// A copy of the same size.
  public func copy() -> AlignedBuffer<Element> {
    let other = AlignedBuffer(uninitialized: count)
    other.pointer.update(from: pointer, count: count)
    return other
  }

  deinit {
    let raw = UnsafeMutableRawPointer(pointer)
    if !BufferPool.give(raw, bytes: bytes) { raw.deallocate() }
  }
}
