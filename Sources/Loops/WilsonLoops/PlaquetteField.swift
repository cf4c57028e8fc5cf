import Compute
import Lattice

extension LinkField {
  /// The untraced plaquettes, one channel for every plane mu < nu in lexicographic order:
  /// P_mu_nu(x) = U_mu(x) U_nu(x+mu) U_mu(x+nu)^dagger U_nu(x)^dagger.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func plaquetteField() -> SiteField<Scalar> {
    var result = SiteField<Scalar>(
      uninitialized: layout, group: group, channels: geometry.planes.count)
    withMatrixKernel(
      n: group.n, PlaquetteBlocks(links: view, result: result.mutableView, layout: layout))
    return result
  }
}

private struct PlaquetteBlocks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let result: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    let d = layout.dimension
    forEachBlockRange(layout, work: 4 * s * result.perSite, scratch: 4 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, w) = (links.offset(byBlocks: first), result.offset(byBlocks: first))
      let up = u.layout.up
      let (e, f) = (scratch + 2 * s, scratch + 3 * s)
      for b in blocks {
        var plane = 0
        for mu in 0..<d {
          for nu in (mu + 1)..<max(d, mu + 1) {
            let right = u.fetch(up[b * d + mu], nu, scratch: scratch)
            let top = u.fetch(up[b * d + nu], mu, scratch: scratch + s)
            kernel.multiply(e, u.block(b, mu), right)
            kernel.multiply(f, u.block(b, nu), top)
            kernel.multiplyAdjoint(w.block(b, plane), e, f)
            plane += 1
          }
        }
      }
    }
  }
}
