import Autodiff
import Compute
import EquivariantLayers
import Foundation
import Groups
import Testing

@Suite("Networks of layers") struct EquivariantNetworkTests {
  private func network(
    _ name: String, relaxation: Relaxation = .init(banks: 2)
  ) throws -> EquivariantNetwork {
    let group = try LatticeGroup(named: name, dimension: 2)
    let lifting = try GroupConvolution(
      lifting: 1, to: 2, group, kernel: [3, 3], padding: .zero, relaxation: relaxation)
    let second = try GroupConvolution(
      group, inputs: 2, outputs: 2, kernel: [3, 3], padding: .zero, relaxation: relaxation)
    let last = try SteerableConvolution(
      second.output, to: .vector(group, 2), kernel: [3, 3], padding: .zero, relaxed: true)
    return try EquivariantNetwork([
      lifting, try FieldNormalisation(lifting.output),
      try PointwiseNonlinearity(lifting.output, .tanh), second,
      try PointwiseNonlinearity(second.output, .gelu), last,
      try NormNonlinearity(last.output, .sigmoid), try FieldSquares(last.output),
      SpatialPooling(try .scalar(group, 2)),
    ])
  }

  private func value(
    _ network: EquivariantNetwork, _ x: Tensor<Double>, _ p: Parameters<Double>
  ) throws -> Tensor<Double> {
    let tape = Tape()
    return try network(tape.constant(x), LayerWeights(tape.constant(p))).value
  }

  private func perturbed(
    _ network: EquivariantNetwork, _ p: Parameters<Double>
  ) throws -> Parameters<Double> {
    var p = p
    for (k, relaxed) in network.relaxedParameters.enumerated() {
      let noise = try normal(relaxed.parameter.shape, seed: UInt64(50 + k))
      try p.update(relaxed.name, noise.map { 1 + 0.3 * $0 })
    }
    return p
  }

  private func errors(
    _ network: EquivariantNetwork, _ p: Parameters<Double>
  ) throws -> [Double] {
    let x = try normal([2, 1, 6, 6], seed: 8)
    let y = try value(network, x, p)
    return try (0..<network.group.order).map { g in
      relativeDifference(try value(network, network.input.transformed(x, by: g), p), y)
    }
  }

  @Test("begin invariant to 1e-12, and relaxed weights bend them", arguments: ["C4", "D4"])
  func invariance(name: String) throws {
    let network = try network(name)
    let p: Parameters<Double> = try network.initialParameters(seed: 3)
    #expect(try errors(network, p).max()! < 1e-12)
    #expect(try errors(network, perturbed(network, p)).dropFirst().min()! > 1e-4)
  }

  @Test("restricted to a subgroup they keep exactly that")
  func restriction() throws {
    for translation in [nil, [6, 6]] {
      let network = try network("D4", relaxation: .init(banks: 2, translation: translation))
      let group = network.group
      let half = try group.group.subgroup { group.axes[$0].determinant == 1 }
      var p = try perturbed(network, try network.initialParameters(seed: 3))
      try network.restrictRelaxation(of: &p, to: half)
      for (g, error) in try errors(network, p).enumerated() {
        if half.contains(g) { #expect(error < 1e-12) } else { #expect(error > 1e-4) }
      }
      let again = p
      try network.restrictRelaxation(of: &p, to: half)
      for (old, new) in zip(again, p) {
        #expect(zip(old.tensor.values, new.tensor.values).allSatisfy { abs($0 - $1) < 1e-14 })
      }
      let other = try FiniteGroup(named: "B2")
      #expect(throws: EquivariantError.self) {
        try network.restrictRelaxation(of: &p, to: other.whole)
      }
    }
  }

