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

  /// Memory whose contents are undefined.
  public init(uninitialized count: Int) {
    let hugePage = 2 << 20
    var bytes = max(1, count) * MemoryLayout<Element>.stride
    var alignment = 4096
    if bytes >= hugePage {
      alignment = hugePage
      bytes = (bytes + hugePage - 1) & ~(hugePage - 1)
    }
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
    #if os(Linux)
      if alignment == hugePage { madvise(raw, bytes, transparentHugePage) }
    #endif
    pointer = raw.bindMemory(to: Element.self, capacity: max(1, count))
    self.count = count
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

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
