import Compute
import Lattice

/// An input with its name.
struct NamedInput {
  let name: String
  let input: SuiteInput
}

/// What ends an examination before it can say anything.
struct SuiteStop: Error {
  let problem: CheckProblem
  var setting = ""
  var input = ""
}

/// The inputs of one setting with their outputs, which have been found finite, of one shape and
/// repeatable.
struct SuiteCell {
  let cell: CheckCell
  let tolerance: Double
  let inputs: [NamedInput]
  let outputs: [SuiteOutput]
  let numbers: [CheckOutput]
  private let scales: [Double]
  /// Whether all inputs gave one output within rounding.
  let isConstant: Bool
  private let subject: CheckedCode

  init(_ cell: CheckCell, _ plan: CheckPlan, _ subject: CheckedCode, kinds: [InputKind]) throws {
    self.cell = cell
    self.subject = subject
    tolerance = plan.tolerance(cell.geometry, cell.group, cell.precision)
    var inputs = [NamedInput]()
    if let stored = cell.stored {
      inputs.append(Self.input("stored links", stored.linkField(), subject, plan.seed))
    }
    for (index, kind) in kinds.enumerated() {
      let links = kind.make(cell.geometry, cell.group, seed: plan.seed &* 16 &+ UInt64(index))
      inputs.append(Self.input("\(kind)", links, subject, plan.seed &+ UInt64(index)))
    }
    guard !inputs.isEmpty else { throw SuiteStop(problem: .plan("no inputs")) }
    var (outputs, numbers, again) = ([SuiteOutput](), [CheckOutput](), [CheckOutput]())
    for input in inputs {
      let output = try Self.call(subject, input.input, cell, input.name)
      let second = try Self.call(subject, input.input, cell, input.name).numbers
      let (first, shape) = (output.numbers, numbers.first ?? output.numbers)
      guard !first.values.isEmpty else {
        throw SuiteStop(
          problem: .constantOutput(values: []), setting: "\(cell)", input: input.name)
      }
      for found in [first, second] where !found.hasShape(of: shape) {
        throw SuiteStop(
          problem: .changedShape(
            expected: shape.shapeDescription, found: found.shapeDescription),
          setting: "\(cell)", input: input.name)
      }
      outputs.append(output)
      numbers.append(first)
      again.append(second)
    }
    // A number that happens to vanish has the rounding errors of the others.
    let own = CheckOutput.scales(of: numbers, ulp: cell.precision.ulp)
    let scales = own.map { max($0, own.max()! / 10) }
    self.scales = scales
    (self.inputs, self.outputs, self.numbers) = (inputs, outputs, numbers)
    let deviations = numbers.dropFirst().map { [first = numbers[0]] in
      $0.largestDeviation(from: first, scales: scales).value
    }
    if let spread = deviations.max() {
      isConstant = !(spread > tolerance)
    } else {
      isConstant = Self.givesTheSame(numbers[0], scales, tolerance, plan.seed, subject, cell)
    }
    for index in inputs.indices {
      let (place, difference) = again[index].largestDeviation(
        from: numbers[index], scales: scales)
      if difference > tolerance {
        throw SuiteStop(
          problem: .notDeterministic(place: again[index].place(place), difference: difference),
          setting: "\(cell)", input: inputs[index].name)
      }
    }
  }

  /// Whether the output of a single input is that of other links too; where these cannot be had, whether it
  /// is zero.
  private static func givesTheSame(
    _ only: CheckOutput, _ scales: [Double], _ tolerance: Double, _ seed: UInt64,
    _ subject: CheckedCode, _ cell: CheckCell
  ) -> Bool {
    let links = InputKind.nearUnit(0.4).make(cell.geometry, cell.group, seed: seed &+ 99)
    let other = input("links near the unit", links, subject, seed &+ 99)
    guard let found = try? call(subject, other.input, cell, other.name).numbers,
      found.hasShape(of: only)
    else { return only.values.allSatisfy { $0 == 0 } }
    return !(found.largestDeviation(from: only, scales: scales).value > tolerance)
  }

  private static func input(
    _ name: String, _ links: LinkField<Double>, _ subject: CheckedCode, _ seed: UInt64
  ) -> NamedInput {
    guard subject.takesMomenta else { return NamedInput(name: name, input: SuiteInput(links)) }
    let point = PhaseSpacePoint(links, seed: seed, trajectory: 0)
    return NamedInput(name: name, input: SuiteInput(links, momenta: point.momenta))
  }