  @Test("frozen weights get no derivative, and the loss does not change by freezing")
  func freezing() throws {
    let network = try network("D4")
    let p = try perturbed(network, try network.initialParameters(seed: 3))
    let x = try normal([2, 1, 6, 6], seed: 8)
    func gradients(_ learned: Parameters<Double>, _ frozen: Parameters<Double>) throws
      -> (Double, Gradients<Double>)
    {
      let tape = Tape()
      let variable = tape.variable(learned)
      let loss = try network(
        tape.constant(x), LayerWeights(variable, frozen: tape.constant(frozen))
      ).squared().sum()
      return (loss.value.values[0], tape.gradients(of: loss)[variable])
    }
    let (whole, all) = try gradients(p, Parameters())
    let (learned, frozen) = p.divided { $0.contains(".relaxed.") }
    #expect(frozen.count == network.relaxedParameters.count && frozen.count == 3)
    let (part, some) = try gradients(learned, frozen)
    #expect(whole == part)
    #expect(some.names == learned.names)
    for (name, tensor) in some { #expect(tensor == all[name]) }
    #expect(try learned.united(with: frozen) == p)
  }

  @Test("relaxed weights and their derivatives stand under their names as [bank][element]")
  func names() throws {
    let network = try network("C4")
    #expect(
      network.relaxedParameters.map(\.name) == [
        "0.liftingConvolution.relaxed.group", "3.groupConvolution.relaxed.group",
        "5.steerableConvolution.relaxed.basis.0.0",
      ])
    #expect(network.relaxedParameters[1].parameter.shape == [2, 4])
    #expect(network.relaxedParameters[1].parameter.relaxed == .elements)
  }

  /// 1 inside a box about the centre of 9 x 9 sites.
  private func box(_ half: (Int, Int)) throws -> Tensor<Double> {
    try Tensor(
      shape: [1, 1, 9, 9],
      values: (0..<81).map { site in
        let (x, y) = (site / 9 - 4, site % 9 - 4)
        return abs(x) <= half.0 && abs(y) <= half.1 ? 1 : 0
      })
  }

  @Test("derivatives at the symmetric point see what the target breaks: nothing, B, or all")
  func score() throws {
    let group = try LatticeGroup(named: "C4", dimension: 2)
    let relaxation = Relaxation(banks: 2)
    let lifting = try GroupConvolution(
      lifting: 1, to: 4, group, kernel: [3, 3], padding: .zero, relaxation: relaxation)
    let second = try GroupConvolution(
      group, inputs: 4, outputs: 4, kernel: [3, 3], padding: .zero, relaxation: relaxation)
    let third = try GroupConvolution(
      group, inputs: 4, outputs: 1, kernel: [3, 3], padding: .zero, relaxation: relaxation)
    let network = try EquivariantNetwork([
      lifting, try PointwiseNonlinearity(lifting.output, .tanh), second,
      try PointwiseNonlinearity(second.output, .tanh), third, try GroupPooling(third.output),
    ])
    let p: Parameters<Double> = try network.initialParameters(seed: 7)
    let targets: [(Tensor<Double>, b: Bool, e: Bool)] = [
      (try box((2, 2)), false, false), (try box((3, 1)), true, false),
      (try normal([1, 1, 9, 9], seed: 5), true, true),
    ]
    for (target, seesB, seesE) in targets {
      let tape = Tape()
      let weights = tape.variable(p)
      let y = try network(tape.constant(try box((2, 2))), LayerWeights(weights))
      let loss = try y.subtracting(tape.constant(target)).squared().sum()
      let gradients = tape.gradients(of: loss)[weights]
      for relaxed in network.relaxedParameters {
        let g = try #require(gradients[relaxed.name]).values
        let scale = g.reduce(0) { $0 + $1.magnitude }
        let b = abs(g[0] - g[1] + g[2] - g[3])
        let e = abs(g[0] - g[2]) + abs(g[1] - g[3])
        #expect(seesB ? b > 1e-4 * scale : b < 1e-12 * scale, "\(relaxed.name)")
        #expect(seesE ? e > 1e-4 * scale : e < 1e-12 * scale, "\(relaxed.name)")
      }
    }
  }

