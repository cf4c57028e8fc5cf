import Compute
import Lattice

extension AlgebraField {
  /// Momenta of the moved links: P'_nu(g x) = P_mu(x), and where mu is reversed
  /// P'_nu(g x - nu) = -U_mu(x)^dagger P_mu(x) U_mu(x), which is d/ds of U'_nu in U -> exp(s P) U; charge
  /// conjugation takes the complex conjugate of either.
  ///
  /// Exact but for the products with links of reversed directions, which are exact for U(1).
  /// - Parameter links: before the operation.
  /// - Throws: `LatticeSymmetryError.dimension`, `.openDirection`, `.differentLattices`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func image(
    under operation: LatticeOperation, over links: LinkField<Scalar>
  ) throws(LatticeSymmetryError) -> AlgebraField<Scalar> {
    guard links.layout === layout, links.group == group else {
      throw .differentLattices(
        expected: "\(geometry) of \(group)", found: "\(links.geometry) of \(links.group)")
    }
    try operation.checkActs(on: geometry, boundary: links.boundary)
    let target = operation.target(of: layout, Scalar.self)
    var result = AlgebraField<Scalar>(layout: target, group: group)
    withMatrixKernel(
      n: group.n,
      MovedMomenta(
        momenta: view, links: links.view, result: result.mutableView, target: target,
        channels: operation.linkSources, conjugates: operation.conjugatesCharge,
        sources: SiteSources(operation, from: layout, to: target)))
    withExtendedLifetime(links) {}
    return result
  }
}

private struct MovedMomenta<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let momenta: BlockView<V>
  let links: BlockView<V>
  let result: BlockView<V>
  let target: Layout
  let channels: [ChannelSource]
  let conjugates: Bool
  let sources: SiteSources

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let (stride, components, n) = (links.stride, momenta.stride, kernel.n)
    let same = MatrixForm(
      n: nil, count: components, transposes: false, conjugates: false, sign: 1)
    let sameMatrix = MatrixForm(
      n: n, count: stride, transposes: false, conjugates: false, sign: 1)
    forEachMovedBlock(
      target, channels: channels, sources: sources, work: channels.count * 10 * stride,
      scratch: components + 4 * stride, prefetches: [momenta, links], of: V.self
    ) { block, nu, gather, p in
      let u = p + components
      let (whole, product, other) = (u + stride, u + 2 * stride, u + 3 * stride)
      let channel = channels[nu]
      let d = result.block(block, nu)
      if !channel.transposes {
        gather.fetch(momenta, channel.channel, to: d, same, scratch: other)
      } else if n == 1 {
        gather.fetch(momenta, channel.channel, to: d, same, scratch: other)
        d[0] = -d[0]
      } else {
        gather.fetch(momenta, channel.channel, to: p, same, scratch: other)
        gather.fetch(links, channel.channel, to: u, sameMatrix, scratch: other)
        kernel.expandAlgebra(whole, p)
        kernel.multiply(product, whole, u)
        kernel.adjoint(whole, u)
        for k in 0..<components { d[k] = .zero }
        // 2 s TA(U^dagger P U) with s = -1/2; what it projects is in the algebra but for rounding.
        kernel.addProjectedProduct(d, whole, product, times: V(repeating: -0.5))
      }
      if conjugates { kernel.conjugate(d) }
    }
  }
}

extension MatrixKernel {
  /// The components of the complex conjugate: those of imaginary parts change sign.
  @inline(__always)
  fileprivate func conjugate(_ a: Block) {
    if n == 1 {
      a[0] = -a[0]
      return
    }
    for i in 0..<(n - 1) { a[i] = -a[i] }
    for k in 0..<(n * (n - 1) / 2) { a[n + 2 * k] = -a[n + 2 * k] }
  }
}
