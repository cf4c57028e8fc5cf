import Compute
import Lattice

/// Calls `body` for ranges of blocks such that it may also add to blocks up to two steps upward from
/// them, in any direction: whatever it adds to one place comes in the same order for any number of
/// threads.
///
/// The blocks are divided into slabs two steps thick along the longest direction. First every other
/// slab, which reaches into its successor only, then those between, and last one that is left over
/// where their number is odd. The division depends on the layout alone.
func forEachScatterRange<V: LaneVector>(
  _ layout: Layout, scratch: Int, of: V.Type,
  _ body:
    @Sendable (_ group: Int, _ blocks: Range<Int>, _ scratch: UnsafeMutablePointer<V>) -> Void
) {
  let extents = layout.subExtents
  let longest = extents.max()!
  let direction = extents.firstIndex(of: longest)!
  let outer = extents[..<direction].reduce(1, *)
  let inner = extents[(direction + 1)...].reduce(1, *)
  let count = max(1, longest / 2)
  let closing = count > 1 && count % 2 == 1 ? count - 1 : count
  let phases = [
    Array(stride(from: 0, to: closing, by: 2)), Array(stride(from: 1, to: closing, by: 2)),
    Array(closing..<count),
  ]
  for slabs in phases where !slabs.isEmpty {
    parallelFor(slabs.count * layout.outerBatch, grain: 1) { range in
      withVectorScratch(of: V.self, count: scratch) { memory in
        for index in range {
          let slab = slabs[index % slabs.count]
          let end = slab == count - 1 ? longest : 2 * slab + 2
          for k in 0..<outer {
            let base = k * longest
            body(
              index / slabs.count, ((base + 2 * slab) * inner)..<((base + end) * inner), memory)
          }
        }
      }
    }
  }
}

extension BlockView {
  /// Adds `factor` times one element to the one at a neighbour entry of the block that the lanes
  /// of the element belong to.
  ///
  /// - Parameters:
  ///   - back: the entry that leads from the neighbour back, whose code undoes the exchange.
  ///   - scratch: one element.
  @inline(__always)
  func add(
    _ element: UnsafeMutablePointer<V>, times factor: V, to entry: UInt32, _ mu: Int,
    back: UInt32, scratch: UnsafeMutablePointer<V>
  ) {
    let destination = block(Int(entry >> 4), mu)
    var source = element
    if !_fastPath(entry & 15 == 0) {
      permute(scratch, element, code: Int(back & 15))
      source = scratch
    }
    for k in 0..<stride { destination[k] = multiplyAdd(source[k], factor, destination[k]) }
  }
}
