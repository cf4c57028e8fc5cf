import Compute
import Lattice

/// The Wilson action S = sum_{x, mu<nu} beta_mu_nu (1 - Re tr P_mu_nu(x) / N), beta = 2N/g^2; for
/// U(1) beta (1 - cos).
///
/// K. G. Wilson, Phys. Rev. D 10 (1974) 2445; a coupling per plane gives anisotropic actions.
///
/// With open boundaries the sum runs over the plaquettes that exist, and those that lie in a
/// boundary slice x_rho = 0 or L_rho - 1 of an open direction rho outside their plane have the weight
/// `boundaryWeight`, once for each such direction: 1 by default, 1/2 as in Luscher and Schaefer,
/// JHEP 07 (2011) 036, arXiv:1105.4749.
public struct WilsonAction: Action, Hashable {
  /// The coupling of every plane mu < nu in lexicographic order.
  public let couplings: [Double]
  /// Number of directions.
  public let dimension: Int
  /// The weight of plaquettes that lie in a boundary slice of an open direction.
  public let boundaryWeight: Double

  /// The same coupling for every plane.
  ///
  /// - Throws: `ActionError.coupling` if beta is not finite.
  public init(beta: Double, dimension: Int, boundaryWeight: Double = 1) throws(ActionError) {
    try self.init(
      couplings: Array(repeating: beta, count: dimension * (dimension - 1) / 2),
      dimension: dimension, boundaryWeight: boundaryWeight)
  }

  /// Couplings beta / xi0 for spatial planes and beta xi0 for those with time, the last direction.
  ///
  /// - Throws: `ActionError.coupling` if one is not finite or xi0 is not positive.
  public init(
    beta: Double, anisotropy xi0: Double, dimension: Int, boundaryWeight: Double = 1
  ) throws(ActionError) {
    guard xi0.isFinite, xi0 > 0 else { throw .coupling(name: "xi0", found: xi0) }
    var couplings = [Double]()
    for mu in 0..<dimension {
      for nu in (mu + 1)..<max(dimension, mu + 1) {
        couplings.append(nu == dimension - 1 ? beta * xi0 : beta / xi0)
      }
    }
    try self.init(couplings: couplings, dimension: dimension, boundaryWeight: boundaryWeight)
  }

  /// A coupling for every plane mu < nu in lexicographic order.
  ///
  /// - Throws: `ActionError` if one is not finite or their number is not d (d - 1) / 2.
  public init(
    couplings: [Double], dimension: Int, boundaryWeight: Double = 1
  ) throws(ActionError) {
    try ActionError.requirePlaneCouplings(couplings, dimension: dimension)
    guard boundaryWeight.isFinite else {
      throw .coupling(name: "the boundary weight", found: boundaryWeight)
    }
    self.couplings = couplings
    self.dimension = dimension
    self.boundaryWeight = boundaryWeight
  }

  /// The coupling of the plane of two directions.
  public func coupling(_ mu: Int, _ nu: Int) -> Double {
    couplings[Geometry.planeIndex(mu, nu, dimension: dimension)]
  }

  /// Whether all planes have one coupling.
  public var isIsotropic: Bool { couplings.allSatisfy { $0 == couplings[0] } }

  /// Whether one strength, which is not negative, takes the place of couplings in local updates.
  ///
  /// The heat bath needs a strength of 0 or more; negative couplings go into the staples instead.
  package func hasCommonStrength(_ boundary: Boundary) -> Bool {
    isIsotropic && couplings[0] >= 0 && !hasBoundaryWeights(boundary)
  }

  public var name: String { "wilson" }

  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    guard geometry.dimension == dimension else {
      throw .dimension(action: name, expected: dimension, found: geometry.dimension)
    }
  }

  public func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    if hasBoundaryWeights(field.boundary) { return weightedValues(field) }
    let counts = field.boundary.plaquetteCounts(in: field.geometry)
    return field.planePlaquettesOfMembers().map { planes in
      zip(zip(couplings, counts), planes).reduce(0) { $0 + $1.0.0 * Double($1.0.1) * (1 - $1.1) }
    }
  }
}
