import GaugeChecks
import Lattice
import Loops
import Testing

/// Expects that an integrator of links and momenta comes back to where it began when the momenta are
/// turned around.
///
/// Momenta P_mu(x) are anti-hermitian, with dU/ds = P U.
@discardableResult
public func expectReversible<Field: PlainConvertible, Momenta: PlainConvertible>(
  _ name: String, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation,
  _ trajectory: @escaping (inout Field, inout Momenta) throws -> Void
) -> SuiteReport {
  expectHolds(
    CheckSuite.reversibility(.trajectory(name, trajectory), plan), sourceLocation)
}

/// Expects that a force is the derivative of an action: dS/ds = -sum tr(X F) along U -> exp(s X) U.
///
/// - Parameters:
///   - value: S of links.
///   - force: F, an anti-hermitian matrix for every link.
///   - isPiecewiseConstant: whether S jumps and F has to be zero.
@discardableResult
public func expectForceMatchesAction<Field: PlainReadable, Force: PlainConvertible>(
  _ name: String, _ plan: CheckPlan = CheckPlan(), isPiecewiseConstant: Bool = false,
  value: @escaping (Field) throws -> Double, force: @escaping (Field) throws -> Force,
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(
    CheckSuite.force(
      of: name, plan, isPiecewiseConstant: isPiecewiseConstant, value: value, force: force),
    sourceLocation)
}

/// Expects that the force of an action is the derivative of its value, wherever in the plan it exists.
@discardableResult
public func expectForceMatchesAction(
  _ action: any Action, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(CheckSuite.force(of: action, plan), sourceLocation)
}

/// Expects that an updater of the Wilson action has the exact plaquette, and its square, on a small torus:
/// SU(2) on 2 x 2 unless the plan says otherwise.
///
/// A statistical test: with the default effort a false alarm in 10^5 choices of seeds.
///
/// - Parameters:
///   - beta: the coupling.
///   - effort: lattices, and updates of each; the more, the smaller the mistakes that are seen.
///   - update: one update; the number differs from call to call and is to be the seed, or part of it.
@discardableResult
public func expectDetailedBalance<Field: PlainConvertible>(
  _ name: String, beta: Double, _ plan: CheckPlan = CheckPlan(.su2, [2, 2]),
  effort: SamplingEffort = SamplingEffort(replicas: 256, updates: 60, thermalization: 10),
  falseAlarmRate: Double = 1e-5, sourceLocation: SourceLocation = #_sourceLocation,
  _ update: @escaping (inout Field, _ number: UInt64) throws -> Void
) -> SuiteReport {
  expectHolds(
    CheckSuite.detailedBalance(
      of: name, beta: beta, plan, effort: effort, falseAlarmRate: falseAlarmRate, update: update),
    sourceLocation)
}
