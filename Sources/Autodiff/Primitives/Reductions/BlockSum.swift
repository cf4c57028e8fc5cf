import Compute

/// Elements that are added up before the exact sum; fixed, so that threads cannot show.
private let blockCount = 1024

/// The sum of a function of all elements: blocks of 1024 by lanes, the blocks exactly.
///
/// - Parameter term: one vector of the terms, from how elements are loaded; zero for zeros.
@inline(__always)
func blockSum<V: LaneVector>(
  count: Int, of: V.Type, _ term: @Sendable (_ load: (LaneReader<V>) -> V) -> V
) -> Double {
  let blocks = (count + blockCount - 1) / blockCount
  let sums = [Double](unsafeUninitializedCapacity: blocks) { target, filled in
    filled = blocks
    nonisolated(unsafe) let target = target
    parallelFor(blocks, grain: 64) { range in
      for block in range {
        let (start, end) = (block * blockCount, min(count, (block + 1) * blockCount))
        var sum = V.zero
        var i = start
        while i + V.scalarCount <= end {
          sum = sum + term { $0.whole(at: i) }
          i += V.scalarCount
        }
        if i < end { sum = sum + term { $0.part(at: i, count: end - i) } }
        var total = 0.0
        for lane in 0..<V.scalarCount { total += Double(sum[lane]) }
        target[block] = total
      }
    }
  }
  return exactSum(sums)
}
