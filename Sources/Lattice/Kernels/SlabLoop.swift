import Compute

/// Calls `body` for ranges of blocks, in parallel, such that no two calls at a time can meet although
/// each may write up to `reach` slices of direction 0 beyond its own.
///
/// Slices are divided into slabs by the lattice alone, never by the number of threads: first all
/// slabs but their last `reach` slices, then those. Sums that are scattered into neighbours
/// therefore come out bit for bit the same for any number of threads.
///
/// - Parameter work: vectors touched per block, from which follows whether threads pay.
public func forEachSlab<V: LaneVector>(
  _ layout: Layout, reach: Int, work: Int, scratch: Int, of: V.Type,
  _ body:
    @Sendable (_ group: Int, _ blocks: Range<Int>, _ scratch: UnsafeMutablePointer<V>) -> Void
) {
  let slices = layout.subExtents[0]
  let sliceBlocks = layout.siteBlocks / slices
  let slabs = max(1, slices / max(slabThickness, 2 * reach))
  let parts = slabs * layout.outerBatch
  let grain = max(1, 65536 / max(1, work * layout.siteBlocks / slabs))
  for phase in 0..<(slabs == 1 ? 1 : 2) {
    parallelFor(parts, grain: grain) { range in
      withVectorScratch(of: V.self, count: scratch) { memory in
        for part in range {
          let slab = part % slabs
          let (start, end) = (slab * slices / slabs, (slab + 1) * slices / slabs)
          let edge = slabs == 1 ? end : end - reach
          let range = phase == 0 ? start..<edge : edge..<end
          body(
            part / slabs, (range.lowerBound * sliceBlocks)..<(range.upperBound * sliceBlocks),
            memory)
        }
      }
    }
  }
}

/// Slices of a slab: thin enough for many threads, thick enough that few slices are visited twice.
private let slabThickness = 4
