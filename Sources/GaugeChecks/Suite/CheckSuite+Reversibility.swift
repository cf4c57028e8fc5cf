import Compute
import Lattice

extension CheckSuite {
  /// Whether an integrator comes back to where it began when the momenta are turned around: links and
  /// momenta, to `IntegratorCheck.reversibilityTolerance` unless the plan says otherwise.
  ///
  /// Both ways are gone twice, and have to repeat themselves.
  ///
  /// - Parameter code: made by `CheckedCode.trajectory`.
  public static func reversibility(
    _ code: CheckedCode, _ plan: CheckPlan = CheckPlan()
  ) -> SuiteReport {
    precondition(code.takesMomenta, "reversibility is that of a trajectory of links and momenta")
    var plan = plan
    // Plain arrays are integrated as they are.
    if code.precision == nil { plan.precisions = plan.precisions.filter { $0 == .double } }
    return settingReport("reversibility", code, plan) { setting, shrinking in
      let tolerance =
        plan.tolerance?.value(ulp: setting.precision.ulp)
        ?? IntegratorCheck.reversibilityTolerance(ulp: setting.precision.ulp)
      var cellPlan = plan
      cellPlan.tolerance = .relative(tolerance)
      let kinds: [InputKind] = shrinking ? [.unit, .nearUnit(0.3), .haar] : plan.inputs
      let cell = try SuiteCell(setting, cellPlan, code, kinds: kinds)
      var worst: SuiteReport.Deviation?
      var largestMove = 0.0
      for (index, input) in cell.inputs.enumerated() {
        guard case .phaseSpace(let end) = cell.outputs[index] else {
          preconditionFailure("a trajectory ends with links and momenta")
        }
        let start = PhaseSpacePoint(input.input.links, input.input.momenta!)
        largestMove = max(largestMove, end.links.largestLinkDistance(to: start.links))
        let back = try cell.repeatableValue(
          of: SuiteInput(end.links, momenta: end.turnedAround.momenta),
          "the way back of \(input.name)")
        guard case .phaseSpace(let returned) = back else {
          preconditionFailure("a trajectory ends with links and momenta")
        }
        let expected = CheckOutput(start)
        let root = Double(setting.group.n).squareRoot()
        let links = expected.placeCount / 2
        let norm = max(
          (start.momenta.kineticEnergy() / Double(links)).squareRoot(), .leastNormalMagnitude)
        let deviation = cell.deviation(
          CheckOutput(returned.turnedAround), expected, input.name, "a trajectory forth and back",
          (0..<(2 * links)).map { $0 < links ? root : norm })
        if deviation.excess > worst?.excess ?? -1 { worst = deviation }
        if shrinking, deviation.excess > 1 { break }
      }
      guard largestMove > 1000 * tolerance else {
        throw SuiteStop(
          problem: .unresolved("trajectories did not move the links"), setting: "\(setting)")
      }
      return .some(worst!)
    }
  }

  /// Goes through the settings of a plan, the cheapest first, with a comparison of one setting; where one
  /// is above its tolerance, smaller settings are tried.
  ///
  /// - Parameter compare: what came nearest to the tolerance; nil where nothing could be seen.
  static func settingReport(
    _ property: String, _ code: CheckedCode, _ plan: CheckPlan,
    _ compare: (CheckCell, _ shrinking: Bool) throws -> SuiteReport.Deviation?
  ) -> SuiteReport {
    var (count, silent) = (0, 0)
    func examine() throws -> SuiteReport.Outcome {
      let cells = try plan.cells(code.precision)
      guard !cells.isEmpty else {
        throw SuiteStop(problem: .plan("no groups, no lattices or no precisions"))
      }
      var nearest: SuiteReport.Deviation?
      var (quiet, loud) = ([GaugeGroup](), Set<GaugeGroup>())
      for cell in cells {
        count += 1
        guard let deviation = try compare(cell, false) else {
          silent += 1
          quiet.append(cell.group)
          continue
        }
        loud.insert(cell.group)
        if deviation.excess > nearest?.excess ?? -1 { nearest = deviation }
        if !(deviation.excess <= 1) {
          let beyondDoubt = min(1000, max(2, deviation.excess / 100))
          for smaller in SuiteShrinking.candidates(below: cell, plan) {
            // What the code cannot do on this lattice is no smaller example.
            if let found = try? compare(smaller, true), found.excess > beyondDoubt {
              return .broken(deviation, smallest: found)
            }
          }
          return .broken(deviation, smallest: deviation)
        }
      }
      if let group = quiet.first(where: { !loud.contains($0) }) {
        throw SuiteStop(problem: .constantOutput(values: [0]), setting: "\(group)")
      }
      return .holds(nearest!)
    }
    let outcome: SuiteReport.Outcome
    do {
      outcome = try examine()
    } catch let stop as SuiteStop {
      outcome = .problem(stop.problem, setting: stop.setting, input: stop.input)
    } catch {
      outcome = .problem(.plan("\(error)"), setting: "", input: "")
    }
    return SuiteReport(
      subject: code.name, property: property, outcome: outcome, settings: count,
      silentSettings: silent, calls: code.calls, seed: plan.seed)
  }
}

extension PhaseSpacePoint {
  /// With the momenta turned around.
  var turnedAround: PhaseSpacePoint {
    var copy = self
    copy.momenta.scale(by: -1)
    return copy
  }
}
