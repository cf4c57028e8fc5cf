import Compute
import Testing

@Suite("Memory of buffers is used again")
struct BufferPoolTests {
  /// Sizes that nothing else in the tests asks for.
  private let count = 3 * 4096 + 17

  @Test("live buffers never share memory, in any order of release, from many threads")
  func separate() {
    parallelFor(64, grain: 1) { range in
      for k in range {
        var live = [AlignedBuffer<UInt64>]()
        for round in 0..<50 {
          let mark = UInt64(k * 1000 + round)
          live.append(AlignedBuffer(repeating: mark, count: 4096 * (1 + (k + round) % 3)))
          if live.count > 4 { live.remove(at: (k * 7 + round) % live.count) }
          for buffer in live {
            let first = buffer.pointer[0]
            #expect(first / 1000 == UInt64(k))
            #expect(buffer.pointer[buffer.count / 2] == first)
            #expect(buffer.pointer[buffer.count - 1] == first)
          }
        }
      }
    }
  }

  @Test("a buffer of a size that was given back takes that memory")
  func reuse() {
    var addresses = Set<UInt>()
    for _ in 0..<20 {
      let buffer = AlignedBuffer<Double>(repeating: 1, count: count)
      addresses.insert(UInt(bitPattern: buffer.pointer))
    }
    // Other tests may push it out now and then.
    #expect(addresses.count < 10)
  }

  @Test("what is kept stays below the limit, and old sizes make room for new ones")
  func eviction() {
    // More than the limit of sizes that are never asked for again.
    for k in 0..<40 { _ = AlignedBuffer<UInt8>(uninitialized: (2 << 20) + k * (2 << 20)) }
    #expect(BufferPool.bytes <= BufferPool.limit)
    reuse()
  }

  @Test("contents of a repeated element are complete in memory used before")
  func contents() {
    for k in 0..<10 {
      let buffer = AlignedBuffer<Int>(repeating: k, count: count)
      #expect((0..<count).allSatisfy { buffer.pointer[$0] == k })
    }
  }

  @Test("a copy is memory of its own")
  func copies() {
    let buffer = AlignedBuffer<Int>(repeating: 1, count: count)
    let copy = buffer.copy()
    copy.pointer[0] = 2
    #expect(buffer.pointer[0] == 1 && copy.pointer[count - 1] == 1)
    #expect(buffer.pointer != copy.pointer)
  }
}
