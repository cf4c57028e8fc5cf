import Compute
import Lattice

/// The division of a batch of lattices into slabs along direction 0, and of these into parts, one
/// thread each at a time.
///
/// It depends on the lattice alone: sums over a part, added in the order of the parts, come out the same
/// for any number of threads. What a slab scatters into its neighbours it keeps in memory of
/// its own, the halo.
struct SlabParts: Sendable {
  struct Slab: Sendable {
    let group: Int
    let slices: Range<Int>
  }

  let slabs: [Slab]
  /// Ranges of slabs.
  let parts: [Range<Int>]
  /// Slabs of one group of batch members.
  let perGroup: Int
  let sliceBlocks: Int
  private let slices: Int
  private let reach: (up: Int, down: Int)

  init(_ layout: Layout, reach: (up: Int, down: Int)) {
    slices = layout.subExtents[0]
    sliceBlocks = layout.siteBlocks / slices
    self.reach = reach
    let wanted = (Self.fewestSlabs + layout.outerBatch - 1) / layout.outerBatch
    let perGroup = min(slices, max(1, wanted))
    self.perGroup = perGroup
    slabs = (0..<layout.outerBatch).flatMap { [slices] group in
      (0..<perGroup).map {
        Slab(group: group, slices: ($0 * slices / perGroup)..<(($0 + 1) * slices / perGroup))
      }
    }
    let (count, parts) = (slabs.count, min(Self.mostParts, slabs.count))
    self.parts = (0..<parts).map { ($0 * count / parts)..<(($0 + 1) * count / parts) }
  }

  /// Whether slabs need halos.
  var needsHalo: Bool { perGroup > 1 && reach.up + reach.down > 0 }

  /// Slices beyond its own that a slab writes to.
  func haloCount(_ slab: Slab) -> Int {
    min(slices - slab.slices.count, reach.up + reach.down)
  }

  /// The place of a slice in the halo of a slab, upward ones first; nil for its own slices and those
  /// that it does not reach.
  @inline(__always)
  func haloPlace(_ slice: Int, of slab: Slab) -> Int? {
    var beyond = slice &- slab.slices.upperBound
    if beyond < 0 { beyond &+= slices }
    let others = slices &- slab.slices.count
    guard beyond < others else { return nil }
    if others <= reach.up &+ reach.down { return beyond }
    if beyond < reach.up { return beyond }
    let below = others &- 1 &- beyond
    return below < reach.down ? reach.up &+ below : nil
  }

  /// Slabs for a few threads to share evenly.
  private static let fewestSlabs = 8
  /// So that sums over parts stay small beside the fields.
  private static let mostParts = 32
}
