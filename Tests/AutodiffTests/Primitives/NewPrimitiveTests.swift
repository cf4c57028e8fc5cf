import Autodiff
import Testing

extension Variable {
  /// y = x / |x|; adjoint (g - (g . y) y) / |x|.
  fileprivate func normalised() throws(AutodiffError) -> Variable where Value == Tensor<Double> {
    let norm = value.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0 else {
      throw .setting(name: "the norm", expected: "positive", found: "\(norm)")
    }
    let y = value.map { $0 / norm }
    return tape.record(y, inputs: [self]) { g, cotangents in
      let along = zip(g.values, y.values).reduce(0) { $0 + $1.0 * $1.1 }
      cotangents.add(try! g.zip(y) { ($0 - along * $1) / norm }, to: self)
    }
  }
}

/// The examples of the documentation.
@Suite struct NewPrimitiveTests {
  @Test func aPrimitiveFromOutside() throws {
    let (a, b) = (scattered([3, 5], 1), scattered([3, 5], 2))
    let report = try checkGradients(at: a, b) { tape, x, y in
      try x.normalised().multiplied(by: y).squared().sum()
    }
    #expect(report.holds(1e-9), "\(report)")
  }

  /// A network with a checkpointed layer learns the mean of its inputs' products of neighbours.
  @Test func aSmallNetworkLearns() throws {
    var parameters = try Parameters<Double>([
      "hidden.weight": .initialised(
        shape: [16, 1, 3, 3], fanIn: 9, seed: 1, stream: 0, gain: 1.414),
      "hidden.bias": Tensor(shape: [16]),
      "output.weight": .initialised(shape: [1, 16], fanIn: 16, seed: 1, stream: 1),
    ])
    let inputs = scattered([24, 1, 4, 4], 3)
    let targets = try Tensor(
      shape: [24, 1],
      values: (0..<24).map { sample in
        places([4, 4]).reduce(0) {
          $0 + inputs[sample, 0, $1[0], $1[1]] * inputs[sample, 0, $1[0], ($1[1] + 1) % 4] / 16
        }
      })
    var optimiser = try AdamW<Double>(weightDecay: 1e-4)
    var losses = [Double]()
    for _ in 0..<300 {
      let tape = Tape()
      let p = tape.variable(parameters)
      let hidden = try tape.checkpoint(tape.constant(inputs), p) { _, x, p in
        try x.convolved(weight: p.tensor("hidden.weight"), bias: p.tensor("hidden.bias"))
          .softplus().globalAveragePooled()
      }
      let y = try hidden.dense(weight: p.tensor("output.weight"))
      let loss = try y.meanSquaredError(to: tape.constant(targets))
      losses.append(loss.value.values[0])
      var gradients = tape.gradients(of: loss)[p]
      try gradients.clip(globalNorm: 1)
      try optimiser.step(&parameters, gradients: gradients, learningRate: 0.02)
    }
    #expect(losses.last! < 0.02 * losses[0], "\(losses[0]) \(losses.last!)")
  }
}
