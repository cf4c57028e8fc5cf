import Compute
import Lattice

/// Goes through a plan with one kind of symmetry, the cheapest settings first, and stops at the first
/// that breaks it; where none does an adversary looks for a transformation; then for the smallest example.
struct SuiteExamination {
  let property: String
  let subject: CheckedCode
  let plan: CheckPlan
  let family: SymmetryFamily
  /// The exact output of an abelian field; nil where there is none.
  var knownAnswer: ((AbelianField) -> [Double]?)?

  /// A comparison above the tolerance.
  struct Breaking {
    let cell: SuiteCell
    let input: NamedInput
    let element: NamedElement
    let deviation: SuiteReport.Deviation
  }

  func report() -> SuiteReport {
    var count = 0
    var silent = 0
    let outcome: SuiteReport.Outcome
    do {
      outcome = try examine(count: &count, silent: &silent)
    } catch let stop as SuiteStop {
      outcome = .problem(stop.problem, setting: stop.setting, input: stop.input)
    } catch {
      outcome = .problem(.plan("\(error)"), setting: "", input: "")
    }
    return SuiteReport(
      subject: subject.name, property: property, outcome: outcome, settings: count,
      silentSettings: silent, calls: subject.calls, seed: plan.seed)
  }

  private func examine(count: inout Int, silent: inout Int) throws -> SuiteReport.Outcome {
    let cells = try plan.cells(subject.precision)
    guard !cells.isEmpty else {
      throw SuiteStop(problem: .plan("no groups, no lattices or no precisions"))
    }
    var nearest: SuiteReport.Deviation?
    var audible = [SuiteCell]()
    var constants = [SuiteCell]()
    for setting in cells {
      count += 1
      let cell = try SuiteCell(setting, plan, subject, kinds: plan.inputs)
      if let knownAnswer, let wrong = try wrongAnswer(cell, knownAnswer) {
        return .broken(wrong, smallest: wrong)
      }
      if let breaking = try firstBreaking(cell, &nearest) { return try shrunk(breaking) }
      if cell.isConstant {
        silent += 1
        constants.append(cell)
      } else {
        audible.append(cell)
      }
    }
    // A group with nothing but constant output has not been examined.
    for cell in constants where !audible.contains(where: { $0.cell.group == cell.cell.group }) {
      throw SuiteStop(
        problem: .constantOutput(values: cell.numbers[0].numbers(at: 0)),
        setting: "\(cell.cell.group)")
    }
    if let breaking = try adversary(audible, &nearest) { return try shrunk(breaking) }
    guard let nearest else { throw SuiteStop(problem: .plan("no transformations")) }
    return .holds(nearest)
  }

  private func firstBreaking(
    _ cell: SuiteCell, _ nearest: inout SuiteReport.Deviation?
  ) throws -> Breaking? {
    for index in cell.inputs.indices {
      let input = cell.inputs[index]
      for element in family.elements(for: input.input.links, seed: plan.seed) {
        let deviation = try cell.compare(index, element)
        if deviation.excess > nearest?.excess ?? -1 { nearest = deviation }
        if deviation.relative > cell.tolerance {
          try cell.confirm(index, element, deviation)
          return Breaking(cell: cell, input: input, element: element, deviation: deviation)
        }
      }
    }
    return nil
  }

  /// Looks for a transformation where those of the plan found nothing, in the cheapest setting of every
  /// group and precision.
  private func adversary(
    _ cells: [SuiteCell], _ nearest: inout SuiteReport.Deviation?
  ) throws -> Breaking? {
    guard case .gauge(let kinds) = family, plan.adversarySteps > 0, kinds.contains(.haar) else {
      return nil
    }
    var done = Set<String>()
    for cell in cells {
      guard done.insert("\(cell.cell.group), \(cell.cell.precision)").inserted else { continue }
      let input = cell.inputs[0]
      let g: SiteField<Double>
      if let climb = subject.climb {
        do {
          g = try climb(input.input.links, plan.adversarySteps, plan.seed)
        } catch {
          throw SuiteStop(
            problem: .threw("\(error)"), setting: "\(cell.cell)", input: "an ascent by gradient")
        }
      } else {
        var ascent = RandomAscent(input.input.links, seed: plan.seed)
        for _ in 0..<plan.adversarySteps {
          let proposal = ascent.proposal()
          ascent.take(
            proposal,
            try cell.compare(0, NamedElement(name: "", element: .gauge(proposal))).relative)
        }
        g = ascent.best
      }
      let element = NamedElement(
        name: "a transformation that an adversary found", element: .gauge(g))
      let deviation = try cell.compare(0, element)
      if deviation.excess > nearest?.excess ?? -1 { nearest = deviation }
      if deviation.relative > cell.tolerance {
        try cell.confirm(0, element, deviation)
        return Breaking(cell: cell, input: input, element: element, deviation: deviation)
      }
    }
    return nil
  }

  /// The deviation from what is known of an abelian field, if it is above the tolerance.
  private func wrongAnswer(
    _ cell: SuiteCell, _ answer: (AbelianField) -> [Double]?
  ) throws -> SuiteReport.Deviation? {
    let field = AbelianField(cell.cell.geometry, cell.cell.group)
    guard let expected = answer(field) else { return nil }
    let name = "\(InputKind.abelianConstant)"
    let found = try cell.value(of: SuiteInput(field.links()), name).numbers
    guard found.hasShape(of: CheckOutput(expected)) else {
      throw SuiteStop(
        problem: .changedShape(
          expected: CheckOutput(expected).shapeDescription, found: found.shapeDescription),
        setting: "\(cell.cell)", input: name)
    }
    let deviation = cell.deviation(
      found, CheckOutput(expected), name, "comparison with the exact answer")
    return deviation.relative > cell.tolerance ? deviation : nil
  }

  private func shrunk(_ breaking: Breaking) throws -> SuiteReport.Outcome {
    let smallest = SuiteShrinking(plan: plan, subject: subject, family: family).smallest(
      of: breaking)
    return .broken(breaking.deviation, smallest: smallest.deviation)
  }
}
