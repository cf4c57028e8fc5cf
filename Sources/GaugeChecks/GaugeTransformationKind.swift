import ComplexModule
import Compute
import Lattice
import RealModule

/// Gauge transformations that find different mistakes.
public enum GaugeTransformationKind: String, Sendable, CaseIterable, CustomStringConvertible {
  /// A Haar-random element at every site.
  case haar = "a Haar-random transformation"
  /// exp(X) with small X at every site.
  case tiny = "a transformation near the unit"
  /// A Haar-random element at one site, the unit elsewhere: names the place of a mistake.
  case localised = "a transformation localised on one site"
  /// One Haar-random element everywhere.
  case constant = "a constant transformation"
  /// A random element of the centre at every site; for U(1) of Z(2).
  case centre = "a transformation by centre elements"
  /// A random diagonal element at every site.
  case diagonal = "a diagonal transformation"
  /// diag(z, 1/z, 1, ...) with z = exp(2 pi i sum_mu x_mu / L_mu), far from the unit though smooth: it
  /// winds around the lattice in every direction.
  case large = "a large transformation that winds around the lattice"

  public var description: String { rawValue }

  /// A transformation of this kind for the lattice and group of a field.
  public func make<Scalar: LatticeReal>(for field: LinkField<Scalar>, seed: UInt64) -> SiteField<
    Scalar
  > {
    let (n, volume) = (field.group.n, field.geometry.volume)
    let stream = RandomStream(seed: seed, purpose: .checks)
    var g = SiteField<Scalar>(layout: field.layout, group: field.group)
    switch self {
    case .haar:
      g.setHaarRandom(seed: seed)
    case .tiny:
      var links = LinkField<Scalar>(layout: field.layout, group: field.group)
      links.setNearUnit(epsilon: 0.01, seed: seed)
      for site in 0..<volume { g[site] = links[site, 0] }
    case .localised:
      var random = g
      random.setHaarRandom(seed: seed)
      let site = Int(stream.uniforms(0).0 * Double(volume))
      g[site] = random[site]
    case .constant:
      var random = g
      random.setHaarRandom(seed: seed)
      for site in 0..<volume { g[site] = random[0] }
    case .centre:
      let order = max(2, n)
      for site in 0..<volume {
        let k = (stream.uniforms(UInt32(site), 1).0 * Double(order)).rounded(.down)
        let z = Complex<Double>(length: 1, phase: 2 * .pi * k / Double(order))
        g[site] = z * .identity(n)
      }
    case .diagonal:
      for site in 0..<volume {
        var angles = (0..<n).map { 2 * Double.pi * stream.uniforms(UInt32(site), 2, UInt32($0)).0 }
        if n > 1 { angles[n - 1] = -angles[..<(n - 1)].reduce(0, +) }
        g[site] = .diagonal(angles)
      }
    case .large:
      for site in 0..<volume {
        let x = zip(field.geometry.coordinates(of: site), field.geometry.extents)
        let angle = 2 * Double.pi * x.reduce(0) { $0 + Double($1.0) / Double($1.1) }
        var angles = [Double](repeating: 0, count: n)
        angles[0] = angle
        if n > 1 { angles[1] = -angle }
        g[site] = .diagonal(angles)
      }
    }
    return g
  }
}

extension ComplexMatrix {
  /// diag(exp(i a_1), exp(i a_2), ...)
  static func diagonal(_ angles: [Double]) -> ComplexMatrix {
    ComplexMatrix(n: angles.count) { $0 == $1 ? Complex(length: 1, phase: angles[$0]) : 0 }
  }
}
