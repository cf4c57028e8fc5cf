import Compute
import Lattice
import Loops
import Sampling

/// Checks of integrators of Hamilton's equations.
public enum IntegratorCheck {
  /// The relative tolerance of reversibility: 1e-12 in double precision, 1e-3 in single.
  public static func reversibilityTolerance(ulp: Double) -> Double { ulp < 1e-10 ? 1e-12 : 1e-3 }

  /// Whether a trajectory forth and back, with the momenta turned around, comes back to where it
  /// began: links, momenta and energy.
  ///
  /// Every step of an integrator has to be undone exactly, or hybrid Monte Carlo does not sample
  /// exp(-S); rounding alone remains.
  ///
  /// - Parameters:
  ///   - tolerance: a relative deviation; `reversibilityTolerance` by default.
  ///   - energy: H of links and momenta.
  ///   - integrate: moves links and momenta along a trajectory.
  public static func reversibility<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting, boundary: Boundary? = nil,
    tolerance: Double? = nil,
    energy: (LinkField<Scalar>, AlgebraField<Scalar>) throws -> Double,
    integrate: (inout LinkField<Scalar>, inout AlgebraField<Scalar>) throws -> Void
  ) throws -> ReversibilityReport {
    var (links, momenta, energies) = (Deviation(), Deviation(), Deviation())
    var least = Double.infinity
    for (index, input) in try setting.inputs(of: Scalar.self).enumerated() {
      var field = input
      if let boundary { field.setBoundary(boundary) }
      let start = PhaseSpacePoint(field, seed: setting.seed, trajectory: UInt32(index))
      let before = try energy(start.links, start.momenta)
      var point = start
      try integrate(&point.links, &point.momenta)
      least = min(least, point.links.largestLinkDistance(to: start.links))
      point.momenta.scale(by: -1)
      try integrate(&point.links, &point.momenta)
      point.momenta.scale(by: -1)
      let after = try energy(point.links, point.momenta)
      let (distances, scales) = (Self.distances(point, start), Self.norms(start))
      links.include(distances.links / Double(field.group.n).squareRoot(), input: index)
      momenta.include(distances.momenta / max(scales, .leastNormalMagnitude), input: index)
      energies.include(abs(after - before) / max(abs(before), 1), input: index)
    }
    let limit = tolerance ?? reversibilityTolerance(ulp: Double(Scalar.ulpOfOne))
    return ReversibilityReport(
      subject: name, setting: "\(setting)", links: links.value, momenta: momenta.value,
      energy: energies.value, tolerance: limit,
      input: [links, momenta, energies].max { $0.value < $1.value }!.input, seed: setting.seed,
      isVacuous: !(least > 1000 * limit))
  }

  /// Whether the trajectories of molecular dynamics, and so of hybrid Monte Carlo, are reversible.
  public static func reversibility<Scalar: LatticeReal>(
    of dynamics: MolecularDynamics, on setting: CheckSetting, boundary: Boundary? = nil,
    precision: Scalar.Type = Double.self
  ) throws -> ReversibilityReport {
    try dynamics.action.validate(setting.geometry, setting.group)
    return try reversibility(
      of: dynamics.checkName, on: setting, boundary: boundary,
      energy: { (links: LinkField<Scalar>, momenta) in dynamics.energies(links, momenta)[0] },
      integrate: { dynamics.integrate(&$0, &$1) })
  }

  /// The largest Frobenius norms of differences.
  private static func distances<Scalar>(
    _ a: PhaseSpacePoint<Scalar>, _ b: PhaseSpacePoint<Scalar>
  ) -> (links: Double, momenta: Double) {
    var momenta = 0.0
    for site in 0..<a.links.geometry.volume {
      for mu in 0..<a.links.dimension {
        let d = (a.momenta[site, mu] - b.momenta[site, mu]).frobeniusNorm
        momenta = d.isNaN ? .infinity : max(momenta, d)
      }
    }
    return (a.links.largestLinkDistance(to: b.links), momenta)
  }

  /// The root mean square of the norms of momenta.
  private static func norms<Scalar>(_ a: PhaseSpacePoint<Scalar>) -> Double {
    let links = Double(a.links.geometry.volume * a.links.dimension)
    return (a.momenta.kineticEnergy() / links).squareRoot()
  }

  private struct Deviation {
    var value = -1.0
    var input = 0

    mutating func include(_ deviation: Double, input: Int) {
      let deviation = deviation.isNaN ? .infinity : deviation
      if deviation > value { (value, self.input) = (deviation, input) }
    }
  }
}

/// How far from its beginning a trajectory forth and back ended.
public struct ReversibilityReport: Sendable, Hashable, CustomStringConvertible {
  /// The name of the integrator.
  public let subject: String
  public let setting: String
  /// The largest distance of a link, over its norm sqrt(N).
  public let links: Double
  /// The largest distance of a momentum, over the root mean square of their norms.
  public let momenta: Double
  /// The change of H, over |H| or 1.
  public let energy: Double
  public let tolerance: Double
  /// The input of the setting with the largest deviation.
  public let input: Int
  public let seed: UInt64
  /// Whether trajectories did not move the links, so that the check could not have failed.
  public let isVacuous: Bool

  /// Whether links, momenta and energy come back and the check could have failed.
  public var holds: Bool { max(links, momenta, energy) <= tolerance && !isVacuous }

  /// Whether they miss by a thousand tolerances.
  public var isBroken: Bool { max(links, momenta, energy) > 1000 * tolerance && !isVacuous }

  /// One line.
  public var description: String {
    let verdict = isVacuous ? "VACUOUS" : holds ? "holds" : isBroken ? "broken" : "unclear"
    return
      "\(subject) (\(setting)): reversibility \(verdict); relative deviation of links \(links), "
      + "momenta \(momenta), energy \(energy), tolerance \(tolerance), worst at input \(input), "
      + "seed \(seed)"
  }
}
