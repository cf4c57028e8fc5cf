import Compute
import Lattice

extension LinkField {
  /// One step of stout smearing, U'_mu(x) = exp(TA(rho S_mu(x)^dagger U_mu(x)^dagger)) U_mu(x).
  ///
  /// S^dagger is the sum of the staples that transport as the link does, in all planes, or in those of
  /// space only. C. Morningstar and M. Peardon, hep-lat/0311018, with rho for every plane.
  public func stoutSmeared(rho: Double, spatialOnly: Bool = false) -> LinkField {
    let row = [Double](repeating: rho, count: dimension)
    return stoutSmeared(
      rho: [[Double]](repeating: row, count: dimension), spatialOnly: spatialOnly)
  }

  /// One step of stout smearing with a weight for every plane,
  /// U'_mu = exp(TA(sum_nu rho[mu][nu] S_mu,nu^dagger U_mu^dagger)) U_mu.
  ///
  /// - Parameter rho: [mu][nu], the weight of the staples of links mu in the plane of nu; the diagonal
  ///   is not used.
  public func stoutSmeared(rho: [[Double]], spatialOnly: Bool = false) -> LinkField {
    precondition(
      rho.count == dimension && rho.allSatisfy { $0.count == dimension },
      "rho needs a row and a column for every direction")
    let smeared = spatialOnly ? dimension - 1 : dimension
    let weights = (0..<dimension).map { mu in
      (0..<dimension).map { nu in mu != nu && max(mu, nu) < smeared ? rho[mu][nu] : 0 }
    }
    var result = self
    result.multiplyByExponential(of: stoutExponents(weights))
    return result
  }

  /// The exponents of stout smearing, TA(sum_nu w[mu][nu] S_mu,nu^dagger U_mu^dagger) of all links; the
  /// diagonal of w must be zero.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func stoutExponents(_ weights: [[Double]]) -> AlgebraField<Scalar> {
    var result = AlgebraField<Scalar>(layout: layout, group: group)
    withMatrixKernel(
      n: group.n,
      StoutExponents(
        links: view, result: result.mutableView, weights: weights, layout: layout))
    return result
  }
}

private struct StoutExponents<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let result: BlockView<V>
  let weights: [[Double]]
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    let d = layout.dimension
    forEachBlockRange(layout, work: 10 * s * d * d, scratch: 6 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, x) = (links.offset(byBlocks: first), result.offset(byBlocks: first))
      for mu in 0..<d where weights[mu].contains(where: { $0 != 0 }) {
        for b in blocks {
          let (sum, w) = (scratch + 4 * s, scratch + 5 * s)
          kernel.clear(sum)
          for nu in 0..<d where weights[mu][nu] != 0 {
            addSmearingStaples(
              kernel, u, sum, block: b, mu, nu, side: nu, top: mu,
              weight: V(repeating: V.Scalar(weights[mu][nu])), scratch: scratch)
          }
          kernel.multiplyAdjoint(w, sum, u.block(b, mu))
          kernel.projectAlgebra(w, w)
          kernel.compressAlgebra(x.block(b, mu), w)
        }
      }
    }
  }
}
