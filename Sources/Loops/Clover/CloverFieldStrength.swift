import Compute
import Lattice

extension LinkField {
  /// The clover field strength, one channel for every plane mu < nu in lexicographic order, a
  /// hermitian traceless matrix (U(1): a real number, no trace removed).
  ///
  /// F_mu_nu(x) = (C - C^dagger) / (8i) less its trace, C the sum of the four plaquettes of the plane
  /// based at x, walked counter-clockwise; F = -i G^a T^a in the continuum sense g a^2 F, so that
  /// tr F F = 1/2 G^a G^a for each plane (Sheikholeslami and Wohlert, Nucl. Phys. B 259 (1985) 572).
  /// On the boundary slices of an open direction C is the sum of the plaquettes that exist.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func cloverFieldStrength() -> SiteField<Scalar> {
    var result = SiteField<Scalar>(
      uninitialized: layout, group: group, channels: geometry.planes.count)
    withMatrixKernel(
      n: group.n, CloverBlocks(links: view, result: result.mutableView, layout: layout))
    return result
  }
}

private struct CloverBlocks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let result: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    let d = layout.dimension
    forEachBlockRange(layout, work: 20 * s * result.perSite, scratch: 6 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, w) = (links.offset(byBlocks: first), result.offset(byBlocks: first))
      let sum = scratch + 5 * s
      let quarter = V(repeating: 0.25)
      for b in blocks {
        var plane = 0
        for mu in 0..<d {
          for nu in (mu + 1)..<max(d, mu + 1) {
            cloverLeaves(kernel, u, sum, block: b, mu, nu, scratch: scratch)
            kernel.projectAlgebra(sum, sum)
            // Times -i/4.
            let f = w.block(b, plane)
            for k in 0..<(s / 2) {
              f[2 * k] = sum[2 * k + 1] * quarter
              f[2 * k + 1] = -(sum[2 * k] * quarter)
            }
            plane += 1
          }
        }
      }
    }
  }
}
