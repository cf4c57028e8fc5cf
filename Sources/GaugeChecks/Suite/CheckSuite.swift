import Compute
import Lattice

/// Suites of checks: one property of somebody's code on everything that a plan asks for.
///
/// The cheapest settings come first. Code that throws, gives nan, changes the shape of its output or does
/// not repeat itself is named as such; what is broken is shrunk to the smallest lattice and group, and the
/// simplest field and transformation, that still show it.
///
/// ```swift
/// let code = CheckedCode.observable("plaquette") { (u: PlainLinks) in myPlaquette(u.elements) }
/// print(CheckSuite.gauge(code))
/// ```
public enum CheckSuite {
  /// Whether code commutes with gauge transformations: numbers do not change, matrices turn with their
  /// site, links with both ends.
  ///
  /// - Parameter knownAnswer: the exact numbers of an abelian field, [re, im] of complex ones; nil where
  ///   they are not known.
  public static func gauge(
    _ code: CheckedCode, _ plan: CheckPlan = CheckPlan(),
    knownAnswer: ((AbelianField) -> [Double]?)? = nil
  ) -> SuiteReport {
    SuiteExamination(
      property: "gauge symmetry", subject: code, plan: plan,
      family: .gauge(plan.transformations), knownAnswer: knownAnswer
    ).report()
  }

  /// Whether code commutes with translations, U_mu(x) -> U_mu(x + a), all by default.
  public static func translation(
    _ code: CheckedCode, by displacements: [[Int]]? = nil, _ plan: CheckPlan = CheckPlan()
  ) -> SuiteReport {
    SuiteExamination(
      property: "translation symmetry", subject: code, plan: plan,
      family: .translation(displacements)
    ).report()
  }

  /// Whether code commutes with permutations and reflections of the axes.
  public static func lattice(
    _ code: CheckedCode, under group: AxisSymmetryGroup = .hypercubic,
    _ plan: CheckPlan = CheckPlan()
  ) -> SuiteReport {
    SuiteExamination(
      property: "lattice (\(group)) symmetry", subject: code, plan: plan,
      family: .axes(group)
    ).report()
  }

  /// Whether code commutes with charge conjugation, U -> U*: matrices are conjugated, numbers have a
  /// parity.
  public static func chargeConjugation(
    _ code: CheckedCode, parity: ChargeParity = .even, _ plan: CheckPlan = CheckPlan()
  ) -> SuiteReport {
    SuiteExamination(
      property: "charge conjugation symmetry", subject: code, plan: plan,
      family: .chargeConjugation(parity)
    ).report()
  }
}
