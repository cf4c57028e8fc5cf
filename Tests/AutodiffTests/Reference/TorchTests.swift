import Autodiff
import Compute
import Foundation
import Testing

/// Numbers of PyTorch in double precision, calculated by us (`torch.json`).
///
/// Inputs are `((a i + b) mod 101) / 50 - 1`, with a and b in the tests.
private struct TorchReference: Decodable {
  struct Training: Decodable {
    let losses, weight, bias: [Double]
  }
  struct Clipping: Decodable {
    let norm: Double
    let weight, bias: [Double]
  }
  struct Convolution: Decodable {
    let shape, kernel: [Int]
    let padding: ConvolutionPadding
    let dilation: Int
    let value, input, weight, bias: [Double]
  }
  struct Function: Decodable {
    let value, derivative: [Double]
  }
  struct Activations: Decodable {
    let x: [Double]
    let functions: [String: Function]
  }

  let optimisers: [String: Training]
  let clipping: Clipping
  let convolutions: [Convolution]
  let activations: Activations

  static func load() throws -> TorchReference {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("torch.json")
    return try JSONDecoder().decode(TorchReference.self, from: Data(contentsOf: url))
  }
}

private func wave(_ shape: [Int], _ a: Int, _ b: Int) throws -> Tensor<Double> {
  let values = (0..<shape.reduce(1, *)).map { Double(($0 * a + b) % 101) / 50 - 1 }
  return try Tensor(shape: shape, values: values)
}

@Suite("Agreement with PyTorch to 1e-12") struct TorchTests {
  private let reference = try! TorchReference.load()

  private func expectTraining(_ name: String, rate: Double, _ start: some Optimiser<Double>) throws
  {
    let expected = try #require(reference.optimisers[name])
    var optimiser = start
    var parameters = try Parameters([
      "weight": wave([2, 3], 17, 5), "bias": wave([2], 13, 3),
    ])
    let (x, t) = (try wave([6, 3], 37, 11), try wave([6, 2], 29, 7))
    var losses = [Double]()
    for _ in 0..<5 {
      let tape = Tape()
      let variables = tape.variable(parameters)
      let prediction = try tape.constant(x).dense(
        weight: variables.tensor("weight"), bias: variables.tensor("bias"))
      let loss = try prediction.meanSquaredError(to: tape.constant(t))
      losses.append(loss.value.values[0])
      try optimiser.step(
        &parameters, gradients: tape.gradients(of: loss)[variables], learningRate: rate)
    }
    #expect(isClose(losses, expected.losses, 1e-12))
    #expect(isClose(parameters["weight"]!.values, expected.weight, 1e-12))
    #expect(isClose(parameters["bias"]!.values, expected.bias, 1e-12))
  }

  @Test func optimisers() throws {
    try expectTraining(
      "sgd", rate: 0.1, SGD(momentum: 0.9, weightDecay: 0.01, isNesterov: true))
    try expectTraining("adam", rate: 0.05, Adam(weightDecay: 0.01, isAMSGrad: true))
    try expectTraining("adamW", rate: 0.05, AdamW(weightDecay: 0.1, isAMSGrad: true))
  }

  @Test func clipping() throws {
    var gradients = try Parameters([
      "weight": wave([2, 3], 17, 5).map { 3 * $0 }, "bias": wave([2], 13, 3).map { 3 * $0 },
    ])
    let norm = try gradients.clip(globalNorm: 0.5)
    #expect(abs(norm - reference.clipping.norm) < 1e-12)
    #expect(isClose(gradients["weight"]!.values, reference.clipping.weight, 1e-12))
    #expect(isClose(gradients["bias"]!.values, reference.clipping.bias, 1e-12))
  }

  @Test(arguments: 0..<6) func convolutions(index: Int) throws {
    let expected = reference.convolutions[index]
    let tape = Tape()
    let input = tape.variable(try wave(expected.shape, 37, 11))
    let weight = tape.variable(try wave(expected.kernel, 53, 19))
    let bias = tape.variable(try wave([expected.kernel[0]], 23, 2))
    let value = try input.convolved(
      weight: weight, bias: bias, padding: expected.padding, dilation: expected.dilation)
    #expect(isClose(value.value.values, expected.value, 1e-12))
    let factors = tape.constant(try wave(value.value.shape, 41, 31))
    let gradients = tape.gradients(of: try value.multiplied(by: factors).sum())
    #expect(isClose(gradients[input].values, expected.input, 1e-12))
    #expect(isClose(gradients[weight].values, expected.weight, 1e-12))
    #expect(isClose(gradients[bias].values, expected.bias, 1e-12))
  }

  @Test func activations() throws {
    #expect(reference.activations.functions.count == Activation.allCases.count - 1)
    for (name, function) in reference.activations.functions {
      let activation = try #require(Activation(rawValue: name))
      let x = reference.activations.x
      #expect(isClose(x.map(activation.value), function.value, 1e-12), "\(name)")
      #expect(isClose(x.map(activation.derivative), function.derivative, 1e-12), "\(name)")
    }
  }
}
