import Compute
import Lattice

/// A real function S of the links with its force: what HMC samples exp(-S) of, and what a gradient
/// flow descends.
///
/// Whoever has an action of their own, a learned one included, conforms to this protocol; the shared
/// check `forceMatchesAction` of `GaugeChecks` compares the two functions. Sums of actions are actions
/// (`ActionSum`).
public protocol Action: Sendable {
  /// What headers, reports and refusals call it.
  var name: String { get }

  /// - Throws: `ActionError` naming why fields of this lattice and group have no such action.
  func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError)

  /// S of every batch member.
  func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double]

  /// momenta += factor F, with F the anti-hermitian traceless force: dS/ds = -sum tr(X F) along
  /// U -> exp(s X) U. For the Wilson action F = (beta / N) TA(U S).
  func addForce<Scalar>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>)

  /// The actions of which this is the sum, the cheapest first; the action itself by default. Nested
  /// integrators give them time scales of their own.
  var terms: [any Action] { get }

  /// Whether S jumps and its force is zero wherever it exists, as for the geometric charge of two
  /// dimensions; the order of an integrator cannot be seen then.
  var isPiecewiseConstant: Bool { get }
}

extension Action {
  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {}

  public var terms: [any Action] { [self] }

  public var isPiecewiseConstant: Bool { false }

  /// S of one batch member.
  public func value<Scalar>(of field: LinkField<Scalar>, member: Int = 0) -> Double {
    valuesOfMembers(field)[member]
  }

  /// The force of all links.
  public func force<Scalar>(of field: LinkField<Scalar>) -> AlgebraField<Scalar> {
    var result = AlgebraField<Scalar>(layout: field.layout, group: field.group)
    addForce(of: field, times: 1, to: &result)
    return result
  }
}
