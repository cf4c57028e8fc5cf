import Compute
import Synchronization
import Testing

@Suite("Parallel loops", .serialized)
struct ParallelTests {
  @Test("every item once, for any number of threads", arguments: [1, 2, 3, 7])
  func coverage(_ threads: Int) {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = threads
    for count in [0, 1, 2, 5, 64, 1000, 1001] {
      for grain in [1, 3, 64, 5000] {
        let seen = Mutex([Int](repeating: 0, count: count))
        parallelFor(count, grain: grain) { range in
          seen.withLock { seen in for k in range { seen[k] += 1 } }
        }
        #expect(seen.withLock { $0 }.allSatisfy { $0 == 1 })
      }
    }
  }

  @Test("memory is aligned and copies are separate")
  func buffers() {
    for count in [0, 1, 1000, 1 << 19] {
      let a = AlignedBuffer<Double>(repeating: 2, count: count)
      #expect(Int(bitPattern: a.pointer) % 4096 == 0)
      let b = a.copy()
      if count > 0 {
        b.pointer[count - 1] = 3
        #expect(a.pointer[count - 1] == 2)
      }
    }
  }
}
