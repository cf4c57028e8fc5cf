import Compute
import Lattice
import Loops

extension CheckSuite {
  /// Whether a force is the derivative of an action: dS/ds = -sum tr(X F) along U -> exp(s X) U, F
  /// anti-hermitian.
  ///
  /// - Parameters:
  ///   - value: S of links.
  ///   - force: F, one matrix for every link.
  ///   - isPiecewiseConstant: whether S jumps and F has to be zero.
  public static func force<Field: PlainReadable, Force: PlainConvertible>(
    of name: String, _ plan: CheckPlan = CheckPlan(), isPiecewiseConstant: Bool = false,
    value: @escaping (Field) throws -> Double, force: @escaping (Field) throws -> Force
  ) -> SuiteReport {
    let values = CheckedCode.observable(name, value)
    let forces = CheckedCode(name, precision: Field.precision) { input, precision in
      .links(try force(converted(input.links, precision)).plain.linkField())
    }
    let action = ClosureAction(
      name: name, isPiecewiseConstant: isPiecewiseConstant,
      value: { try value(converted($0, $1)) },
      force: { try force(converted($0, $1)).plain })
    return report(action, plan, values, forces) { _, _ in true }
  }

  /// The same for an action of the package's protocol, in every precision, on the lattices and groups for
  /// which it exists.
  public static func force(
    of action: any Action, _ plan: CheckPlan = CheckPlan()
  ) -> SuiteReport {
    let values = CheckedCode(action.name, precision: nil) { input, precision in
      .numbers([action.value(of: input.links, precision)], .scalar)
    }
    let forces = CheckedCode(action.name, precision: nil) { input, precision in
      .links(action.force(of: input.links, precision).linkField())
    }
    return report(action, plan, values, forces) { geometry, group in
      (try? action.validate(geometry, group)) != nil
    }
  }

  private static func report(
    _ action: any Action, _ plan: CheckPlan, _ values: CheckedCode, _ forces: CheckedCode,
    _ exists: (Geometry, GaugeGroup) -> Bool
  ) -> SuiteReport {
    var plan = plan
    let closure = action as? ClosureAction
    // Differences of numbers in double precision at links rounded to single would be noise.
    if closure != nil, values.precision == nil {
      plan.precisions = plan.precisions.filter { $0 == .double }
    }
    do {
      plan = try plan.restricted(to: exists)
    } catch {
      return SuiteReport(
        subject: action.name, property: "agreement of force and action",
        outcome: .problem(.plan("\(error)"), setting: "", input: ""), settings: 0, calls: 0,
        seed: plan.seed)
    }
    return settingReport("agreement of force and action", values, plan) { setting, shrinking in
      let kinds: [InputKind] = [.haar, .nearUnit(0.3)]
      let cell = try SuiteCell(setting, plan, values, kinds: kinds)
      if let outside = try SuiteCell(setting, plan, forces, kinds: kinds).partOutsideAlgebra() {
        return outside
      }
      let checkSetting = CheckSetting(setting.geometry, setting.group, seed: plan.seed)
      let report =
        setting.precision == .double
        ? try ForceCheck.forceMatchesAction(action, on: checkSetting)
        : try ForceCheck.forceMatchesAction(action, on: checkSetting, precision: Float.self)
      if let problem = closure?.problem.problem {
        throw SuiteStop(problem: problem, setting: "\(setting)")
      }
      // A piecewise constant value without a force is all there is to see.
      if report.isVacuous || (cell.isConstant && report.deviation <= report.tolerance) {
        return nil
      }
      if report.isUnresolved, !report.isBroken {
        // In single precision differences of large actions are noise; double has said what there is.
        if setting.precision == .single, plan.precisions.contains(.double) { return nil }
        throw SuiteStop(
          problem: .unresolved("differences of the action along links are not smooth"),
          setting: "\(setting)")
      }
      return SuiteReport.Deviation(
        setting: "\(setting)", input: report.direction,
        transformation: "the slope of the action along a generator",
        place: report.place.map { "\($0)" } ?? "the force of all links", relative: report.deviation,
        tolerance: report.tolerance, expected: [report.expected], found: [report.found])
    }
  }
}

extension SuiteCell {
  /// The matrix that is furthest from anti-hermitian and traceless, if it is so by more than rounding.
  fileprivate func partOutsideAlgebra() -> SuiteReport.Deviation? {
    for (index, output) in outputs.enumerated() {
      guard case .links(let force) = output else { continue }
      var projected = force
      for site in 0..<force.geometry.volume {
        for mu in 0..<force.dimension {
          projected[site, mu] = force[site, mu].tracelessAntihermitian
        }
      }
      let deviation = deviation(
        CheckOutput(force), CheckOutput(projected), inputs[index].name,
        "the projection on the algebra")
      if deviation.excess > 1 { return deviation }
    }
    return nil
  }
}

extension CheckPlan {
  /// The lattices and groups for which something exists, all combinations of them.
  ///
  /// - Throws: `SuiteStop` where there are none.
  func restricted(to exists: (Geometry, GaugeGroup) -> Bool) throws -> CheckPlan {
    var plan = self
    let geometries = try lattices.map { try Geometry($0) }
    plan.groups = groups.filter { group in geometries.contains { exists($0, group) } }
    plan.lattices = geometries.filter { geometry in
      plan.groups.allSatisfy { exists(geometry, $0) }
    }.map(\.extents)
    guard !plan.groups.isEmpty, !plan.lattices.isEmpty else {
      throw SuiteStop(problem: .plan("it exists for no group and lattice of the plan"))
    }
    return plan
  }
}

extension Action {
  fileprivate func value(of links: LinkField<Double>, _ precision: CheckPrecision) -> Double {
    precision == .double ? value(of: links) : value(of: LinkField<Float>(links))
  }

  fileprivate func force(of links: LinkField<Double>, _ precision: CheckPrecision) -> PlainLinks {
    precision == .double
      ? PlainLinks(force(of: links)) : PlainLinks(force(of: LinkField<Float>(links)))
  }
}

/// Somebody's value and force as an action.
private struct ClosureAction: Action, @unchecked Sendable {
  /// The first thing that went wrong.
  final class Problem {
    var problem: CheckProblem?
  }

  let name: String
  let isPiecewiseConstant: Bool
  let value: (LinkField<Double>, CheckPrecision) throws -> Double
  let force: (LinkField<Double>, CheckPrecision) throws -> PlainLinks
  // Checks call from one thread.
  let problem = Problem()

  func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    do {
      let value = try value(LinkField<Double>(field), LinkField<Scalar>.precision!)
      if !value.isFinite { note(.notFinite(place: .output(0), value: value)) }
      return [value]
    } catch {
      note(.threw("\(error)"))
      return [.nan]
    }
  }

  func addForce<Scalar>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    do {
      let force = try force(LinkField<Double>(field), LinkField<Scalar>.precision!)
      let elements: AlgebraField<Scalar> = force.algebraField()
      momenta.add(elements, times: Scalar(factor))
    } catch {
      note(.threw("\(error)"))
    }
  }

  private func note(_ found: CheckProblem) {
    if problem.problem == nil { problem.problem = found }
  }
}
