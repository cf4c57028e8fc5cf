import Autodiff
import Compute
import EquivariantLayers
import Groups
import SymmetryDetection
import Testing

@Suite("The score test at the symmetric point")
struct ScoreTestTests {
  private func network(_ name: String) throws -> EquivariantNetwork {
    let group = try LatticeGroup(named: name, dimension: 2)
    let relaxation = Relaxation(banks: 2, group: .input, translation: [5, 5])
    let first = try GroupConvolution(
      lifting: 1, to: 2, group, kernel: [3, 3], padding: .zero, relaxation: relaxation)
    let second = try GroupConvolution(
      group, inputs: 2, outputs: 1, kernel: [3, 3], padding: .zero, relaxation: .init(banks: 1))
    let last = try SteerableConvolution(
      second.output, to: .scalar(group), kernel: [3, 3], padding: .zero, relaxed: true)
    return try EquivariantNetwork([
      first, try PointwiseNonlinearity(first.output, .tanh), second,
      try PointwiseNonlinearity(second.output, .tanh), last,
    ])
  }

  private func normal(_ count: Int, seed: UInt64) throws -> Tensor<Double> {
    try .initialised(shape: [count, 1, 5, 5], fanIn: 1, seed: seed, stream: 3)
  }

  private func derivatives(
    _ test: ScoreTest, _ network: EquivariantNetwork, _ x: Tensor<Double>, _ y: Tensor<Double>
  ) throws -> [[Double]] {
    try test.derivatives(at: try network.initialParameters(seed: 4)) { tape, parameters in
      try network(tape.constant(x), LayerWeights(parameters))
        .meanSquaredError(to: tape.constant(y))
    }
  }

  @Test("Moved data give moved derivatives of every kind of weight", arguments: ["C4", "D4"])
  func equivariance(name: String) throws {
    let network = try network(name)
    let test = try ScoreTest(network)
    #expect(test.weights.count == 4)
    let fields = network.input
    let (x, y) = (try normal(2, seed: 1), try normal(2, seed: 2))
    let own = try derivatives(test, network, x, y)
    for g in 0..<network.group.order {
      let moved = try derivatives(
        test, network, fields.transformed(x, by: g), fields.transformed(y, by: g))
      for (k, weight) in test.weights.enumerated() {
        for part in weight.parts {
          let d = part.irrep.dimension
          let before = weight.components(of: own[k], in: part)
          let after = weight.components(of: moved[k], in: part)
          let matrix = part.irrep.matrix(g)
          for i in before.indices {
            let expected = (0..<d).reduce(0.0) { $0 + matrix[i % d, $1] * before[i / d * d + $1] }
            #expect(abs(after[i] - expected) < 1e-13, "\(weight.name) \(part.irrep)")
          }
        }
      }
    }
  }

  @Test(
    "Components have the squares of the weights, and those of elements their Fourier transform's")
  func squares() throws {
    for (name, dimension) in [("C4", 2), ("D4", 2), ("Oh", 3)] {
      let group = try LatticeGroup(named: name, dimension: dimension)
      let weight = try RelaxedWeight("w", banks: 1, index: .elements, group: group)
      let values = try Tensor<Double>.initialised(
        shape: [group.order], fanIn: 1, seed: 8, stream: 1
      ).values
      let powers = try GroupFourierTransform(group.group).power(of: values)
      for part in weight.parts {
        let own = weight.components(of: values, in: part).reduce(0) { $0 + $1 * $1 }
        #expect(abs(own - powers[part.irrep.index]) < 1e-12, "\(name) \(part.irrep)")
      }
    }
  }

  @Test("A rectangle, a square and noise have their stabilisers, without training")
  func stabilisers() throws {
    let network = try network("D4")
    let test = try ScoreTest(network)
    let group = network.group.group
    func picture(_ width: Int, _ height: Int) throws -> Tensor<Double> {
      try Tensor(
        shape: [1, 1, 5, 5],
        values: (0..<25).map { abs($0 / 5 - 2) <= height && abs($0 % 5 - 2) <= width ? 1 : 0 })
    }
    let random = try normal(1, seed: 77)
    let cases = try [
      (picture(1, 1), group.whole.order), (picture(2, 1), 4), (random, 1),
    ]
    for (target, order) in cases {
      let samples = try (0..<32).map { batch in
        let input = try picture(1, 1).zip(try normal(1, seed: UInt64(100 + batch))) {
          $0 + 0.1 * $1
        }
        let output = try target.zip(try normal(1, seed: UInt64(200 + batch))) { $0 + 0.1 * $1 }
        return try derivatives(test, network, input, output)
      }
      let result = try test.detect(
        samples, detector: SymmetryDetector(draws: 199, subgroupDraws: 1999, level: 0.001))
      #expect(result.survivingGroups.map(\.order) == [order])
      if order == 4 {
        let expected = try group.subgroup(
          elements: (0..<8).filter {
            try network.input.transformed(target, by: $0) == target
          })
        #expect(try result.survivingGroups[0].subgroup(of: group) == expected)
      }
    }
  }

  @Test("Weights off the symmetric point, foreign parameters and silent batches are refused")
  func refusals() throws {
    let network = try network("C4")
    let test = try ScoreTest(network)
    var bent: Parameters<Double> = try network.initialParameters(seed: 4)
    let name = test.weights[0].name
    var values = try #require(bent[name]).values
    values[1] = 1.5
    try bent.update(name, Tensor(shape: try #require(bent[name]).shape, values: values))
    #expect(throws: DetectionError.self) {
      try test.derivatives(at: bent) { tape, p in try p.tensor(name).sum() }
    }
    #expect(throws: DetectionError.self) {
      try test.derivatives(at: Parameters<Double>()) { tape, p in try p.tensor(name).sum() }
    }
    let x = try normal(1, seed: 1)
    let one = try derivatives(test, network, x, normal(1, seed: 2))
    #expect(throws: DetectionError.self) {
      try test.observables([[[Double]]](repeating: one, count: 20))
    }
    #expect(throws: DetectionError.self) { try test.observables([[[1]]]) }
    let strict = try EquivariantNetwork([
      try GroupConvolution(lifting: 1, to: 1, network.group, kernel: [3, 3])
    ])
    #expect(throws: DetectionError.noData(observable: "relaxed weights")) { try ScoreTest(strict) }
  }
}
