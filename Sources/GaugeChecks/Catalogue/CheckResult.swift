/// One line of a list of checks: what was asked of what, and what came out.
///
/// All reports of this module become such lines, so that a table, a JSON object and an exit status can
/// be made of any of them.
public struct CheckResult: Sendable, Hashable, CustomStringConvertible {
  public enum Verdict: String, Sendable, Hashable {
    /// What was declared holds within the tolerance.
    case holds
    /// What is not declared was seen to be broken, by a thousand tolerances.
    case seenBroken = "seen broken"
    /// What was declared does not hold.
    case violated
    /// What is not declared was not seen to be broken: the check is blind, or too little is declared.
    case notSeenBroken = "not seen broken"
    /// The check could not have failed.
    case vacuous
    /// Numbers were too inaccurate to say anything.
    case unresolved
    /// An answer to a question that has no right answer.
    case yes, no
  }

  /// The name of the subject, such as `observables/plaquette` or a file.
  public let subject: String
  /// What was asked: a symmetry such as "gauge" or "translation", "force", "reversibility", ...
  public let check: String
  /// The lattice and group, such as "SU(3) on 2x3x4".
  public let setting: String
  /// The largest relative deviation; of statistical checks, the largest pull in standard deviations.
  public let deviation: Double?
  /// What the deviation may be.
  public let tolerance: Double?
  public let verdict: Verdict
  /// The whole report in one line.
  public let detail: String

  public init(
    subject: String, check: String, setting: String, deviation: Double?, tolerance: Double?,
    verdict: Verdict, detail: String
  ) {
    (self.subject, self.check, self.setting) = (subject, check, setting)
    (self.deviation, self.tolerance) = (deviation, tolerance)
    (self.verdict, self.detail) = (verdict, detail)
  }

  /// A deviation that has to stay within a tolerance; what is not a number does not.
  public init(
    subject: String, check: String, setting: String, deviation: Double, tolerance: Double,
    detail: String = ""
  ) {
    self.init(
      subject: subject, check: check, setting: setting, deviation: deviation,
      tolerance: tolerance, verdict: deviation <= tolerance ? .holds : .violated, detail: detail)
  }

  /// Whether the verdict is one that was wished for.
  public var passes: Bool {
    switch verdict {
    case .holds, .seenBroken, .yes, .no: true
    case .violated, .notSeenBroken, .vacuous, .unresolved: false
    }
  }

  public var description: String {
    "\(subject), \(check) (\(setting)): \(verdict.rawValue)" + (detail.isEmpty ? "" : "; \(detail)")
  }
}

extension CheckResult {
  /// - Parameter subject: the name in the list; the report has one of its own.
  public init(_ report: SymmetryReport, subject: String) {
    let verdict: Verdict =
      report.isVacuous
      ? .vacuous
      : report.isDeclared
        ? (report.holds ? .holds : .violated) : (report.isBroken ? .seenBroken : .notSeenBroken)
    self.init(
      subject: subject, check: report.symmetry, setting: report.setting,
      deviation: report.deviation, tolerance: report.tolerance, verdict: verdict,
      detail: report.description)
  }

  public init(_ report: ForceReport, subject: String) {
    self.init(
      subject: subject, check: "force", setting: report.setting, deviation: report.deviation,
      tolerance: report.tolerance,
      verdict: report.isVacuous
        ? .vacuous : report.isUnresolved ? .unresolved : report.holds ? .holds : .violated,
      detail: report.description)
  }

  public init(_ report: ReversibilityReport, subject: String) {
    self.init(
      subject: subject, check: "reversibility", setting: report.setting,
      deviation: max(report.links, report.momenta, report.energy), tolerance: report.tolerance,
      verdict: report.isVacuous ? .vacuous : report.holds ? .holds : .violated,
      detail: report.description)
  }

  /// The deviation is that of the order.
  public init(_ report: EnergyReport, subject: String) {
    let order = report.order
    self.init(
      subject: subject, check: "energy conservation", setting: report.setting,
      deviation: order.map { abs($0.value - Double(report.declaredOrder)) },
      tolerance: order.map { max(0.05, 4 * $0.error) },
      verdict: report.holds
        ? .holds
        : (order.map { $0.error > EnergyReport.largestError } ?? true) ? .unresolved : .violated,
      detail: report.description)
  }

  /// The deviation is the pull of a normal distribution with the same p-value.
  public init(_ report: LawReport, subject: String) {
    self.init(
      subject: subject, check: "gauge, in law", setting: report.setting,
      deviation: normalQuantile(twoSidedTail: report.pValue),
      tolerance: normalQuantile(twoSidedTail: report.falseAlarmRate),
      verdict: report.isVacuous ? .vacuous : report.holds ? .holds : .violated,
      detail: report.description)
  }

  public init(_ report: AcceptanceReport, subject: String) {
    self.init(
      subject: subject, check: "acceptance", setting: report.setting,
      deviation: report.largestPull,
      tolerance: normalQuantile(
        twoSidedTail: report.falseAlarmRate / Double(max(1, report.tests.count))),
      verdict: report.isVacuous ? .vacuous : report.holds ? .holds : .violated,
      detail: report.description)
  }

  public init(_ report: BalanceReport, subject: String) {
    self.init(
      subject: subject, check: "balance with \(report.reference)", setting: report.setting,
      deviation: report.largestPull,
      tolerance: normalQuantile(
        twoSidedTail: report.falseAlarmRate / Double(max(1, report.comparisons.count))),
      verdict: report.isUnresolved ? .unresolved : report.holds ? .holds : .violated,
      detail: report.description)
  }
}
