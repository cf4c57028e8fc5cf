import Dispatch
import Foundation
import Synchronization

/// How many threads the package's loops use; results do not depend on it.
public enum Threads {
  private static let stored = Atomic<Int>(0)

  /// Threads used by every loop from now on; the number of cores until it is set.
  public static var count: Int {
    get {
      let value = stored.load(ordering: .relaxed)
      return value > 0 ? value : max(1, ProcessInfo.processInfo.activeProcessorCount)
    }
    set { stored.store(max(1, newValue), ordering: .relaxed) }
  }
}

/// Calls `body` on ranges that cover `0..<count` once, on `Threads.count` threads.
///
/// Every thread begins with a share of its own, the same from call to call, which its core may still
/// have in the cache, and then helps the others. A body must not depend on which ranges it gets;
/// sums go through `ExactSum`, which does not see the order.
///
/// - Parameter grain: items worth about 50 microseconds or more.
public func parallelFor(
  _ count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void
) {
  let grain = max(1, grain)
  let workers = min(Threads.count, (count + grain - 1) / grain)
  if workers <= 1 {
    if count > 0 { body(0..<count) }
    return
  }
  // As few claims as balance needs: four a thread, but never smaller than the grain.
  let chunk = max(grain, (count + 4 * workers - 1) / (4 * workers))
  let next = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: workers)
  for worker in 0..<workers { (next + worker).initialize(to: Atomic(worker * count / workers)) }
  defer {
    next.deinitialize(count: workers)
    next.deallocate()
  }
  nonisolated(unsafe) let shares = next
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    for offset in 0..<workers {
      let share = (worker + offset) % workers
      let end = (share + 1) * count / workers
      while true {
        let start = shares[share].wrappingAdd(chunk, ordering: .relaxed).oldValue
        if start >= end { break }
        body(start..<min(end, start + chunk))
      }
    }
  }
}