  @Test("penalties are those of their formula, and their adjoints agree with differences")
  func penalty() throws {
    let group = try LatticeGroup(named: "C2", dimension: 2)
    for (padding, neighbours) in [(ConvolutionPadding.circular, 24), (.zero, 17)] {
      let layer = try GroupConvolution(
        lifting: 1, to: 1, group, kernel: [1, 1], padding: padding,
        relaxation: .init(banks: 2, translation: [3, 4]))
      var p = try randomParameters(layer, seed: 1)
      func penalty(_ p: Parameters<Double>) throws -> Double {
        let tape = Tape()
        return try layer.relaxationPenalty(LayerWeights(tape.constant(p)), strength: 0.5)!
          .value.values[0]
      }
      #expect(try penalty(p) == 0)
      try p.update("relaxed.group", Tensor(shape: [2, 2], values: [1, 3, 1, 2]))
      #expect(abs(try penalty(p) - 0.5 * (2 * 2 + 2 * 1)) < 1e-14)
      // A checkerboard: every pair of neighbours differs by 1, but for those across an odd extent.
      let board = (0..<24).map { k in
        let (row, column) = (k / 4 % 3, k % 4)
        return Double((row + column) % 2)
      }
      try p.update("relaxed.translation", Tensor(shape: [2, 3, 4], values: board))
      let across = padding == .circular ? 4 : 0
      #expect(
        abs(try penalty(p) - 3 - 0.5 * 2 * Double(neighbours - across)) < 1e-12, "\(padding)")
      let random = try randomParameters(layer, seed: 6, relaxed: true)
      let report = try checkGradients(at: random, step: 1e-4) { tape, p in
        try layer.relaxationPenalty(LayerWeights(p), strength: 0.5)!
      }
      #expect(report.holds(1e-7), "\(report)")
    }
  }

  @Test("what does not compose is refused by name")
  func composition() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let lifting = try GroupConvolution(lifting: 1, to: 2, group, kernel: [3, 3])
    #expect(
      throws: EquivariantError.representation(
        layer: "1.groupConvolution", expected: "3 regular of D4",
        found: "2 regular of D4 of the layer before")
    ) {
      try EquivariantNetwork([
        lifting, try GroupConvolution(group, inputs: 3, outputs: 1, kernel: [3, 3]),
      ])
    }
    let other = try LatticeGroup(named: "C4", dimension: 2)
    #expect(throws: EquivariantError.self) {
      try EquivariantNetwork([
        lifting, try GroupConvolution(other, inputs: 2, outputs: 1, kernel: [3, 3]),
      ])
    }
    #expect(throws: EquivariantError.self) { try EquivariantNetwork([]) }
    let scalars = try FieldType.scalar(group)
    #expect(throws: EquivariantError.self) {
      try EquivariantNetwork([SpatialPooling(scalars), SpatialPooling(scalars)])
    }
    #expect(throws: EquivariantError.self) {
      try EquivariantNetwork([
        try Resampling(scalars, .average, sizes: [2, 2]),
        try Resampling(scalars, .stride(about: .origin), sizes: [2, 2]),
      ])
    }
  }

  @Test("files come back, and those of another group or other layers are refused by name")
  func files() throws {
    let network = try network("D4")
    let p = try perturbed(network, try network.initialParameters(seed: 3))
    let file = network.safetensors(p)
    #expect(try network.parameters(from: file) == p)
    let others = try self.network("C4")
    #expect(
      throws: EquivariantError.weights(
        file: "w.safetensors", expected: "weights of a network under C4 on 2 axes",
        found: "those of one under D4")
    ) { try others.parameters(from: file, path: "w.safetensors", as: Double.self) }
    let strict = try self.network("D4", relaxation: .none)
    #expect(throws: EquivariantError.self) { try strict.parameters(from: file, as: Double.self) }
    #expect(throws: EquivariantError.self) {
      try network.parameters(from: p.safetensors(), as: Double.self)
    }
    let single: Parameters<Float>? = try? network.parameters(from: file)
    #expect(single == nil)
  }
}
