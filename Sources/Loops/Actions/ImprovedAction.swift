import Compute
import Lattice

/// Improved actions of plaquettes and rectangles, S = beta [ c0 sum_P (1 - Re tr P / N)
///   + c1 sum_R (1 - Re tr R / N) ], c0 = 1 - 8 c1, with R the 2 x 1 loops in both orientations.
///
/// c1 = -1/12: tree-level Symanzik (M. Luescher and P. Weisz, Commun. Math. Phys. 97 (1985) 59);
/// -0.331: Iwasaki (Y. Iwasaki, Nucl. Phys. B 258 (1985) 141); -1.4088: DBW2 (P. de Forcrand et al.,
/// hep-lat/9911033). A coupling per plane gives anisotropic actions.
public struct ImprovedAction: Action, Hashable {
  /// The part of plaquettes, with couplings c0 beta.
  public let plaquettes: WilsonAction
  /// The part of rectangles, with couplings c1 beta.
  public let rectangles: RectangleAction
  /// The weight of rectangles.
  public let c1: Double

  /// c1 of the tree-level Symanzik action.
  public static let symanzikC1 = -1.0 / 12
  /// c1 of the Iwasaki action.
  public static let iwasakiC1 = -0.331
  /// c1 of the DBW2 action.
  public static let dbw2C1 = -1.4088

  /// One coupling beta for all planes.
  ///
  /// - Throws: `ActionError.coupling` if beta or c1 is not finite.
  public init(beta: Double, c1: Double, dimension: Int) throws(ActionError) {
    try self.init(WilsonAction(beta: beta, dimension: dimension), c1: c1)
  }

  /// Couplings beta / xi0 for spatial planes and beta xi0 for those with time, the last direction.
  ///
  /// - Throws: `ActionError.coupling` if one is not finite or xi0 is not positive.
  public init(
    beta: Double, anisotropy xi0: Double, c1: Double, dimension: Int
  ) throws(ActionError) {
    try self.init(WilsonAction(beta: beta, anisotropy: xi0, dimension: dimension), c1: c1)
  }

  /// A coupling beta for every plane mu < nu in lexicographic order.
  ///
  /// - Throws: `ActionError` if one is not finite or their number is not d (d - 1) / 2.
  public init(couplings: [Double], c1: Double, dimension: Int) throws(ActionError) {
    try self.init(WilsonAction(couplings: couplings, dimension: dimension), c1: c1)
  }

  private init(_ action: WilsonAction, c1: Double) throws(ActionError) {
    guard c1.isFinite else { throw .coupling(name: "c1", found: c1) }
    self.c1 = c1
    let c0 = 1 - 8 * c1
    plaquettes = try WilsonAction(
      couplings: action.couplings.map { c0 * $0 }, dimension: action.dimension)
    rectangles = try RectangleAction(
      couplings: action.couplings.map { c1 * $0 }, dimension: action.dimension)
  }

  /// The tree-level Symanzik action, c1 = -1/12.
  public static func symanzik(
    beta: Double, dimension: Int
  ) throws(ActionError) -> ImprovedAction {
    try ImprovedAction(beta: beta, c1: symanzikC1, dimension: dimension)
  }

  /// The Iwasaki action, c1 = -0.331.
  public static func iwasaki(
    beta: Double, dimension: Int
  ) throws(ActionError) -> ImprovedAction {
    try ImprovedAction(beta: beta, c1: iwasakiC1, dimension: dimension)
  }

  /// The DBW2 action, c1 = -1.4088.
  public static func dbw2(beta: Double, dimension: Int) throws(ActionError) -> ImprovedAction {
    try ImprovedAction(beta: beta, c1: dbw2C1, dimension: dimension)
  }

  /// The weight of plaquettes, 1 - 8 c1.
  public var c0: Double { 1 - 8 * c1 }

  /// Both parts, for integrators that treat them apart.
  public var terms: [any Action] { [plaquettes, rectangles] }

  public var name: String {
    switch c1 {
    case Self.symanzikC1: "symanzik"
    case Self.iwasakiC1: "iwasaki"
    case Self.dbw2C1: "dbw2"
    default: "plaquette+rectangle"
    }
  }

  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    guard geometry.dimension == plaquettes.dimension else {
      throw .dimension(action: name, expected: plaquettes.dimension, found: geometry.dimension)
    }
  }

  public func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    zip(plaquettes.valuesOfMembers(field), rectangles.valuesOfMembers(field)).map { $0 + $1 }
  }

  public func addForce<Scalar>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    plaquettes.addForce(of: field, times: factor, to: &momenta)
    rectangles.addForce(of: field, times: factor, to: &momenta)
  }
}
