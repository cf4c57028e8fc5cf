import Compute
import Lattice
import Loops
import Sampling

extension CheckCatalogue {
  /// The suites that are offered for anybody's code, on our own: all kinds of inputs and transformations, the
  /// axes of the lattice, an adversary, the smallest example of a failure, and a tolerance from the precision
  /// and the number of operations.
  static func suites<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    func subject(
      _ name: String, _ declared: DeclaredSymmetries,
      exists: @escaping @Sendable (CheckSetting) -> Bool = { _ in true },
      knownAnswer: (@Sendable (AbelianField) -> [Double]?)? = nil,
      _ code: @escaping @Sendable (String) -> CheckedCode
    ) -> CheckSubject {
      let name = "suites/\(name)"
      return CheckSubject(name) { setting in
        guard exists(setting) else { return [] }
        let plan = CheckPlan(setting, precision: S.self)
        var results = CheckSuite.declared(declared, of: code(name), plan).map {
          CheckResult($0, subject: name, setting)
        }
        if let knownAnswer {
          let report = CheckSuite.gauge(code(name), plan, knownAnswer: knownAnswer)
          results.append(
            CheckResult(
              DeclaredReport(report: report, isDeclared: true), subject: name, setting,
              check: "known answer"))
        }
        return results
      }
    }
    let even = DeclaredSymmetries(lattice: .hypercubic)
    let exactPlaquette: @Sendable (AbelianField) -> [Double]? = { [$0.plaquette] }
    // In SU(2) conjugation is a gauge transformation, and traces are real.
    let isComplex: @Sendable (CheckSetting) -> Bool = { $0.group != .su2 }
    return [
      subject("plaquette", even, knownAnswer: exactPlaquette) { name in
        .observable(name) { (u: LinkField<S>) in u.plaquette() }
      },
      subject("plane-plaquettes", even) { name in
        .observable(name, labels: .planes) { (u: LinkField<S>) in u.planePlaquettes() }
      },
      subject("rectangle", even) { name in
        .observable(name) { (u: LinkField<S>) in u.meanRectangle() ?? .nan }
      },
      subject("clover-energy", even) { name in
        .observable(name) { (u: LinkField<S>) in u.cloverEnergy() }
      },
      subject(
        "polyakov-loops", DeclaredSymmetries(chargeConjugation: .conjugate, lattice: .hypercubic),
        exists: isComplex
      ) { name in
        .observable(name, labels: .orientedDirections) { (u: LinkField<S>) in
          (0..<u.dimension).map { u.polyakovLoop($0)! }
        }
      },
      subject(
        "charge", DeclaredSymmetries(lattice: .hypercubic), exists: hasCloverCharge
      ) { name in
        .observable(name, labels: .pseudoscalar) { (u: LinkField<S>) in
          u.topologicalCharge(.clover) ?? .nan
        }
      },
      subject(
        "stout", DeclaredSymmetries(chargeConjugation: .conjugate, lattice: .hypercubic)
      ) { name in
        .map(name) { (u: LinkField<S>) in u.smeared(try Smearing("stout:0.1:2")) }
      },
      subject("wilson-action", even) { name in
        .observable(name) { (u: LinkField<S>) in
          try WilsonAction(beta: 2.5, dimension: u.dimension).valuesOfMembers(u)[0]
        }
      },
      CheckSubject("suites/wilson-force") { setting in
        // In single precision differences along links are rounding.
        guard S.self == Double.self else { return [] }
        let action = try WilsonAction(beta: 2.5, dimension: setting.geometry.dimension)
        let report = CheckSuite.force(of: action, CheckPlan(setting, precision: S.self))
        return [
          CheckResult(
            DeclaredReport(report: report, isDeclared: true), subject: "suites/wilson-force",
            setting)
        ]
      },
    ]
  }
}

extension CheckPlan {
  /// The plan of one setting in one precision.
  fileprivate init<S: LatticeReal>(_ setting: CheckSetting, precision: S.Type) {
    self.init(setting.group, setting.geometry.extents, seed: setting.seed)
    precisions = S.self == Double.self ? [.double] : [.single]
    adversarySteps = 20
  }
}

extension CheckResult {
  /// - Parameters:
  ///   - subject: the name in the list.
  ///   - check: what was asked; nil for the property of the report.
  init(
    _ declared: DeclaredReport, subject: String, _ setting: CheckSetting, check: String? = nil
  ) {
    let report = declared.report
    let verdict: Verdict =
      report.problem != nil
      ? .vacuous
      : declared.isDeclared
        ? (report.holds ? .holds : .violated) : (report.isBroken ? .seenBroken : .notSeenBroken)
    let deviation: SuiteReport.Deviation? =
      switch report.outcome {
      case .holds(let nearest): nearest
      case .broken(let first, _): first
      case .problem: nil
      }
    self.init(
      subject: subject, check: check ?? report.property, setting: "\(setting)",
      deviation: deviation?.relative, tolerance: deviation?.tolerance, verdict: verdict,
      detail: "\(report)")
  }
}
