import Compute
import Lattice

/// The gradient flow dV/dt = -F V of an action without coupling, V(0) = U.
///
/// For the Wilson flow F = TA(V S), without beta and 1/N, so E and t0 agree with the literature for
/// every N (Luescher, JHEP 08 (2010) 071, arXiv:1006.4518). Integrated by the third-order Runge-Kutta
/// method of that reference:
/// W1 = exp(Z0 / 4) W0, W2 = exp(8/9 Z1 - 17/36 Z0) W1, V = exp(3/4 Z2 - 8/9 Z1 + 17/36 Z0) W2,
/// Zi = -epsilon F(Wi).
public struct GradientFlow: Sendable {
  /// The action that is descended, with beta = N.
  public let action: any Action

  /// The flow of any action.
  public init(action: any Action) { self.action = action }

  /// The Wilson flow.
  public static func wilson(_ group: GaugeGroup, dimension: Int) -> GradientFlow {
    GradientFlow(action: unitWilsonAction(group, dimension))
  }

  /// The flow of the tree-level Symanzik action, c1 = -1/12.
  public static func symanzik(_ group: GaugeGroup, dimension: Int) -> GradientFlow {
    improved(group, c1: ImprovedAction.symanzikC1, dimension: dimension)
  }

  /// The flow of plaquettes and rectangles, c0 = 1 - 8 c1; c1 must be finite.
  public static func improved(_ group: GaugeGroup, c1: Double, dimension: Int) -> GradientFlow {
    do {
      return GradientFlow(
        action: try ImprovedAction(beta: Double(group.n), c1: c1, dimension: dimension))
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private static func unitWilsonAction(_ group: GaugeGroup, _ dimension: Int) -> WilsonAction {
    do {
      return try WilsonAction(beta: Double(group.n), dimension: dimension)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// One step of length epsilon. `accumulator` is scratch, zero before and after.
  public func step<Scalar: LatticeReal>(
    _ field: inout LinkField<Scalar>, by epsilon: Double,
    accumulator a: inout AlgebraField<Scalar>
  ) {
    // One accumulator, rescaled while the links are updated.
    action.addForce(of: field, times: -epsilon, to: &a)
    field.multiplyByExponential(of: &a, times: 0.25, rescaling: -17.0 / 36)
    action.addForce(of: field, times: -8 * epsilon / 9, to: &a)
    field.multiplyByExponential(of: &a, times: 1, rescaling: -1)
    action.addForce(of: field, times: -3 * epsilon / 4, to: &a)
    field.multiplyByExponential(of: &a, times: 1, rescaling: 0)
  }

  /// One step of length epsilon with an estimate of its error: the largest distance |V - V'| / N
  /// (Frobenius) of a link to the second-order solution V' = exp(2 Z1 - Z0) W0 of the same stages
  /// (Fritzsch and Ramos, JHEP 10 (2013) 008, arXiv:1301.4388).
  ///
  /// - Parameter start: becomes the links before the step.
  public func stepWithError<Scalar: LatticeReal>(
    _ field: inout LinkField<Scalar>, by epsilon: Double,
    accumulator a: inout AlgebraField<Scalar>, start: inout LinkField<Scalar>
  ) -> Double {
    start = field
    action.addForce(of: field, times: -epsilon, to: &a)
    // 2 Z1 - Z0 = 9/4 (8/9 Z1 - 17/36 Z0) + Z0 / 16
    var embedded = a
    embedded.scale(by: 1.0 / 16)
    field.multiplyByExponential(of: &a, times: 0.25, rescaling: -17.0 / 36)
    action.addForce(of: field, times: -8 * epsilon / 9, to: &a)
    embedded.add(a, times: 9.0 / 4)
    field.multiplyByExponential(of: &a, times: 1, rescaling: -1)
    action.addForce(of: field, times: -3 * epsilon / 4, to: &a)
    field.multiplyByExponential(of: &a, times: 1, rescaling: 0)
    var second = start
    second.multiplyByExponential(of: embedded)
    return field.largestLinkDistance(to: second) / Double(field.group.n)
  }
}
