import ComplexModule
import Compute
import Foundation
import Lattice
import RealModule

/// A diagonal field of constant field strength, of which plaquettes and Polyakov loops are known exactly.
///
/// U_mu(x) = diag(exp(i q_a A_mu(x))) with charges q = (1) for U(1) and (1, -1, 0, ...) for SU(N). In the
/// first plane, (mu, nu) = (0, 1), and in four dimensions also (2, 3), there are k quanta of flux:
/// omega = 2 pi k / (L_mu L_nu), A_nu(x) = a_nu + omega x_mu, and
/// A_mu(x) = a_mu - omega L_mu x_nu where x_mu = L_mu - 1, a_mu elsewhere. Then the phase of every
/// plaquette in the plane is omega, and 0 in other planes.
public struct AbelianField: Sendable, Hashable {
  public let geometry: Geometry
  public let group: GaugeGroup
  /// Quanta of flux k in the plane (0, 1).
  public let flux: Int
  /// The phase a_mu of constant links, one for every direction.
  public let phases: [Double]

  /// - Parameter phases: 0.3, 0.4, 0.5, ... by default.
  public init(_ geometry: Geometry, _ group: GaugeGroup, flux: Int = 1, phases: [Double]? = nil) {
    precondition(
      phases.map { $0.count == geometry.dimension } ?? true, "a phase for every direction")
    (self.geometry, self.group, self.flux) = (geometry, group, flux)
    self.phases = phases ?? (0..<geometry.dimension).map { 0.3 + 0.1 * Double($0) }
  }

  /// q_a
  public var charges: [Double] {
    group.n == 1 ? [1] : [1, -1] + Array(repeating: 0, count: group.n - 2)
  }

  /// The phase of the plaquettes of a plane, mu < nu, for charge 1.
  public func plaquetteAngle(_ mu: Int, _ nu: Int) -> Double {
    guard mu % 2 == 0, nu == mu + 1, mu == 0 || geometry.dimension == 4 else { return 0 }
    return 2 * .pi * Double(flux) / Double(geometry.extents[mu] * geometry.extents[nu])
  }

  /// Re tr P_mu_nu / N, the same at every site.
  public func plaquette(_ mu: Int, _ nu: Int) -> Double {
    let angle = plaquetteAngle(mu, nu)
    return charges.reduce(0) { $0 + cos($1 * angle) } / Double(group.n)
  }

  /// The mean of Re tr P / N over all planes: "the plaquette".
  public var plaquette: Double {
    let planes = geometry.planes
    return planes.reduce(0) { $0 + plaquette($1.mu, $1.nu) } / Double(planes.count)
  }

  /// The Polyakov loop of a direction, the mean of tr/N over the lattice.
  ///
  /// Its phase q (L a + omega L x) runs through the roots of unity along the other direction x of its
  /// plane, in either gauge of the two.
  public func polyakovLoop(_ mu: Int) -> Complex<Double> {
    let partner = mu % 2 == 0 ? mu + 1 : mu - 1
    let extent = Double(geometry.extents[mu])
    let (first, second) = (min(mu, partner), max(mu, partner))
    let angle = second < geometry.dimension ? plaquetteAngle(first, second) : 0
    let count = second < geometry.dimension ? geometry.extents[partner] : 1
    let sign: Double = mu > partner ? 1 : -1
    var sum: Complex<Double> = 0
    for x in 0..<count {
      for q in charges {
        let phase = extent * (phases[mu] + sign * angle * Double(x))
        sum += Complex(length: 1, phase: q * phase)
      }
    }
    return sum / Complex(Double(count * group.n))
  }

  /// The links.
  public func links() -> LinkField<Double> {
    var field = LinkField<Double>(layout: LinkField<Double>.layout(of: geometry), group: group)
    for site in 0..<geometry.volume {
      let x = geometry.coordinates(of: site)
      for mu in 0..<geometry.dimension {
        field[site, mu] = .diagonal(charges.map { $0 * potential(mu, x) })
      }
    }
    return field
  }

  /// A_mu(x)
  private func potential(_ mu: Int, _ x: [Int]) -> Double {
    var result = phases[mu]
    if mu % 2 == 1 {
      result += plaquetteAngle(mu - 1, mu) * Double(x[mu - 1])
    } else if mu + 1 < geometry.dimension, x[mu] == geometry.extents[mu] - 1 {
      result -=
        plaquetteAngle(mu, mu + 1) * Double(geometry.extents[mu]) * Double(x[mu + 1])
    }
    return result
  }
}
