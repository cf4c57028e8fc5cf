import Compute

/// The comparison of an adjoint on plain arrays with differences.
final class AdjointExamination {
  private let count: Int
  private let seed: UInt64
  private let tolerance: Double
  private let forward: ([Double]) throws -> [Double]
  private let adjoint: ([Double], [Double]) throws -> [Double]
  private(set) var calls = 0

  init(
    count: Int, seed: UInt64, tolerance: Double,
    forward: @escaping ([Double]) throws -> [Double],
    adjoint: @escaping ([Double], [Double]) throws -> [Double]
  ) {
    (self.count, self.seed, self.tolerance) = (count, seed, tolerance)
    (self.forward, self.adjoint) = (forward, adjoint)
  }

  func outcome(_ points: [[Double]]) -> SuiteReport.Outcome {
    do {
      guard count > 0, points.allSatisfy({ $0.count == count }) else {
        throw SuiteStop(problem: .plan("points have to be of the count of the input, \(count)"))
      }
      let drawn = (0..<3).map { gaussian(count, seed: seed &+ UInt64($0), purpose: 8) }
      return try outcome(drawn + points, outputs: nil)
    } catch let stop as SuiteStop {
      return .problem(stop.problem, setting: stop.setting, input: stop.input)
    } catch {
      return .problem(.threw("\(error)"), setting: "", input: "")
    }
  }

  private func outcome(_ points: [[Double]], outputs: Int?) throws -> SuiteReport.Outcome {
    var nearest: SuiteReport.Deviation?
    var isConstant = true
    var outputs = outputs
    for (number, x) in points.enumerated() {
      let name = "point \(number)"
      let f = try value(x, name, expected: outputs)
      outputs = f.count
      let again = try value(x, name, expected: f.count)
      try Self.requireRepetition(f, again, name)
      let c = gaussian(f.count, seed: seed &+ UInt64(number), purpose: 9)
      let derivative = try pullback(x, c, name)
      try Self.requireRepetition(
        derivative, try pullback(x, c, name), "the adjoint at \(name)")
      for k in 0..<2 {
        let v = gaussian(count, seed: seed &+ UInt64(2 * number + k), purpose: 10)
        let deviation = try compare(
          x, c, v, derivative, "random directions", "the derivative", name)
        if deviation.expected[0] != 0 || deviation.found[0] != 0 { isConstant = false }
        if deviation.excess > nearest?.excess ?? -1 { nearest = deviation }
        if !(deviation.excess <= 1) {
          return .broken(deviation, smallest: try element(x, f.count, name) ?? deviation)
        }
      }
    }
    if isConstant { throw SuiteStop(problem: .constantOutput(values: [0])) }
    return .holds(nearest!)
  }

  /// The pair of an output and an input whose derivative is furthest off, of the first few outputs.
  private func element(
    _ x: [Double], _ outputs: Int, _ name: String
  ) throws -> SuiteReport.Deviation? {
    var worst: SuiteReport.Deviation?
    for j in 0..<min(outputs, 16) {
      let c = (0..<outputs).map { $0 == j ? 1.0 : 0 }
      let derivative = try pullback(x, c, name)
      for k in 0..<min(count, 256) {
        let v = (0..<count).map { $0 == k ? 1.0 : 0 }
        let deviation = try compare(
          x, c, v, derivative, "a change of input element \(k) alone",
          "the derivative of output element \(j)", name)
        if deviation.excess > worst?.excess ?? 1 { worst = deviation }
      }
    }
    return worst
  }

  private func compare(
    _ x: [Double], _ c: [Double], _ v: [Double], _ derivative: [Double], _ direction: String,
    _ place: String, _ name: String
  ) throws -> SuiteReport.Deviation {
    let difference = try ExtrapolatedDerivative(firstStep: 0.02, levels: 6) { (s: Double) throws in
      let moved = zip(x, v).map { $0 + s * $1 }
      return zip(c, try self.value(moved, name, expected: c.count)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let found = zip(derivative, v).reduce(0) { $0 + $1.0 * $1.1 }
    // Rounding of the values is all that differences see of small derivatives.
    let noise = 64 * Double.ulpOfOne * difference.largestValue / difference.step
    let scale = max(abs(found), abs(difference.value), noise / tolerance)
    let deviation = abs(found - difference.value) / max(scale, .leastNormalMagnitude)
    return SuiteReport.Deviation(
      setting: "\(count) inputs, \(c.count) outputs", input: name, transformation: direction,
      place: place, relative: deviation,
      tolerance: tolerance + 10 * min(difference.error, 1e300) / max(scale, .leastNormalMagnitude),
      expected: [difference.value], found: [found])
  }

  private func value(_ x: [Double], _ name: String, expected: Int?) throws -> [Double] {
    calls += 1
    let f: [Double]
    do { f = try forward(x) } catch { throw SuiteStop(problem: .threw("\(error)"), input: name) }
    try require(f, expected, "outputs", name)
    return f
  }

  private func pullback(_ x: [Double], _ c: [Double], _ name: String) throws -> [Double] {
    calls += 1
    let g: [Double]
    do {
      g = try adjoint(x, c)
    } catch {
      throw SuiteStop(problem: .threw("\(error)"), input: "the adjoint at \(name)")
    }
    try require(g, count, "numbers of the adjoint", "the adjoint at \(name)")
    return g
  }

  /// Throws where two calls with one input differ by more than sums in another order do.
  static func requireRepetition(_ f: [Double], _ again: [Double], _ name: String) throws {
    let scale = f.reduce(0) { max($0, abs($1)) }
    let differences = zip(f, again).map { abs($0 - $1) / max(scale, .leastNormalMagnitude) }
    if let k = differences.firstIndex(where: { $0 > 1e-12 }) {
      throw SuiteStop(
        problem: .notDeterministic(place: .output(k), difference: differences[k]), input: name)
    }
  }

  private func require(_ f: [Double], _ expected: Int?, _ what: String, _ name: String) throws {
    if f.isEmpty || (expected != nil && f.count != expected!) {
      throw SuiteStop(
        problem: .changedShape(
          expected: expected.map { "\($0) \(what)" } ?? "\(what)", found: "\(f.count) \(what)"),
        input: name)
    }
    if let k = f.firstIndex(where: { !$0.isFinite }) {
      throw SuiteStop(problem: .notFinite(place: .output(k), value: f[k]), input: name)
    }
  }
}
