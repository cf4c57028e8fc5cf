import Compute

/// The lanes of every block whose sites lie in the first or in the last slice of a direction.
///
/// Idle lanes are in no slice.
package struct BoundarySlices: Sendable {
  private let subExtents: [Int]
  private let strides: [Int]
  private let firstLanes: [UInt32]
  private let lastLanes: [UInt32]
  private let siteBlocks: Int
  private let allLanes: UInt32

  package init(_ layout: Layout) {
    let d = layout.dimension
    let geometry = layout.geometry
    subExtents = layout.subExtents
    siteBlocks = layout.siteBlocks
    allLanes = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(layout.laneCount)) - 1)
    // Blocks: last direction fastest.
    var strides = [Int](repeating: 1, count: d)
    for mu in (0..<(d - 1)).reversed() { strides[mu] = strides[mu + 1] * subExtents[mu + 1] }
    self.strides = strides
    var first = [UInt32](repeating: 0, count: d)
    var last = [UInt32](repeating: 0, count: d)
    for lane in 0..<layout.laneCount where layout.activeLaneBits >> UInt32(lane) & 1 == 1 {
      let x = geometry.coordinates(of: Int(layout.laneSite[lane]))
      for mu in 0..<d {
        if x[mu] == 0 { first[mu] |= 1 << UInt32(lane) }
        if x[mu] + subExtents[mu] == geometry.extents[mu] { last[mu] |= 1 << UInt32(lane) }
      }
    }
    firstLanes = first
    lastLanes = last
  }

  /// The lanes of block `b` with x_mu = 0.
  package func first(_ b: Int, _ mu: Int) -> UInt32 {
    b / strides[mu] % subExtents[mu] == 0 ? firstLanes[mu] : 0
  }

  /// The lanes of block `b` with x_mu = L_mu - 1.
  package func last(_ b: Int, _ mu: Int) -> UInt32 {
    b / strides[mu] % subExtents[mu] == subExtents[mu] - 1 ? lastLanes[mu] : 0
  }

  /// The lanes of every block of a group that lie in no boundary slice of an open direction, all
  /// lanes set where there is no such slice; nil for a periodic lattice.
  package func interior(_ boundary: Boundary) -> [UInt32]? {
    guard boundary.anyOpen else { return nil }
    return (0..<siteBlocks).map { b in
      var edge: UInt32 = 0
      for mu in 0..<boundary.dimension where boundary.isOpen[mu] {
        edge |= first(b, mu) | last(b, mu)
      }
      return allLanes & ~edge
    }
  }
}

/// Zeroes the matrices of a field with one matrix a direction that belong to links which do not
/// exist.
func clearMissing<V: LaneVector>(_ view: BlockView<V>, _ layout: Layout, _ boundary: Boundary) {
  setMissing(view, layout, boundary.isOpen) { $0.update(repeating: .zero, count: view.stride) }
}

/// Sets the matrices of links that leave the last slice of some directions to what `fill` writes.
func setMissing<V: LaneVector>(
  _ view: BlockView<V>, _ layout: Layout, _ directions: [Bool],
  _ fill: (UnsafeMutablePointer<V>) -> Void
) {
  guard directions.contains(true) else { return }
  let slices = BoundarySlices(layout)
  withVectorScratch(of: V.self, count: view.stride) { value in
    fill(value)
    for mu in 0..<layout.dimension where directions[mu] {
      for b in 0..<layout.siteBlocks {
        let bits = slices.last(b, mu)
        if bits == 0 { continue }
        let mask = V.mask(bits: bits)
        for group in 0..<layout.outerBatch {
          let p = view.block(group * layout.siteBlocks + b, mu)
          for k in 0..<view.stride { p[k] = V.select(mask, value[k], p[k]) }
        }
      }
    }
  }
}
