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
/// Ranges of about `grain` items are claimed as threads become free, so a body must not depend on
/// which ranges it gets; sums go through `ExactSum`, which does not see the order.
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
  let next = Atomic<Int>(0)
  // As few claims as balance needs: four a thread, but never smaller than the grain.
  let chunk = max(grain, (count + 4 * workers - 1) / (4 * workers))
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let start = next.wrappingAdd(chunk, ordering: .relaxed).oldValue
      if start >= count { return }
      body(start..<min(count, start + chunk))
    }
  }
}
