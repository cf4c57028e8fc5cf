import Autodiff
import Compute
import Lattice
import Loops

extension Variable {
  /// One step of stout smearing with weights that can be trained,
  /// U'_mu = exp(TA(sum_nu rho_mu,nu S_mu,nu^dagger U_mu^dagger)) U_mu.
  ///
  /// The exponent is the projected sum of the two plaquettes at x that end with the link backwards,
  /// (+nu +mu -nu -mu) and (-nu +mu +nu -mu), for every nu. The same as
  /// `LinkField.stoutSmeared(rho:)`. C. Morningstar and M. Peardon, hep-lat/0311018.
  ///
  /// - Parameter rho: of shape [1], one weight; [d], one for the links of every direction mu; or [d, d],
  ///   one for every mu and nu, whose diagonal is not used.
  /// - Throws: `.shape` for another shape.
  public func stoutSmeared<Scalar>(
    rho: Variable<Tensor<Scalar>>
  ) throws(LayerError) -> Variable where Value == LinkField<Scalar> {
    try multiplied(byExponentialOf: stoutExponents(rho: rho))
  }

  /// The exponents of stout smearing.
  ///
  /// Adjoints, with q that of the exponents and P a plaquette of weight rho: the start of P gets the
  /// element rho TA(P q), and rho the sum over sites and members of Re tr(q^dagger P). Plaquettes are
  /// calculated a second time, so nothing but the links is kept.
  private func stoutExponents<Scalar>(
    rho: Variable<Tensor<Scalar>>
  ) throws(LayerError) -> Variable<AlgebraField<Scalar>> where Value == LinkField<Scalar> {
    let d = value.dimension
    let shape = rho.value.shape
    guard [[1], [d], [d, d]].contains(shape) else {
      throw .shape(layer: "stout smearing", name: "rho", expected: [d, d], found: shape)
    }
    // The place in rho of the weight of mu and nu.
    func place(_ mu: Int, _ nu: Int) -> Int { shape == [1] ? 0 : shape == [d] ? mu : mu * d + nu }
    let weights = (0..<d).map { mu in
      (0..<d).map { nu in mu == nu ? 0 : Double(rho.value.values[place(mu, nu)]) }
    }
    let result = value.stoutExponents(weights)
    return tape.record(result, inputs: [self, rho]) { q, cotangents in
      var sums = [Double](repeating: 0, count: rho.value.count)
      for mu in 0..<d {
        for nu in 0..<d where nu != mu {
          for path in stoutPaths(mu, nu, dimension: d) {
            let (element, sum) = loopElement(
              value.pathProduct(path), q, mu, weight: Scalar(weights[mu][nu]))
            sums[place(mu, nu)] += sum
            cotangents.update(self) {
              addPathForce(of: element, along: path, links: value, to: &$0)
            }
          }
        }
      }
      cotangents.add(sumTensor(shape, sums), to: rho)
    }
  }
}

/// The closed paths of the two staples of link mu in the plane of nu.
private func stoutPaths(_ mu: Int, _ nu: Int, dimension: Int) -> [LatticePath] {
  [true, false].map { up in
    LatticePath(
      [
        .init(nu, forward: up), .init(mu, forward: true), .init(nu, forward: !up),
        .init(mu, forward: false),
      ], dimension: dimension)
  }
}

/// The element w TA(P q_mu) at every site, and the sum of Re tr(q_mu^dagger P).
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func loopElement<Scalar: LatticeReal>(
  _ loops: SiteField<Scalar>, _ q: AlgebraField<Scalar>, _ mu: Int, weight: Scalar
) -> (SiteAlgebra<Scalar>, Double) {
  var element = SiteAlgebra<Scalar>(zeros: q.layout, group: q.group)
  let sum = withMatrixKernel(
    n: q.group.n,
    LoopElements(
      loops: loops.view, cotangent: q.view, elements: element.mutableView, direction: mu,
      weight: Scalar.Lanes(repeating: weight), layout: q.layout))
  return (element, sum)
}

private struct LoopElements<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let loops: BlockView<V>
  let cotangent: BlockView<V>
  let elements: BlockView<V>
  let direction: Int
  let weight: V
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> Double where K.Vector == V {
    let s = loops.stride
    let half = weight * V(repeating: 0.5)
    return orderedSums(layout, quantities: 1, work: 4 * s, scratch: s, of: V.self) {
      group, blocks, sums, matrix in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        let loop = loops.block(b, 0)
        kernel.expandAlgebra(matrix, cotangent.block(b, direction))
        // Twice the projection is added.
        kernel.addProjectedProduct(elements.block(b, 0), loop, matrix, times: half)
        sums[0] = sums[0] + kernel.contraction(matrix, loop)
      }
    }[0]
  }
}
