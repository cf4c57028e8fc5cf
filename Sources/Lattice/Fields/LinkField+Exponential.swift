import Compute

extension LinkField {
  /// U_mu(x) -> exp(s X_mu(x)) U_mu(x), the exponential to rounding.
  public mutating func multiplyByExponential(of x: AlgebraField<Scalar>, times s: Scalar = 1) {
    multiplyByExponential(viewOf: x, times: s, rescaling: nil)
  }

  /// U_mu(x) -> exp(s X_mu(x)) U_mu(x), then X -> r X, in one pass.
  public mutating func multiplyByExponential(
    of x: inout AlgebraField<Scalar>, times s: Scalar, rescaling r: Scalar
  ) {
    // The pass writes X through its view, of which this must be the only owner.
    _ = x.mutableView
    multiplyByExponential(viewOf: x, times: s, rescaling: r)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private mutating func multiplyByExponential(
    viewOf x: AlgebraField<Scalar>, times s: Scalar, rescaling r: Scalar?
  ) {
    precondition(
      x.group == group && x.layout === layout,
      "the algebra field needs the lattice, group and batch of the links")
    let view = mutableView
    withMatrixKernel(
      n: group.n,
      ExponentialUpdate(
        links: view, algebra: x.view, factor: Scalar.Lanes(repeating: s),
        rescaling: r.map { Scalar.Lanes(repeating: $0) }, layout: layout))
  }
}

private struct ExponentialUpdate<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let algebra: BlockView<V>
  let factor: V
  let rescaling: V?
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: 8 * layout.dimension * s, scratch: 3 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      update(
        kernel, links.offset(byBlocks: first), algebra.offset(byBlocks: first), blocks, scratch)
    }
  }

  @inline(never)
  func update<K: MatrixKernel>(
    _ kernel: K, _ u: BlockView<V>, _ a: BlockView<V>, _ blocks: Range<Int>,
    _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    for index in (blocks.lowerBound * u.perSite)..<(blocks.upperBound * u.perSite) {
      let element = a.base + index * a.stride
      kernel.multiplyByExponential(
        u.base + index * u.stride, of: element, times: factor, scratch: scratch)
      if let rescaling {
        for k in 0..<a.stride { element[k] = element[k] * rescaling }
      }
    }
  }
}
