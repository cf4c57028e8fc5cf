import Foundation
import GaugeLayers
import GaugeTesting
import Testing

@Suite("Expectations of derivatives")
struct DerivativeExpectationTests {
  /// y_j = tanh(sum_k w_jk x_k), w_jk = sin(3 j + k).
  func layer(_ x: [Double]) -> [Double] {
    (0..<3).map { j in tanh(x.indices.reduce(0) { $0 + weight(j, $1) * x[$1] }) }
  }

  func weight(_ j: Int, _ k: Int) -> Double { sin(Double(3 * j + k)) }

  func adjoint(_ x: [Double], _ c: [Double]) -> [Double] {
    let y = layer(x)
    return x.indices.map { k in
      (0..<3).reduce(0) { $0 + c[$1] * (1 - y[$1] * y[$1]) * weight($1, k) }
    }
  }

  @Test("adjoints and gradients of plain arrays")
  func plain() {
    expectAdjointMatches("layer", count: 5, forward: layer, adjoint: adjoint)
    expectGradientMatches(
      "squares", count: 4, at: [[0, 1, 2, 3]], value: { $0.reduce(0) { $0 + $1 * $1 } },
      gradient: { $0.map { 2 * $0 } })
  }

  @Test("wrong ones are named by their element")
  func wrong() {
    let report = CheckSuite.adjoint(
      of: "layer", count: 5, forward: layer,
      adjoint: { x, c in
        var g = self.adjoint(x, c)
        g[3] *= 1.01
        return g
      })
    #expect(report.isBroken && "\(report.smallest!)".contains("input element 3 alone"), "\(report)")
    let sign = CheckSuite.gradient(
      of: "squares", count: 4, value: { $0.reduce(0) { $0 + $1 * $1 } },
      gradient: { $0.map { -2 * $0 } })
    #expect(sign.isBroken, "\(sign)")
    withKnownIssue {
      expectGradientMatches(
        "squares", count: 4, value: { $0.reduce(0) { $0 + $1 * $1 } }, gradient: { $0 })
    }
  }

  @Test("problems are named")
  func problems() {
    struct Refusal: Error {}
    var calls = 0.0
    let reports: [(SuiteReport, String)] = [
      (
        CheckSuite.adjoint(of: "shape", count: 5, forward: layer, adjoint: { _, _ in [1] }),
        "changed the shape"
      ),
      (
        CheckSuite.gradient(of: "nan", count: 2, value: { _ in .nan }, gradient: { $0 }),
        "returned nan"
      ),
      (
        CheckSuite.gradient(
          of: "error", count: 2, value: { _ in throw Refusal() }, gradient: { $0 }), "threw"
      ),
      (
        CheckSuite.gradient(
          of: "constant", count: 2, value: { _ in 1 }, gradient: { $0.map { _ in 0 } }),
        "could not have failed"
      ),
      (
        CheckSuite.gradient(
          of: "random", count: 2,
          value: {
            calls += 1
            return $0[0] + calls
          }, gradient: { _ in [1, 0] }), "not deterministic"
      ),
      (
        CheckSuite.gradient(
          of: "random gradient", count: 2, value: { $0[0] },
          gradient: { _ in
            calls += 1
            return [calls, 0]
          }), "not deterministic"
      ),
      (
        CheckSuite.gradient(of: "points", count: 2, at: [[1]], value: { $0[0] }, gradient: { $0 }),
        "points"
      ),
    ]
    for (report, words) in reports {
      #expect(report.problem != nil && "\(report)".contains(words), "\(report)")
    }
  }

  @Test("links: traces of loops out of the tape as a user's adjoint, and functions on a tape")
  func links() throws {
    let plan = CheckPlan(.su2, [2, 3])
    func traces(_ u: Variable<LinkField<Double>>) throws -> Variable<Tensor<Double>> {
      try u.plaquettes().traces().meanOverSites()
    }
    expectAdjointMatches(
      "plaquettes", plan,
      forward: { (u: LinkField<Double>) in try traces(Tape().constant(u)).value.values },
      adjoint: { (u: LinkField<Double>, c: [Double]) in
        let tape = Tape()
        let links = tape.variable(u)
        let output = try traces(links)
        return tape.gradients(
          of: output, cotangent: try Tensor(shape: output.value.shape, values: c))[links]
      })
    var u = try LinkField<Double>(Geometry([3, 2]), group: .su3)
    u.setHaarRandom(seed: 1)
    expectAdjointMatches("plaquettes", at: u) { tape, links in try traces(links) }
    let silent = CheckSuite.tape(of: "constant", at: u) { tape, _ in
      tape.constant(try Tensor<Double>(shape: [1, 1], values: [2]))
    }
    #expect(silent.problem != nil, "\(silent)")
  }

  @Test("functions on a tape that do not repeat, or change their shape")
  func unsteady() throws {
    let x = try Tensor<Double>(shape: [3], values: [0.3, -0.4, 0.5])
    var calls = 0
    func report(
      _ function: @escaping (Variable<Tensor<Double>>) throws -> Variable<Tensor<Double>>
    ) -> SuiteReport {
      calls = 0
      return CheckSuite.tape(of: "code", at: x) { _, x in
        calls += 1
        return try function(x)
      }
    }
    let noisy = report { $0.tanh().scaled(by: 1 + 0.1 * Double(calls)) }
    guard case .notDeterministic(_, let difference) = noisy.problem else {
      Issue.record("\(noisy)")
      return
    }
    // Factors of 1.1 and 1.2; the first output, relative to the largest of the first call.
    #expect(abs(difference - 0.1 / 1.1 * tanh(0.3) / tanh(0.5)) < 1e-12, "\(noisy)")
    let alternating = report { calls.isMultiple(of: 2) ? $0.tanh().sum() : $0.tanh() }
    expectShapes(alternating, "expected a tensor of shape [3], found a tensor of shape []")
    // At the inputs always the same, elsewhere not.
    let moved = report { y in y.value == x ? y.tanh() : try y.tanh().reshaped(to: [3, 1]) }
    expectShapes(moved, "expected a tensor of shape [3], found a tensor of shape [3, 1]")
    let infinite = report { $0.scaled(by: .infinity) }
    #expect("\(infinite)".contains("returned inf at output 0"), "\(infinite)")
    // Sums in another order are no such thing.
    let rounded = report { $0.tanh().scaled(by: calls.isMultiple(of: 2) ? 1 + 0x1p-52 : 1) }
    #expect(rounded.holds, "\(rounded)")
    withKnownIssue {
      expectAdjointMatches("noisy", at: x) { _, x in
        calls += 1
        return x.scaled(by: Double(calls))
      }
    }
  }

  func expectShapes(_ report: SuiteReport, _ words: String) {
    guard case .changedShape = report.problem else {
      Issue.record("\(report)")
      return
    }
    #expect("\(report)".contains(words), "\(report)")
  }
}
