import Autodiff
import Compute
import EquivariantLayers
import Groups
import Testing

@Suite("Equivariance from outside a model") struct SymmetrisationTests {
  /// A model that knows nothing of symmetry: one dense layer over all sites and channels with a tanh behind it.
  private struct Model {
    let shape: [Int]
    let weight: Tensor<Double>

    init(_ input: [Int], to output: [Int], seed: UInt64) throws {
      shape = output
      let (n, m) = (input.reduce(1, *), output.reduce(1, *))
      weight = try Tensor.initialised(shape: [m, n], fanIn: n, seed: seed, stream: 5)
    }

    func callAsFunction(
      _ x: Variable<Tensor<Double>>
    ) throws -> Variable<Tensor<Double>> {
      let batch = x.value.shape[0]
      return try x.reshaped(to: [batch, weight.shape[1]]).dense(weight: x.tape.constant(weight))
        .applying(.tanh).reshaped(to: [batch] + shape)
    }

    func callAsFunction(_ x: Tensor<Double>) throws -> Tensor<Double> {
      try self(Tape().constant(x)).value
    }
  }

  private static let cases: [(String, [Int])] = [
    ("C4", [4, 4]), ("D4", [3, 3]), ("Oh", [2, 2, 2]),
  ]

  /// |f(g x) - g f(x)| / |f(x)|, the largest over elements.
  private func error(
    _ x: Tensor<Double>, from input: FieldType, to output: FieldType,
    _ f: (Tensor<Double>) throws -> Tensor<Double>
  ) throws -> Double {
    let y = try f(x)
    return try (0..<input.group.order).map { g in
      let expected =
        y.rank == 2 ? try output.transformedComponents(y, by: g) : try output.transformed(y, by: g)
      return relativeDifference(try f(input.transformed(x, by: g)), expected)
    }.max()!
  }

  @Test("averages, frames and canonical positions make any model equivariant", arguments: cases)
  func equivariance(name: String, extents: [Int]) throws {
    let group = try LatticeGroup(named: name, dimension: extents.count)
    let input = try FieldType(group, [(.scalar(group), 1), (.vector(group), 1)])
    let fields = try FieldType.vector(group)
    let x = try normal([3, input.channels] + extents, seed: 2)
    for (output, shape) in [(fields, [fields.channels] + extents), (input, [input.channels])] {
      let model = try Model([input.channels] + extents, to: shape, seed: 3)
      let average = GroupAverage(from: input, to: output)
      let frames = try FrameAverage(from: input, to: output)
      let canonical = try Canonicalisation(from: input, to: output)
      #expect(try error(x, from: input, to: output) { try average($0) { try model($0) } } < 1e-13)
      #expect(try error(x, from: input, to: output) { try frames($0) { try model($0) } } < 1e-13)
      #expect(try error(x, from: input, to: output) { try canonical($0) { try model($0) } } < 1e-13)
      #expect(try error(x, from: input, to: output) { try model($0) } > 0.1)
      // Without symmetric samples a frame is one element.
      let positions = try (frames.readings(of: x), canonical.readings(of: x))
      #expect(positions.0 == positions.1)
      #expect(try average.readings(of: x).count == 3 * group.order)
    }
  }

