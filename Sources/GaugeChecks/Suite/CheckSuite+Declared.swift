import Lattice

/// What a suite found of a symmetry that code declares, or does not.
public struct DeclaredReport: Sendable, Hashable, CustomStringConvertible {
  public let report: SuiteReport
  /// Whether the symmetry is declared and has to hold, or is not and has to be seen broken.
  public let isDeclared: Bool

  /// Whether a declared symmetry holds, or one that is not declared is broken beyond doubt.
  public var isAsDeclared: Bool { isDeclared ? report.holds : report.isBroken }

  public var description: String {
    isAsDeclared
      ? "as declared: \(report)"
      : isDeclared
        ? "declared: \(report)" : "not declared, though it was not seen broken: \(report)"
  }
}

extension CheckSuite {
  /// Asserts what code declares, lattice symmetries included, and shows broken what it does not.
  ///
  /// - Returns: a report for each symmetry; all have to be `isAsDeclared`.
  public static func declared(
    _ declared: DeclaredSymmetries, of code: CheckedCode, _ plan: CheckPlan = CheckPlan()
  ) -> [DeclaredReport] {
    func report(_ isDeclared: Bool, _ report: SuiteReport) -> DeclaredReport {
      DeclaredReport(report: report, isDeclared: isDeclared)
    }
    func gauge(_ kinds: [GaugeTransformationKind]) -> SuiteReport {
      var plan = plan
      plan.transformations = kinds
      return Self.gauge(code, plan)
    }
    var reports = [DeclaredReport]()
    switch declared.gauge {
    case .all: reports.append(report(true, Self.gauge(code, plan)))
    case .diagonal: reports += [report(true, gauge([.diagonal])), report(false, gauge([.haar]))]
    case .none: reports.append(report(false, Self.gauge(code, plan)))
    }
    switch declared.translation {
    case .all: reports.append(report(true, translation(code, plan)))
    case .even:
      for d in Set(plan.lattices.map(\.count)).sorted() {
        var even = plan
        even.lattices = plan.lattices.filter {
          $0.count == d && $0.allSatisfy { $0.isMultiple(of: 2) }
        }
        let displacements = TranslationCheck.evenDisplacements(d)
        if !even.lattices.isEmpty {
          reports.append(report(true, translation(code, by: displacements, even)))
        }
        even.lattices = plan.lattices.filter { $0.count == d }
        let step = (0..<d).map { $0 == 0 ? 1 : 0 }
        reports.append(report(false, translation(code, by: [step], even)))
      }
    case .none: reports.append(report(false, translation(code, plan)))
    }
    if let group = declared.lattice {
      reports.append(report(true, lattice(code, under: group, plan)))
    }
    let rest: AxisSymmetryGroup? =
      declared.lattice == nil ? .hypercubic : declared.lattice!.complement
    if let rest {
      reports.append(report(false, lattice(code, under: rest, plan)))
    }
    for parity in declared.chargeConjugation.map({ [$0] }) ?? [.even, .odd] {
      reports.append(
        report(
          declared.chargeConjugation != nil, chargeConjugation(code, parity: parity, plan)))
    }
    return reports
  }
}

extension AxisSymmetryGroup {
  /// Elements that complete it to the hypercubic group; nil for that group itself, and where nothing is
  /// said of others.
  fileprivate var complement: AxisSymmetryGroup? {
    switch self {
    case .hypercubic, .elements: nil
    case .rotations, .permutations: .reflections
    case .reflections: .permutations
    case .spatial:
      .elements(
        (2...Geometry.maximumDimension).map { .exchange($0 - 2, $0 - 1, dimension: $0) })
    }
  }
}
