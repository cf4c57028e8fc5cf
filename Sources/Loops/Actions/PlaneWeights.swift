import Compute
import Lattice

/// Coupling times weight of the plaquettes P_mu_nu(x) of every block of sites, times a factor: one
/// vector for every plane mu < nu in lexicographic order.
///
/// The weight is that of `WilsonAction.boundaryWeight`; it depends on x only through directions
/// outside the plane, so the plaquettes above and below a link in one plane share it. Where no
/// weight differs from 1, all blocks share one row.
package struct PlaneWeights<V: LaneVector>: @unchecked Sendable {
  private let buffer: AlignedBuffer<V>
  /// From the row of a block to that of the next one: the number of planes, or 0 where all blocks
  /// share one row.
  package let blockStride: Int

  /// - Parameter scale: a factor of all vectors.
  package init(action: WilsonAction, layout: Layout, boundary: Boundary, scale: Double) {
    let d = layout.dimension
    precondition(
      action.dimension == d && boundary.dimension == d,
      "action and boundary need the dimension of the lattice")
    let planes = layout.geometry.planes
    let common = action.couplings.map { V.Scalar(scale * $0) }
    guard action.hasBoundaryWeights(boundary) else {
      blockStride = 0
      buffer = AlignedBuffer(uninitialized: planes.count)
      for (plane, value) in common.enumerated() {
        buffer.pointer[plane] = V(repeating: value)
      }
      return
    }
    blockStride = planes.count
    buffer = AlignedBuffer(uninitialized: layout.siteBlocks * planes.count)
    let slices = BoundarySlices(layout)
    let open = (0..<d).filter { boundary.isOpen[$0] }
    for b in 0..<layout.siteBlocks {
      let edges = open.map { slices.first(b, $0) | slices.last(b, $0) }
      for (plane, (mu, nu)) in planes.enumerated() {
        var value = V(repeating: common[plane])
        if edges.contains(where: { $0 != 0 }) {
          for lane in 0..<V.scalarCount {
            var x = scale * action.couplings[plane]
            for (rho, edge) in zip(open, edges)
            where rho != mu && rho != nu && edge >> UInt32(lane) & 1 == 1 {
              x *= action.boundaryWeight
            }
            value[lane] = V.Scalar(x)
          }
        }
        buffer.pointer[b * planes.count + plane] = value
      }
    }
  }

  /// The row of block 0; valid while this value lives.
  package var pointer: UnsafePointer<V> { UnsafePointer(buffer.pointer) }

  /// The vectors of a block of one group of members; valid while this value lives.
  package func row(_ block: Int) -> UnsafePointer<V> { pointer + block &* blockStride }
}
