import Autodiff
import Testing

@Suite struct LBFGSTests {
  /// The valley of H. H. Rosenbrock, Comput. J. 3 (1960) 175, in n dimensions.
  private func valley<Scalar>(
    _ parameters: Parameters<Scalar>
  ) -> (loss: Double, gradients: Gradients<Scalar>) {
    let x = parameters["x"]!.values.map { Double($0) }
    var (loss, g) = (0.0, [Double](repeating: 0, count: x.count))
    for i in 0..<(x.count - 1) {
      let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
      loss += 100 * a * a + b * b
      g[i + 1] += 200 * a
      g[i] -= 400 * a * x[i] + 2 * b
    }
    var gradients = parameters
    try! gradients.update(
      "x", try! Tensor(shape: [x.count], values: g.map { Scalar($0) }))
    return (loss, gradients)
  }

  private func start<Scalar>() throws -> Parameters<Scalar> {
    try Parameters(["x": Tensor(shape: [6], values: [-1.2, 1, -1.2, 1, -1.2, 1])])
  }

  @Test func itFindsTheBottomOfACurvedValley() throws {
    var (parameters, rule) = (try start() as Parameters<Double>, try LBFGS<Double>())
    var losses = [valley(parameters).loss]
    while !rule.isStalled, rule.stepCount < 200, losses.last! > 1e-28 {
      losses.append(try rule.step(&parameters, evaluate: valley))
    }
    #expect(rule.stepCount < 100 && losses.last! < 1e-25)
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test func aQuadraticFormTakesAsManyStepsAsDimensions() throws {
    let curvatures = [1.0, 3, 10, 40]
    func form(
      _ p: Parameters<Double>
    ) throws -> (loss: Double, gradients: Gradients<Double>) {
      let x = p["x"]!.values
      var g = p
      try g.update("x", Tensor(shape: [4], values: zip(curvatures, x).map { $0 * $1 }))
      return (zip(curvatures, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 }, g)
    }
    var parameters = try Parameters(["x": Tensor<Double>(shape: [4], values: [1, -2, 3, -4])])
    var rule = try LBFGS<Double>()
    var loss = Double.infinity
    for _ in 0..<25 where !rule.isStalled { loss = try rule.step(&parameters, evaluate: form) }
    #expect(loss < 1e-20)
  }

  @Test func aContinuationDoesTheSame() throws {
    func check<Scalar>(_: Scalar.Type) throws where Parameters<Scalar>: Equatable {
      var (whole, rule) = (try start() as Parameters<Scalar>, try LBFGS<Scalar>(memory: 5))
      var parts = whole
      for _ in 0..<20 { _ = try rule.step(&whole, evaluate: valley) }
      var first = try LBFGS<Scalar>(memory: 5)
      for _ in 0..<9 { _ = try first.step(&parts, evaluate: valley) }
      var second = try LBFGS(first.state(like: parts))
      for _ in 0..<11 { _ = try second.step(&parts, evaluate: valley) }
      #expect(whole == parts && second.stepCount == 20)
    }
    try check(Double.self)
    try check(Float.self)
  }

  @Test func atTheBottomItStalls() throws {
    var parameters = try Parameters(["x": Tensor<Double>(shape: [3], values: [1, 1, 1])])
    var rule = try LBFGS<Double>()
    #expect(try rule.step(&parameters, evaluate: valley) == 0)
    #expect(rule.isStalled && parameters["x"]!.values == [1, 1, 1])
  }

  @Test func whatIsNotFiniteOrOfAnotherKindIsRefused() throws {
    var parameters = try Parameters(["x": Tensor<Double>(shape: [1], values: [1])])
    var rule = try LBFGS<Double>()
    #expect(throws: AutodiffError.self) {
      try rule.step(&parameters) { p in (.nan, p) }
    }
    #expect(parameters["x"]!.values == [1])
    #expect(throws: AutodiffError.self) { try LBFGS<Double>(memory: 0) }
    #expect(throws: AutodiffError.self) { try LBFGS(try SGD<Double>().state) }
  }
}
