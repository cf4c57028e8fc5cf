import Compute
import Lattice

extension AlgebraField {
  /// The derivative of a loss with respect to a gauge transformation, from that with respect to links:
  /// D(x) = sum_mu [ G_mu(x) - U_mu(x - mu)^dagger G_mu(x - mu) U_mu(x - mu) ].
  ///
  /// Along g(x) = exp(s Y(x)) the links move by X_mu(x) = Y(x) - U_mu(x) Y(x + mu) U_mu(x)^dagger, so
  /// that dl/ds = -sum tr(X G) = -sum tr(Y D) with D anti-hermitian and traceless: Y = D is the steepest
  /// way up. A loss is gauge-invariant where D vanishes, the lattice form of Gauss' law.
  ///
  /// - Parameter links: the links at which the derivative was taken.
  /// - Returns: one matrix a site.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func gaugeDivergence(over links: LinkField<Scalar>) -> SiteField<Scalar> {
    precondition(
      links.layout === layout && links.group == group, "a derivative with respect to these links")
    var result = SiteField<Scalar>(layout: layout, group: group)
    withMatrixKernel(
      n: group.n,
      Divergence(
        links: links.view, force: view, result: result.mutableView, layout: layout))
    return result
  }
}

private struct Divergence<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let force: BlockView<V>
  let result: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: 4 * s * layout.dimension, scratch: 4 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      diverge(
        kernel, links.offset(byBlocks: first), force.offset(byBlocks: first),
        result.offset(byBlocks: first), blocks, scratch)
    }
  }

  @inline(never)
  func diverge<K: MatrixKernel>(
    _ kernel: K, _ u: BlockView<V>, _ g: BlockView<V>, _ result: BlockView<V>,
    _ blocks: Range<Int>, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let (s, d) = (u.stride, u.layout.dimension)
    let (fetched, matrix, product) = (scratch + s, scratch + 2 &* s, scratch + 3 &* s)
    for b in blocks {
      let sum = result.block(b, 0)
      kernel.clear(sum)
      for mu in 0..<d {
        kernel.expandAlgebra(matrix, g.block(b, mu))
        kernel.addScaled(sum, matrix, V(repeating: 1))
        let entry = u.layout.down[b &* d &+ mu]
        let link = u.fetch(entry, mu, scratch: scratch)
        kernel.expandAlgebra(matrix, g.fetch(entry, mu, scratch: fetched))
        kernel.adjointMultiply(product, link, matrix)
        kernel.multiply(matrix, product, link)
        kernel.addScaled(sum, matrix, V(repeating: -1))
      }
    }
  }
}
