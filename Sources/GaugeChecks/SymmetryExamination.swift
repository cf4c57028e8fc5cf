import Compute
import Lattice

/// The body of every check: f(s U) against s f(U), for all inputs U and elements s of a symmetry.
struct SymmetryExamination<Scalar: LatticeReal, Result, Element> {
  let check: String
  let subject: String
  let symmetry: String
  let setting: CheckSetting
  /// Elements of the symmetry for a field, with their names.
  let elements: (LinkField<Scalar>) -> [(name: String, element: Element)]
  let onInput: (LinkField<Scalar>, Element) -> LinkField<Scalar>
  let onOutput: (Result, Element) -> Result
  let numbers: (Result) -> CheckOutput

  func report(_ function: (LinkField<Scalar>) throws -> Result) throws -> SymmetryReport {
    let inputs = try setting.inputs(of: Scalar.self)
    let results = try inputs.map(function)
    let outputs = results.map(numbers)
    let scales = CheckOutput.scales(of: outputs, ulp: Double(Scalar.ulpOfOne))
    let tolerance = setting.tolerance.value(ulp: Double(Scalar.ulpOfOne))
    // Inputs that give one output within rounding could not have shown a difference.
    let spread = outputs.dropFirst().reduce(0.0) {
      max($0, $1.largestDeviation(from: outputs[0], scales: scales).value)
    }

    var worst = (deviation: -1.0, place: 0, name: "", found: outputs[0], expected: outputs[0])
    for (index, input) in inputs.enumerated() {
      for (name, element) in elements(input) {
        let found = numbers(try function(onInput(input, element)))
        let expected = numbers(onOutput(results[index], element))
        let (place, deviation) = found.largestDeviation(from: expected, scales: scales)
        if deviation > worst.deviation {
          worst = (deviation, place, "\(name), input \(index)", found, expected)
        }
      }
    }
    return SymmetryReport(
      check: check, subject: subject, symmetry: symmetry, setting: "\(setting)",
      deviation: max(0, worst.deviation), tolerance: tolerance,
      place: worst.expected.place(worst.place), transformation: worst.name,
      expected: worst.place < worst.expected.placeCount
        ? worst.expected.numbers(at: worst.place) : [],
      found: worst.place < worst.found.placeCount ? worst.found.numbers(at: worst.place) : [],
      seed: setting.seed, isVacuous: worst.deviation < 0 || !(spread > tolerance))
  }
}
