import Compute
import Synchronization

/// Exact sums over the sites of every batch member.
///
/// `body` adds to `quantities` lane sums for a range of blocks of one group of members, at most 32
/// vectors a block and quantity. Sums are exact, so neither threads nor the division into lanes show in the result.
///
/// - Parameters:
///   - grain: blocks worth about 50 microseconds.
///   - scratch: vectors of scratch memory that each call of `body` gets.
/// - Returns: [member][quantity], the sums over sites.
@inlinable
public func reduceBlocks<V: LaneVector>(
  _ layout: Layout, quantities: Int, grain: Int, scratch: Int, of: V.Type,
  _ body:
    @Sendable (
      _ group: Int, _ blocks: Range<Int>, _ sums: UnsafeMutablePointer<LaneSum<V>>,
      _ scratch: UnsafeMutablePointer<V>
    ) -> Void
) -> [[Double]] {
  // Values of members that were summed at once, and sums of those that were in parts.
  let totals = Mutex(
    (
      values: [[Double]](
        repeating: [Double](repeating: 0, count: quantities), count: layout.batch),
      parts: [Int: [ExactSum]]()
    ))
  let perGroup = layout.siteBlocks
  parallelFor(layout.blockCount, grain: grain) { range in
    withVectorScratch(of: V.self, count: scratch) { memory in
      let sums = UnsafeMutablePointer<LaneSum<V>>.allocate(capacity: quantities)
      defer { sums.deallocate() }
      var start = range.lowerBound
      while start < range.upperBound {
        let group = start / perGroup
        // A lane sum is exact for 2^20 terms, of which a block adds at most 28 to a quantity: the
        // planes of eight dimensions.
        let end = min(range.upperBound, (group + 1) * perGroup, start + 1 << 15)
        sums.initialize(repeating: LaneSum(), count: quantities)
        body(
          group, (start - group * perGroup)..<(end - group * perGroup), sums, memory)
        // Members with one lane each, which small lattices in large batches have.
        let isWhole = end - start == perGroup && layout.batchLanes == layout.laneCount
        var local = [Int: [ExactSum]]()
        for lane in 0..<(isWhole ? 0 : layout.laneCount) {
          guard let member = layout.member(block: start, lane: lane) else { continue }
          for q in 0..<quantities {
            sums[q].addLane(
              lane, to: &local[member, default: Array(repeating: ExactSum(), count: quantities)][q]
            )
          }
        }
        totals.withLock { totals in
          for lane in 0..<(isWhole ? layout.laneCount : 0) {
            guard let member = layout.member(block: start, lane: lane) else { continue }
            for q in 0..<quantities { totals.values[member][q] = sums[q].value(lane: lane) }
          }
          for (member, values) in local {
            for q in 0..<quantities {
              totals.parts[
                member, default: Array(repeating: ExactSum(), count: quantities)][q].add(values[q])
            }
          }
        }
        start = end
      }
    }
  }
  return totals.withLock { totals in
    for (member, sums) in totals.parts { totals.values[member] = sums.map(\.value) }
    return totals.values
  }
}

/// Scratch memory for vectors, aligned to a cache line.
///
/// From the heap on purpose: in a function with a dynamic stack allocation the compiler inlines no C
/// function, and the multiply-add of the kernels is one.
@inlinable @inline(__always)
public func withVectorScratch<V: LaneVector>(
  of: V.Type, count: Int, _ body: (UnsafeMutablePointer<V>) -> Void
) {
  let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 64, alignment: 64)
  defer { raw.deallocate() }
  body(raw.bindMemory(to: V.self, capacity: max(1, count)))
}
