import Compute
import Foundation
import Fourier
import Lattice

/// A kinetic energy of U(1) by which modes of all wavelengths move alike:
/// H = 1/V sum_{mu, k} K(k) |p_mu(k)|^2 + S, K(k) = (khat_max^2 + m^2) / (khat^2 + m^2),
/// khat^2 = sum_nu (2 sin(k_nu / 2))^2, instead of the sum of p^2, which is K = 1.
///
/// Then dtheta/ds = K p and dp/ds = -F/2, integrated as without; p = K^{-1/2} g with g of weight
/// exp(-g^2). A photon of a free field has the frequency omega^2 = beta khat^2 K(k) / 2: for khat well above m
/// that of the shortest wavelength, omega_max^2 = beta (khat_max^2 + m^2) / 2, so that steps remain what they
/// were and a quarter of its period takes all of them to independent values. Momenta of U(1) do not change
/// under gauge transformations, so K is gauge invariant; those of other groups turn with the links.
///
/// G. G. Batrouni et al., Phys. Rev. D 32 (1985) 2736; S. Duane, R. Kenway, B. J. Pendleton and D. Roweth,
/// Phys. Lett. B 176 (1986) 143; S. Duane and B. J. Pendleton, Phys. Lett. B 206 (1988) 101.
///
/// A drift costs a transform forth and back of every direction. Plans are those that FFTW estimates: results
/// are equal to the bit in every run.
public struct FourierAcceleration: Sendable {
  /// m, in units of the inverse lattice spacing.
  public let mass: Double
  public let geometry: Geometry
  private let double: Operators<Double>
  private let single: Operators<Float>

  /// - Throws: `FourierError.parameter` for a mass that is no positive finite number.
  public init(mass: Double, _ geometry: Geometry) throws(FourierError) {
    guard mass.isFinite, mass > 0 else {
      throw .parameter(
        name: "mass of Fourier acceleration", expected: "a positive finite number",
        found: "\(mass)")
    }
    self.mass = mass
    self.geometry = geometry
    let momenta = LatticeMomenta(geometry)
    let largest = momenta.largestSquare + mass * mass
    let kernel = geometry.keptMomenta().map {
      largest / (momenta.latticeMomentumSquared($0) + mass * mass)
    }
    double = try Operators(geometry, kernel)
    single = try Operators(geometry, kernel)
  }

  /// The same, for links with which it makes sense.
  ///
  /// - Throws: `FourierError.parameter` for another group than U(1), for open boundaries and for a mass that
  ///   is no positive finite number.
  public init(
    mass: Double, _ geometry: Geometry, group: GaugeGroup, boundary: Boundary
  ) throws(FourierError) {
    guard group == .u1 else {
      throw .parameter(
        name: "Fourier acceleration", expected: "the group U(1)", found: "\(group)")
    }
    guard !boundary.anyOpen else {
      throw .parameter(
        name: "Fourier acceleration", expected: "periodic boundaries",
        found: boundary.words.joined(separator: ","))
    }
    try self.init(mass: mass, geometry)
  }

  /// The trajectory after which photons of a free field are independent: pi / 2 over their largest frequency.
  public static func quarterPeriod(beta: Double, mass: Double, _ geometry: Geometry) -> Double {
    let largest = LatticeMomenta(geometry).largestSquare + mass * mass
    return Double.pi / (2 * (beta * largest / 2).squareRoot())
  }

  /// Momenta of weight exp(-sum p K p) from such of weight exp(-sum p^2): K^{-1/2} g.
  func weighted<Scalar>(_ g: AlgebraField<Scalar>) -> AlgebraField<Scalar> {
    apply(g, \.inverseRoot, \.inverseRoot)
  }

  /// dtheta/ds = K p.
  func velocities<Scalar>(_ p: AlgebraField<Scalar>) -> AlgebraField<Scalar> {
    apply(p, \.kernel, \.kernel)
  }

  /// sum over links of p K p, of every batch member: the exact sum of squares of K^{1/2} p.
  func kineticEnergiesOfMembers<Scalar>(_ p: AlgebraField<Scalar>) -> [Double] {
    apply(p, \.root, \.root).kineticEnergiesOfMembers()
  }

  private struct Operators<Scalar: FourierReal>: Sendable {
    let kernel: FourierMultiplier<Scalar>
    let root: FourierMultiplier<Scalar>
    let inverseRoot: FourierMultiplier<Scalar>

    init(_ geometry: Geometry, _ factors: [Double]) throws(FourierError) {
      kernel = try FourierMultiplier(geometry, effort: .estimate, factors: factors)
      root = try FourierMultiplier(
        geometry, effort: .estimate, factors: factors.map { $0.squareRoot() })
      inverseRoot = try FourierMultiplier(
        geometry, effort: .estimate, factors: factors.map { 1 / $0.squareRoot() })
    }
  }

  /// Fields are of one of the two precisions that there are.
  private func apply<Scalar>(
    _ field: AlgebraField<Scalar>, _ d: KeyPath<Operators<Double>, FourierMultiplier<Double>>,
    _ s: KeyPath<Operators<Float>, FourierMultiplier<Float>>
  ) -> AlgebraField<Scalar> {
    precondition(field.group == .u1, "momenta of U(1)")
    if let field = field as? AlgebraField<Double> {
      return double[keyPath: d](field) as! AlgebraField<Scalar>
    }
    return single[keyPath: s](field as! AlgebraField<Float>) as! AlgebraField<Scalar>
  }
}
