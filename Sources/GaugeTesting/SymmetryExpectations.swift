import GaugeChecks
import Lattice
import Testing

/// Expects that numbers do not change under gauge transformations.
///
/// ```swift
/// @Test func plaquette() {
///   expectGaugeInvariant("plaquette") { (u: PlainLinks) in myPlaquette(u.elements, u.extents) }
/// }
/// ```
///
/// - Parameter observable: takes `PlainLinks`, `LinkField` or a type of your own that is `PlainReadable`.
/// - Returns: the report, of which an issue is recorded where it does not hold.
@discardableResult
public func expectGaugeInvariant<Field: PlainReadable, Numbers: PlainNumbers>(
  _ name: String, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation,
  _ observable: @escaping (Field) throws -> Numbers
) -> SuiteReport {
  expectGaugeInvariant(.observable(name, observable), plan, sourceLocation: sourceLocation)
}

/// Expects that code, such as `.observable`, `.model` or `.siteNumbers`, gives numbers that do not change
/// under gauge transformations.
///
/// - Parameter knownAnswer: the exact numbers of an abelian field, [re, im] of complex ones; nil where they
///   are not known.
@discardableResult
public func expectGaugeInvariant(
  _ code: CheckedCode, _ plan: CheckPlan = CheckPlan(),
  knownAnswer: ((AbelianField) -> [Double]?)? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(CheckSuite.gauge(code, plan, knownAnswer: knownAnswer), sourceLocation)
}

/// Expects that matrices at sites, links or trajectories move along with gauge transformations.
///
/// ```swift
/// expectGaugeCovariant(.map("smearing") { (u: PlainLinks) in mySmearing(u) })
/// expectGaugeCovariant(.update("overrelaxation") { (u: inout MyField) in u.overrelax() })
/// expectGaugeCovariant(.siteField("clover") { (u: PlainLinks) in myClover(u) })
/// ```
@discardableResult
public func expectGaugeCovariant(
  _ code: CheckedCode, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(CheckSuite.gauge(code, plan), sourceLocation)
}

/// Expects that links of links, such as a smearing, commute with gauge transformations.
@discardableResult
public func expectGaugeCovariant<Field: PlainReadable, Result: PlainConvertible>(
  _ name: String, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation,
  _ map: @escaping (Field) throws -> Result
) -> SuiteReport {
  expectGaugeCovariant(.map(name, map), plan, sourceLocation: sourceLocation)
}

/// Expects that code commutes with translations, all by default: numbers do not change.
@discardableResult
public func expectTranslationCovariant(
  _ code: CheckedCode, by displacements: [[Int]]? = nil, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(CheckSuite.translation(code, by: displacements, plan), sourceLocation)
}

/// Expects that numbers do not change under translations.
@discardableResult
public func expectTranslationCovariant<Field: PlainReadable, Numbers: PlainNumbers>(
  _ name: String, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation,
  _ observable: @escaping (Field) throws -> Numbers
) -> SuiteReport {
  expectTranslationCovariant(
    .observable(name, observable), plan, sourceLocation: sourceLocation)
}

/// Expects that code commutes with permutations and reflections of the axes; numbers and channels move as
/// their labels say.
@discardableResult
public func expectLatticeCovariant(
  _ code: CheckedCode, under group: AxisSymmetryGroup = .hypercubic,
  _ plan: CheckPlan = CheckPlan(), sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(CheckSuite.lattice(code, under: group, plan), sourceLocation)
}

/// Expects that numbers with labels move with permutations and reflections of the axes.
@discardableResult
public func expectLatticeCovariant<Field: PlainReadable, Numbers: PlainNumbers>(
  _ name: String, labels: FieldLabels = .scalar, under group: AxisSymmetryGroup = .hypercubic,
  _ plan: CheckPlan = CheckPlan(), sourceLocation: SourceLocation = #_sourceLocation,
  _ observable: @escaping (Field) throws -> Numbers
) -> SuiteReport {
  expectLatticeCovariant(
    .observable(name, labels: labels, observable), under: group, plan,
    sourceLocation: sourceLocation)
}

/// Expects that code commutes with charge conjugation: matrices are conjugated, numbers have a parity.
@discardableResult
public func expectChargeConjugationCovariant(
  _ code: CheckedCode, parity: ChargeParity = .even, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation
) -> SuiteReport {
  expectHolds(CheckSuite.chargeConjugation(code, parity: parity, plan), sourceLocation)
}

/// Expects that numbers have a parity under charge conjugation.
@discardableResult
public func expectChargeConjugationCovariant<Field: PlainReadable, Numbers: PlainNumbers>(
  _ name: String, parity: ChargeParity = .even, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation,
  _ observable: @escaping (Field) throws -> Numbers
) -> SuiteReport {
  expectChargeConjugationCovariant(
    .observable(name, observable), parity: parity, plan, sourceLocation: sourceLocation)
}

/// Expects that code has the symmetries that it declares, and that those which it does not declare are
/// seen broken.
@discardableResult
public func expectSymmetries(
  _ declared: DeclaredSymmetries, of code: CheckedCode, _ plan: CheckPlan = CheckPlan(),
  sourceLocation: SourceLocation = #_sourceLocation
) -> [DeclaredReport] {
  let reports = CheckSuite.declared(declared, of: code, plan)
  for report in reports { record("\(report)", unless: report.isAsDeclared, sourceLocation) }
  return reports
}