  @Test("an equivariant model stays what it is")
  func fixedPoints() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let layer = try GroupConvolution(lifting: 1, to: 1, group, kernel: [3, 3], padding: .zero)
    let parameters = try randomParameters(layer, seed: 4)
    let x = try normal([2, 1, 4, 4], seed: 9)
    let y = try value(layer, x, parameters)
    let model = { (x: Tensor<Double>) in try value(layer, x, parameters) }
    #expect(
      relativeDifference(try GroupAverage(from: layer.input, to: layer.output)(x, model: model), y)
        < 1e-14)
    #expect(
      relativeDifference(try FrameAverage(from: layer.input, to: layer.output)(x, model: model), y)
        < 1e-14)
  }

  @Test(
    "a symmetric sample has a frame of its stabiliser's order, and one position does not do for it")
  func symmetricSamples() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let fields = try FieldType.scalar(group)
    // A cross, and a bar that only half of the elements keep.
    let x = try Tensor<Double>(
      shape: [2, 1, 3, 3], values: [0, 1, 0, 1, 2, 1, 0, 1, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0])
    let frames = try FrameAverage(from: fields, to: fields)
    let readings = try frames.readings(of: x)
    #expect(readings.count { $0.sample == 0 } == 8 && readings.count { $0.sample == 1 } == 4)
    let model = try Model([1, 3, 3], to: [1, 3, 3], seed: 6)
    #expect(try error(x, from: fields, to: fields) { try frames($0) { try model($0) } } < 1e-13)
    let canonical = try Canonicalisation(from: fields, to: fields)
    #expect(try error(x, from: fields, to: fields) { try canonical($0) { try model($0) } } > 0.01)
    // Invariant outputs are exact all the same.
    let classes = try Model([1, 3, 3], to: [1], seed: 6)
    #expect(
      try error(x, from: fields, to: fields) { try canonical($0) { try classes($0) } } < 1e-13)
  }

  @Test("derivatives go through, to input and weights")
  func derivatives() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let input = try FieldType(group, [(.scalar(group), 1), (.vector(group), 1)])
    let model = try Model([3, 3, 3], to: [2, 3, 3], seed: 3)
    let x = try normal([2, 3, 3, 3], seed: 5)
    let average = GroupAverage(from: input, to: try .vector(group))
    let canonical = try Canonicalisation(from: input, to: .vector(group))
    let sum = try checkGradients(at: x, model.weight) { tape, x, weight in
      try average(x) {
        try $0.reshaped(to: [16, 27]).dense(weight: weight).applying(.tanh)
          .reshaped(to: [16, 2, 3, 3])
      }.squared().sum()
    }
    #expect(sum.holds(1e-7), "\(sum)")
    let one = try checkGradients(at: x) { tape, x in
      try canonical(x) { try model($0) }.squared().sum()
    }
    #expect(one.holds(1e-7), "\(one)")
  }

  @Test("augmentation moves both alike, every element as often")
  func augmentation() throws {
    let group = try LatticeGroup(named: "D4", dimension: 2)
    let scalar = try FieldType.scalar(group)
    let regular = try FieldType.regular(group)
    let layer = try GroupConvolution(lifting: 1, to: 1, group, kernel: [3, 3], padding: .zero)
    let parameters = try randomParameters(layer, seed: 4)
    let x = try normal([1, 1, 4, 4], seed: 9)
    let many = try Tensor(
      shape: [400, 1, 4, 4], values: (0..<400).flatMap { _ in x.values })
    let stream = RandomStream(seed: 7, purpose: .checks)
    let moved = try Augmentation(from: scalar, to: regular)(
      many, value(layer, many, parameters), stream: stream, step: 3)
    #expect(relativeDifference(moved.y, try value(layer, moved.x, parameters)) < 1e-13)
    var counts = [[Double]: Int]()
    for sample in 0..<400 {
      counts[Array(moved.x.values[(16 * sample)..<(16 * sample + 16)]), default: 0] += 1
    }
    // 50 each, with a deviation of 6.6; eight times four of them is a false alarm of 1 in 2000 for a new seed.
    #expect(counts.count == 8 && counts.values.allSatisfy { abs($0 - 50) < 27 })
    let other = try Augmentation(from: scalar, to: regular)(
      many, value(layer, many, parameters), stream: stream, step: 4)
    #expect(other.x != moved.x)
  }

  @Test("an ensemble is the mean of its members, and orbits are counted")
  func ensembles() throws {
    let group = try LatticeGroup(named: "C4", dimension: 2)
    let scalar = try FieldType.scalar(group)
    let x = try normal([5, 1, 3, 3], seed: 9)
    let models = try (0..<3).map { try Model([1, 3, 3], to: [2], seed: UInt64(20 + $0)) }
    let mean = try DeepEnsemble(members: 3)(x) { try models[$0]($1) }
    let values = try models.map { try $0(x).values }
    for i in 0..<10 {
      #expect(abs(mean.values[i] - (values[0][i] + values[1][i] + values[2][i]) / 3) < 1e-15)
    }
    // The class is whether the first site is positive: for that alone the four corners decide.
    let corners = try Tensor<Double>(
      shape: [2, 1, 3, 3], values: [1, 0, 1, 0, 0, 0, -1, 0, 1, -1, 0, -1, 0, 0, 0, -1, 0, -1])
    let predictions = try OrbitPredictions(of: corners, scalar) { x in
      try Tensor(
        shape: [2, 2], values: (0..<2).flatMap { [x.values[9 * $0], -x.values[9 * $0]] })
    }
    #expect(predictions.classes == [0, 1])
    #expect(predictions.counts == [3, 4])
    #expect(predictions.mean == 3.5 && predictions.order == 4)
  }

  @Test("what does not fit is refused by name")
  func refusals() throws {
    let group = try LatticeGroup(named: "C4", dimension: 2)
    let other = try LatticeGroup(named: "D4", dimension: 2)
    let scalar = try FieldType.scalar(group)
    let identity = { (x: Tensor<Double>) in x }
    let average = GroupAverage(from: scalar, to: scalar)
    // A lattice that the group does not preserve, and another number of channels.
    #expect(throws: EquivariantError.self) {
      try average(normal([1, 1, 3, 4], seed: 1), model: identity)
    }
    #expect(throws: EquivariantError.self) {
      try average(normal([1, 2, 3, 3], seed: 1), model: identity)
    }
    #expect(throws: EquivariantError.self) {
      try average(normal([1, 1, 3, 3], seed: 1)) { _ in try normal([1, 1, 3, 3], seed: 1) }
    }
    let mixed = GroupAverage(from: scalar, to: try .scalar(other))
    #expect(throws: EquivariantError.self) {
      try mixed(normal([1, 1, 3, 3], seed: 1), model: identity)
    }
    #expect(throws: EquivariantError.self) {
      try Augmentation(from: scalar, to: .scalar(other))
    }
    #expect(throws: EquivariantError.self) { try DeepEnsemble(members: 0) }
    #expect(throws: EquivariantError.self) {
      try OrbitPredictions(of: normal([1, 1, 3, 3], seed: 1), scalar, classify: identity)
    }
  }
}
