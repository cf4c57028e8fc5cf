import Autodiff
import Compute
import Lattice

extension CheckSuite {
  /// Whether an adjoint is that of a map of plain arrays: <c, df/ds> = <adjoint(x, c), v> along x + s v,
  /// for random x, c and v.
  ///
  /// Differences are extrapolated to step 0 and good to some ten digits. Where they do not agree, single
  /// elements of input and output are looked for that show it.
  ///
  /// - Parameters:
  ///   - count: of the input.
  ///   - points: inputs to try beside three Gaussian ones.
  ///   - forward: f, smooth at the points.
  ///   - adjoint: the derivative of <c, f(x)> with respect to x, of x and the cotangent c.
  public static func adjoint(
    of name: String, count: Int, at points: [[Double]] = [], seed: UInt64 = 1,
    tolerance: Double = 1e-8, forward: @escaping ([Double]) throws -> [Double],
    adjoint: @escaping ([Double], _ cotangent: [Double]) throws -> [Double]
  ) -> SuiteReport {
    let examination = AdjointExamination(
      count: count, seed: seed, tolerance: tolerance, forward: forward, adjoint: adjoint)
    return SuiteReport(
      subject: name, property: "agreement of adjoint and differences",
      outcome: examination.outcome(points), settings: points.count + 3,
      calls: examination.calls, seed: seed)
  }

  /// Whether a gradient is that of a real function of a plain array.
  public static func gradient(
    of name: String, count: Int, at points: [[Double]] = [], seed: UInt64 = 1,
    tolerance: Double = 1e-8, value: @escaping ([Double]) throws -> Double,
    gradient: @escaping ([Double]) throws -> [Double]
  ) -> SuiteReport {
    adjoint(
      of: name, count: count, at: points, seed: seed, tolerance: tolerance,
      forward: { [try value($0)] },
      adjoint: { x, c in try gradient(x).map { c[0] * $0 } })
  }

  /// Whether the adjoint of numbers of links is right: the element G of every link with
  /// d<c, f>/ds = -sum tr(X G) along U -> exp(s X) U, for random cotangents c.
  ///
  /// - Parameter adjoint: G of links and the cotangent.
  public static func adjoint<Field: PlainReadable, Force: PlainConvertible>(
    of name: String, _ plan: CheckPlan = CheckPlan(),
    forward: @escaping (Field) throws -> [Double],
    adjoint: @escaping (Field, _ cotangent: [Double]) throws -> Force
  ) -> SuiteReport {
    func cotangent(_ count: Int) -> [Double] { gaussian(count, seed: plan.seed, purpose: 7) }
    let report = force(
      of: name, plan,
      value: { (u: Field) in
        let f = try forward(u)
        return zip(cotangent(f.count), f).reduce(0) { $0 + $1.0 * $1.1 }
      }, force: { (u: Field) in try adjoint(u, cotangent(forward(u).count)) })
    return report.renamed("agreement of adjoint and differences")
  }

  /// Whether the adjoints of a function on a tape agree with differences, each input on its own.
  ///
  /// Before that the function is called twice at the inputs, and has to repeat itself.
  ///
  /// - Parameter function: a tensor of any shape, of which a random combination is taken.
  public static func tape<each Input: PerturbableValue>(
    of name: String, at inputs: repeat each Input, seed: UInt64 = 1, tolerance: Double = 1e-8,
    function: (Tape, repeat Variable<each Input>) throws -> Variable<Tensor<Double>>
  ) -> SuiteReport {
    let outcome: SuiteReport.Outcome
    var (comparisons, calls) = (0, 0)
    do {
      var shape: [Int]?
      var outputs = [[Double]]()
      for _ in 0..<2 {
        let tape = Tape()
        calls += 1
        let output = try function(tape, repeat tape.constant(each inputs)).value
        try requireShape(output.shape, shape, "the inputs")
        try requireFinite(output.values, "the inputs")
        shape = output.shape
        outputs.append(output.values)
      }
      try AdjointExamination.requireRepetition(outputs[0], outputs[1], "the inputs")
      let report = try checkGradients(at: repeat each inputs, seed: seed) {
        (tape: Tape, values: repeat Variable<each Input>) throws -> Variable<Tensor<Double>> in
        calls += 1
        let output = try function(tape, repeat each values)
        try requireShape(output.value.shape, shape, "moved inputs")
        let weights = gaussian(output.value.count, seed: seed, purpose: 7)
        return try output.multiplied(
          by: tape.constant(Tensor(shape: output.value.shape, values: weights))
        ).sum()
      }
      comparisons = report.rows.count
      outcome = try Self.outcome(report, tolerance)
    } catch let stop as SuiteStop {
      outcome = .problem(stop.problem, setting: stop.setting, input: stop.input)
    } catch {
      outcome = .problem(.threw("\(error)"), setting: "", input: "")
    }
    return SuiteReport(
      subject: name, property: "agreement of adjoint and differences", outcome: outcome,
      settings: comparisons, calls: calls, seed: seed)
  }

  /// Throws where an output has another shape than the one before, if there is one.
  private static func requireShape(_ found: [Int], _ expected: [Int]?, _ input: String) throws {
    guard let expected, found != expected else { return }
    throw SuiteStop(
      problem: .changedShape(
        expected: "a tensor of shape \(expected)", found: "a tensor of shape \(found)"),
      input: input)
  }

  private static func requireFinite(_ values: [Double], _ input: String) throws {
    guard let (place, value) = CheckOutput(values).firstNotFinite else { return }
    throw SuiteStop(problem: .notFinite(place: place, value: value), input: input)
  }

  private static func outcome(
    _ report: GradientReport, _ tolerance: Double
  ) throws -> SuiteReport.Outcome {
    if let row = report.rows.first(where: { !$0.adjoint.isFinite || !$0.difference.isFinite }) {
      throw SuiteStop(
        problem: .notFinite(
          place: .output(0), value: row.adjoint.isFinite ? row.difference : row.adjoint),
        input: "input \(row.input)")
    }
    if let silent = report.untestedInputs.first {
      throw SuiteStop(problem: .constantOutput(values: [0]), input: "input \(silent)")
    }
    func excess(_ row: GradientReport.Row) -> Double {
      let own = report.rows.filter { $0.input == row.input }
      let scale = own.map { max(abs($0.adjoint), abs($0.difference)) }.max()!
      return abs(row.adjoint - row.difference) / scale
    }
    let worst = report.rows.max { excess($0) < excess($1) }!
    let deviation = SuiteReport.Deviation(
      setting: "double precision", input: "input \(worst.input)",
      transformation: "a random direction", place: "the derivative", relative: excess(worst),
      tolerance: tolerance, expected: [worst.difference], found: [worst.adjoint])
    return excess(worst) <= tolerance ? .holds(deviation) : .broken(deviation, smallest: deviation)
  }
}

extension SuiteReport {
  func renamed(_ property: String) -> SuiteReport {
    SuiteReport(
      subject: subject, property: property, outcome: outcome, settings: settings,
      silentSettings: silentSettings, calls: calls, seed: seed)
  }
}

/// Independent normal numbers.
func gaussian(_ count: Int, seed: UInt64, purpose: UInt32) -> [Double] {
  let stream = RandomStream(seed: seed, purpose: .checks)
  return (0..<count).map { k in
    // The sum of twelve uniform numbers is normal enough for directions.
    (0..<6).reduce(-6) { sum, part in
      let (a, b) = stream.uniforms(UInt32(k), purpose, UInt32(part))
      return sum + a + b
    }
  }
}
