import Compute

extension LinkField {
  /// U_mu(x) -> exp(s X_mu(x)) U_mu(x), the exponential to rounding.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func multiplyByExponential(of x: AlgebraField<Scalar>, times s: Scalar = 1) {
    precondition(
      x.group == group && x.layout === layout,
      "the algebra field needs the lattice, group and batch of the links")
    let view = mutableView
    withMatrixKernel(
      n: group.n,
      ExponentialUpdate(
        links: view, algebra: x.view, factor: Scalar.Lanes(repeating: s), layout: layout))
  }
}

private struct ExponentialUpdate<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let algebra: BlockView<V>
  let factor: V
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: 8 * layout.dimension * s, scratch: 3 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, a) = (links.offset(byBlocks: first), algebra.offset(byBlocks: first))
      let (x, e, t) = (scratch, scratch + s, scratch + 2 * s)
      for b in blocks {
        for mu in 0..<layout.dimension {
          kernel.expandAlgebra(x, a.block(b, mu))
          kernel.scale(x, x, by: factor)
          kernel.exponential(e, x, scratch: t)
          kernel.multiply(t, e, u.block(b, mu))
          kernel.copy(u.block(b, mu), t)
        }
      }
    }
  }
}
