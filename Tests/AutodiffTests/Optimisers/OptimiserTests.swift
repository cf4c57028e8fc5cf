import Autodiff
import Compute
import Testing

@Suite(.serialized) struct OptimiserTests {
  private func optimisers<Scalar: LatticeReal>(
    _: Scalar.Type
  ) throws -> [any Optimiser<Scalar>] {
    [
      try SGD(), try SGD(momentum: 0.9, weightDecay: 1e-3, isNesterov: true),
      try Adam(weightDecay: 1e-3), try AdamW(isAMSGrad: true),
    ]
  }

  private func run<Scalar: LatticeReal>(
    _ optimiser: some Optimiser<Scalar>, sizes: [Int], steps: Int
  ) throws -> Parameters<Scalar> {
    var optimiser = optimiser
    var parameters: Parameters<Scalar> = try waves(sizes, phase: 0)
    for step in 1...steps {
      try optimiser.step(
        &parameters, gradients: try waves(sizes, phase: Double(step)), learningRate: 0.01)
    }
    return parameters
  }

  @Test func resultsDoNotDependOnThreadsOrCompany() throws {
    func check<Scalar: LatticeReal>(_: Scalar.Type) throws {
      for optimiser in try optimisers(Scalar.self) {
        let before = Threads.count
        defer { Threads.count = before }
        Threads.count = 1
        let one = try run(optimiser, sizes: [70_001, 7], steps: 2)
        Threads.count = 3
        #expect(try run(optimiser, sizes: [70_001, 7], steps: 2) == one)
        let alone = try run(optimiser, sizes: [70_001], steps: 2)
        #expect(alone["layer0.weight"] == one["layer0.weight"])
      }
    }
    try check(Double.self)
    try check(Float.self)
  }

  @Test func wrongGradientsChangeNothing() throws {
    func check(_ start: some Optimiser<Double>) throws {
      var optimiser = start
      var parameters: Parameters<Double> = try waves([3, 2], phase: 0)
      let before = parameters
      var bad: Parameters<Double> = try waves([3, 2], phase: 1)
      try bad.update("layer1.weight", Tensor(shape: [2], values: [0, .nan]))
      #expect(throws: AutodiffError.nonFinite(name: "layer1.weight", index: 1)) {
        try optimiser.step(&parameters, gradients: bad, learningRate: 0.1)
      }
      let other: Parameters<Double> = try waves([3, 3], phase: 1)
      #expect(throws: AutodiffError.self) {
        try optimiser.step(&parameters, gradients: other, learningRate: 0.1)
      }
      #expect(throws: AutodiffError.self) {
        try optimiser.step(&parameters, gradients: before, learningRate: -1)
      }
      #expect(parameters == before && optimiser.state == start.state)
      // A state of other parameters.
      try optimiser.step(&parameters, gradients: before, learningRate: 0)
      var others: Parameters<Double> = try waves([3, 3], phase: 0)
      if !optimiser.state.slots.isEmpty {
        #expect(throws: AutodiffError.self) {
          try optimiser.step(&others, gradients: other, learningRate: 0.1)
        }
      }
    }
    for optimiser in try optimisers(Double.self) { try check(optimiser) }
  }

  /// f = sum_k k (x_k - k)^2 / 2, whose minimum is x_k = k.
  @Test func quadraticFunction() throws {
    func check(_ start: some Optimiser<Double>, _ rate: Double) throws {
      var optimiser = start
      var x = try Parameters(["x": Tensor<Double>(shape: [4])])
      for step in 0..<2000 {
        let gradient = try Tensor(
          shape: [4],
          values: x["x"]!.values.enumerated().map { Double($0 + 1) * ($1 - Double($0 + 1)) })
        let fall = try LearningRateSchedule.cosine(rate, total: 2000)
        try optimiser.step(
          &x, gradients: try Parameters(["x": gradient]), learningRate: fall.rate(at: step))
      }
      #expect(isClose(x["x"]!.values, [1, 2, 3, 4], 1e-6))
    }
    try check(SGD(), 0.1)
    try check(SGD(momentum: 0.9, isNesterov: true), 0.05)
    try check(Adam(), 0.1)
    try check(AdamW(weightDecay: 0, isAMSGrad: true), 0.1)
  }

  /// f = (1 - x)^2 + 100 (y - x^2)^2, whose minimum is (1, 1).
  @Test func rosenbrockFunction() throws {
    func check(_ start: some Optimiser<Double>, _ rate: Double) throws {
      var optimiser = start
      var p = try Parameters(["p": Tensor<Double>(shape: [2], values: [-1.2, 1])])
      for _ in 0..<20_000 {
        let (x, y) = (p["p"]!.values[0], p["p"]!.values[1])
        let gradient = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
        try optimiser.step(
          &p, gradients: try Parameters(["p": Tensor(shape: [2], values: gradient)]),
          learningRate: rate)
      }
      #expect(isClose(p["p"]!.values, [1, 1], 1e-3))
    }
    try check(SGD(momentum: 0.9), 2e-4)
    try check(Adam(), 5e-3)
    try check(AdamW(weightDecay: 0, isAMSGrad: true), 1e-2)
  }

  @Test func statesOfOthersAreRefused() throws {
    var adam = try Adam<Double>()
    #expect(throws: AutodiffError.self) { try adam.restore(try SGD().state) }
    #expect(throws: AutodiffError.self) { try adam.restore(try AdamW(weightDecay: 0).state) }
    let other = try Adam<Double>(beta1: 0.8)
    #expect(throws: AutodiffError.self) { try adam.restore(other.state) }
    try adam.restore(other.state, acceptsOtherSettings: true)
    #expect(adam.settings["beta1"] == 0.9)
    let broken = OptimiserState<Double>(
      kind: "adam", settings: adam.settings, stepCount: 3, slots: ["firstMoment": try single(1)])
    #expect(throws: AutodiffError.self) { try adam.restore(broken) }
  }
}
