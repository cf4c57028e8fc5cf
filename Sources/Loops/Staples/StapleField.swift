import Compute
import Lattice

extension LinkField {
  /// The staple sums S_mu(x) of all links, one channel for every direction, such that tr(U_mu S_mu)
  /// is the sum of the traces of the 2 (d - 1) plaquettes through the link.
  ///
  /// Staples with links that do not exist are zero.
  ///
  /// S_mu(x) = sum over nu != mu of U_nu(x+mu) U_mu(x+nu)^dagger U_nu(x)^dagger
  ///   + U_nu(x+mu-nu)^dagger U_mu(x-nu)^dagger U_nu(x-nu).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func stapleField() -> SiteField<Scalar> {
    var result = SiteField<Scalar>(uninitialized: layout, group: group, channels: dimension)
    withMatrixKernel(
      n: group.n, StapleBlocks(links: view, result: result.mutableView, layout: layout))
    return result
  }
}

private struct StapleBlocks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let result: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    let d = layout.dimension
    forEachBlockRange(layout, work: 8 * s * d * d, scratch: 4 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, w) = (links.offset(byBlocks: first), result.offset(byBlocks: first))
      for b in blocks {
        for mu in 0..<d {
          stapleSum(
            kernel, u, w.block(b, mu), block: b, mu, weights: nil, next: nil, scratch: scratch)
        }
      }
    }
  }
}
