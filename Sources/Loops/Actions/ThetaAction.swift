import Compute
import Lattice

/// The theta term with a real weight exp(-theta_I Q), S = theta_I Q.
///
/// Four dimensions: Q = (1/4 pi^2) sum_x tr(F01 F23 - F02 F13 + F03 F12) with the clover field
/// strength (`topologicalChargeClover`). U(1) in two dimensions: Q = (1/2 pi) sum_x arg P_01(x), an
/// integer, so that the force is zero wherever it exists. Other cases have no theta term.
///
/// With open boundaries Q is the sum over sites in no boundary slice of an open direction, and in two
/// dimensions over the plaquettes that exist; it is a real number then, and its force in two dimensions
/// a constant on the links of the boundary.
public struct ThetaAction: Action, Hashable {
  /// The imaginary part theta_I of the vacuum angle, which makes weights real.
  public let theta: Double
  /// Number of directions.
  public let dimension: Int

  /// - Throws: `ActionError.coupling` if theta is not finite.
  public init(theta: Double, dimension: Int) throws(ActionError) {
    guard theta.isFinite else { throw .coupling(name: "theta", found: theta) }
    self.theta = theta
    self.dimension = dimension
  }

  public var name: String { "theta" }

  public var isPiecewiseConstant: Bool { dimension == 2 }

  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    guard geometry.dimension == dimension else {
      throw .dimension(action: name, expected: dimension, found: geometry.dimension)
    }
    guard dimension == 4 || (dimension == 2 && group == .u1) else {
      throw .unsupported(
        action: name, by: "\(group) in \(dimension) dimensions",
        reason: "there is a charge in four dimensions, and for U(1) in two")
    }
  }

  public func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    requireValid(field)
    if dimension == 2 { return field.topologicalChargesOfMembers()!.map { theta * $0 } }
    // Nil where no site remains between open boundaries.
    return field.cloverObservablesOfMembers().map { theta * ($0.charge ?? 0) }
  }

  func requireValid<Scalar>(_ field: LinkField<Scalar>) {
    do {
      try validate(field.geometry, field.group)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
