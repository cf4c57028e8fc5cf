import Autodiff
import Compute
import Groups
import Lattice
import Loops

extension LatticePath {
  /// The step along a signed direction.
  private static func step(_ a: Int) -> Step { Step(a / 2, forward: a % 2 == 0) }

  /// The plaquettes of all corners, in the order of `PermutedLabels.corners`: a, b, -a, -b.
  static func corners(dimension d: Int) -> [LatticePath] {
    PermutedLabels.corners(d).map { a, b in
      let steps = [step(a), step(b)]
      return LatticePath(steps + steps.map(\.reversed), dimension: d)
    }
  }
}

extension Variable {
  /// The untraced plaquettes of all corners at x, `PermutedLabels.corners`:
  /// P_ab(x) = U_a(x) U_b(x + a) U_a(x + b)^dagger U_b(x)^dagger with U_-mu(x) = U_mu(x - mu)^dagger.
  ///
  /// 8 channels in two dimensions, 24 in three and 48 in four, which symmetries permute; P_ba is the adjoint of
  /// P_ab, of which one is calculated.
  public func corners<Scalar>() throws(LayerError) -> Variable<SiteField<Scalar>>
  where Value == LinkField<Scalar> {
    let d = value.dimension
    let pairs = PermutedLabels.corners(d)
    let paths = LatticePath.corners(dimension: d)
    let chosen = pairs.indices.filter { pairs[$0].0 < pairs[$0].1 }
    let half = try loops(chosen.map { paths[$0] })
    let both = try Variable<SiteField<Scalar>>.concatenating([half, half.adjoint()])
    return try both.channels(
      pairs.map { a, b in
        let place = chosen.firstIndex { pairs[$0] == (min(a, b), max(a, b)) }!
        return a < b ? place : chosen.count + place
      })
  }

  /// The sums of the four corners of every oriented plane, `PermutedLabels.orientedPlanes`:
  /// Q_mu_nu = P_(mu, nu) + P_(nu, -mu) + P_(-mu, -nu) + P_(-nu, mu).
  ///
  /// A reflection of mu or nu turns all four around and gives Q_nu_mu, the adjoint.
  public func clovers<Scalar>() throws(LayerError) -> Variable<SiteField<Scalar>>
  where Value == LinkField<Scalar> {
    let corners: Variable<SiteField<Scalar>> = try corners()
    return try corners.convolution(
      links: self, weight: tape.constant(cloverWeights(dimension: value.dimension)), kernel: .local)
  }

  /// The untraced Polyakov loops from every site along every signed direction, `PermutedLabels.directions`.
  public func signedPolyakovLoops<Scalar>() throws(LayerError) -> Variable<SiteField<Scalar>>
  where Value == LinkField<Scalar> {
    let extents = value.geometry.extents
    return try loops(
      (0..<(2 * extents.count)).map { a in
        LatticePath(
          Array(repeating: .init(a / 2, forward: a % 2 == 0), count: extents[a / 2]),
          dimension: extents.count)
      })
  }
}

/// 1 for the four corners of every oriented plane.
private func cloverWeights<Scalar: LatticeReal>(dimension d: Int) -> Tensor<Scalar> {
  let corners = PermutedLabels.corners(d)
  var values = [Scalar]()
  for (mu, nu) in PermutedLabels.planes(d) {
    let (a, b) = (2 * mu, 2 * nu)
    let turned = [(a, b), (b, a + 1), (a + 1, b + 1), (b + 1, a)]
    for corner in corners { values.append(turned.contains { $0 == corner } ? 1 : 0) }
  }
  return try! Tensor(shape: [d * (d - 1), corners.count], values: values)
}