  /// The output of an input, which has to be finite.
  private static func call(
    _ subject: CheckedCode, _ input: SuiteInput, _ cell: CheckCell, _ name: String
  ) throws -> SuiteOutput {
    let output: SuiteOutput
    do {
      output = try subject(input, cell.precision)
    } catch let error as SuiteStop {
      throw error
    } catch {
      throw SuiteStop(problem: .threw("\(error)"), setting: "\(cell)", input: name)
    }
    if let found = output.misplaced(from: input.links) {
      throw SuiteStop(
        problem: .changedShape(
          expected: "fields of \(input.links.group) on \(input.links.geometry)", found: found),
        setting: "\(cell)", input: name)
    }
    if let (place, value) = output.numbers.firstNotFinite {
      throw SuiteStop(
        problem: .notFinite(place: place, value: value), setting: "\(cell)", input: name)
    }
    if let words = output.mislabelled(dimension: cell.geometry.dimension) {
      throw SuiteStop(problem: .plan(words), setting: "\(cell)", input: name)
    }
    return output
  }

  /// The output of another input than those of the cell.
  func value(of input: SuiteInput, _ name: String) throws -> SuiteOutput {
    try Self.call(subject, input, cell, name)
  }

  /// The output of another input than those of the cell, which has to repeat itself.
  func repeatableValue(of input: SuiteInput, _ name: String) throws -> SuiteOutput {
    let output = try value(of: input, name)
    let (first, second) = (output.numbers, try value(of: input, name).numbers)
    for found in [first, second] where !found.hasShape(of: numbers[0]) {
      throw SuiteStop(
        problem: .changedShape(
          expected: numbers[0].shapeDescription, found: found.shapeDescription),
        setting: "\(cell)", input: name)
    }
    let (place, difference) = second.largestDeviation(from: first, scales: scales)
    if difference > tolerance {
      throw SuiteStop(
        problem: .notDeterministic(place: second.place(place), difference: difference),
        setting: "\(cell)", input: name)
    }
    return output
  }

  /// The output of the transformed input against the transformed output.
  func compare(_ index: Int, _ named: NamedElement) throws -> SuiteReport.Deviation {
    let expected = outputs[index].transformed(by: named.element).numbers
    return try compare(inputs[index], expected, named)
  }

  /// The same for another input than those of the cell, whose output is taken first.
  func compare(_ input: NamedInput, _ named: NamedElement) throws -> SuiteReport.Deviation {
    let output = try Self.call(subject, input.input, cell, input.name)
    return try compare(input, output.transformed(by: named.element).numbers, named)
  }

  private func compare(
    _ input: NamedInput, _ expected: CheckOutput, _ named: NamedElement
  ) throws -> SuiteReport.Deviation {
    let found = try Self.call(
      subject, input.input.transformed(by: named.element), cell,
      "\(named.name) of \(input.name)"
    ).numbers
    guard found.hasShape(of: expected) else {
      throw SuiteStop(
        problem: .changedShape(
          expected: expected.shapeDescription, found: found.shapeDescription),
        setting: "\(cell)", input: "\(named.name) of \(input.name)")
    }
    return deviation(found, expected, input.name, named.name, scales(for: named.element))
  }

  func deviation(
    _ found: CheckOutput, _ expected: CheckOutput, _ input: String, _ transformation: String,
    _ scales: [Double]? = nil
  ) -> SuiteReport.Deviation {
    let (place, value) = found.largestDeviation(from: expected, scales: scales ?? self.scales)
    return SuiteReport.Deviation(
      setting: "\(cell)", input: input, transformation: transformation,
      place: "\(expected.place(place))", relative: value, tolerance: tolerance,
      expected: expected.numbers(at: place), found: found.numbers(at: place))
  }

  /// Axes carry one output to the place of another: all have one scale.
  private func scales(for element: SymmetryElement) -> [Double] {
    guard case .axes = element else { return scales }
    return scales.map { _ in scales.max()! }
  }

  /// Throws where the calls behind a deviation do not repeat.
  func confirm(_ index: Int, _ named: NamedElement, _ deviation: SuiteReport.Deviation) throws {
    let input = inputs[index]
    let again = try Self.call(subject, input.input, cell, input.name).numbers
    let (place, value) = again.largestDeviation(from: numbers[index], scales: scales)
    let second = try compare(index, named)
    let difference = max(value, abs(second.relative - deviation.relative))
    if difference > max(tolerance, deviation.relative / 10) {
      throw SuiteStop(
        problem: .notDeterministic(place: again.place(place), difference: difference),
        setting: "\(cell)", input: input.name)
    }
  }
}
