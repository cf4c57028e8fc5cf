import Compute
import Lattice

/// The body of every check: f(s U) against s f(U), for all inputs U and elements s of a symmetry.
struct SymmetryExamination<Input, Result, Element> {
  let check: String
  let subject: String
  let symmetry: String
  let setting: CheckSetting
  let inputs: [Input]
  /// The unit roundoff.
  let ulp: Double
  /// Elements of the symmetry for an input, with their names.
  let elements: (Input) -> [(name: String, element: Element)]
  let onInput: (Input, Element) -> Input
  let onOutput: (Result, Element) -> Result
  let numbers: (Result) -> CheckOutput

  func report(_ function: (Input) throws -> Result) throws -> SymmetryReport {
    let results = try inputs.map(function)
    let outputs = results.map(numbers)
    let scales = CheckOutput.scales(of: outputs, ulp: ulp)
    let tolerance = setting.tolerance.value(ulp: ulp)
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

extension SymmetryExamination {
  /// With the link fields of the setting as inputs.
  init<Scalar>(
    check: String, subject: String, symmetry: String, setting: CheckSetting,
    elements: @escaping (Input) -> [(name: String, element: Element)],
    onInput: @escaping (Input, Element) -> Input,
    onOutput: @escaping (Result, Element) -> Result, numbers: @escaping (Result) -> CheckOutput
  ) throws where Input == LinkField<Scalar> {
    self.init(
      check: check, subject: subject, symmetry: symmetry, setting: setting,
      inputs: try setting.inputs(of: Scalar.self), ulp: Double(Scalar.ulpOfOne),
      elements: elements, onInput: onInput, onOutput: onOutput, numbers: numbers)
  }
}
