import Compute

/// Calls `body` for ranges of blocks of one group of batch members, in parallel.
///
/// - Parameter work: vectors touched per block, from which the size of a chunk follows.
@inlinable
public func forEachBlockRange<V: LaneVector>(
  _ layout: Layout, work: Int, scratch: Int, of: V.Type,
  _ body:
    @Sendable (_ group: Int, _ blocks: Range<Int>, _ scratch: UnsafeMutablePointer<V>) -> Void
) {
  let perGroup = layout.siteBlocks
  parallelFor(layout.blockCount, grain: max(4, 65536 / max(1, work))) { range in
    withVectorScratch(of: V.self, count: scratch) { memory in
      var start = range.lowerBound
      while start < range.upperBound {
        let group = start / perGroup
        let end = min(range.upperBound, (group + 1) * perGroup)
        body(group, (start - group * perGroup)..<(end - group * perGroup), memory)
        start = end
      }
    }
  }
}
