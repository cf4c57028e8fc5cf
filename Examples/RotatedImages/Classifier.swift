import Autodiff
import Compute
import EquivariantLayers
import Groups

/// A way to classify pictures that are to be the same whichever way they are turned.
enum Approach: String, CaseIterable {
  case plain
  case augmented = "plain, augmented"
  case ensemble = "ensemble of 5, augmented"
  case canonicalised
  case averaged = "averaged over C4"
  case strict = "strict C4"
  case relaxed = "relaxed C4"

  var isAugmented: Bool { self == .augmented || self == .ensemble }
}

/// Networks of one approach, trained on upright pictures.
struct Classifier {
  let approach: Approach
  let network: EquivariantNetwork
  let symmetry: LatticeGroup
  private let pictures: FieldType
  private let scores: FieldType
  private var members: [Parameters<Double>]

  var parameterCount: Int { members.reduce(0) { $0 + $1.elementCount } }

  init(_ approach: Approach, images: ShapeImages, steps: Int, seed: UInt64) throws {
    self.approach = approach
    symmetry = try LatticeGroup(named: "C4", dimension: 2)
    let isOwn = approach == .strict || approach == .relaxed
    let group =
      isOwn ? symmetry : try symmetry.restricted(to: symmetry.group.trivialSubgroup)
    network = try Self.network(
      group, fields: 12 / group.order,
      relaxation: approach == .relaxed ? Relaxation(banks: 1, group: .input) : .none)
    pictures = try .scalar(symmetry)
    scores = try .scalar(symmetry, ShapeImages.shapes.count)
    members = []
    let augmentation = try Augmentation(from: pictures, to: scores)
    for member in 0..<(approach == .ensemble ? 5 : 1) {
      let elements = RandomStream(
        seed: seed << 16 + UInt64(1000 + member), purpose: .trainingData)
      let start: Parameters<Double> = try network.initialParameters(
        seed: seed << 16 + UInt64(member))
      members.append(
        try trained(start, steps: steps, learningRate: 0.01) { step, tape, parameters in
          var (x, y) = try images.batch(set: 1, number: step, count: 16)
          if approach.isAugmented { (x, y) = try augmentation(x, y, stream: elements, step: step) }
          return try output(tape.constant(x)) { try network($0, LayerWeights(parameters)) }
            .meanSquaredError(to: tape.constant(y))
        })
    }
  }

  /// Convolutions with so many fields, and the mean of four scores over all sites.
  private static func network(
    _ group: LatticeGroup, fields: Int, relaxation: Relaxation
  ) throws -> EquivariantNetwork {
    let first = try GroupConvolution(
      lifting: 1, to: fields, group, kernel: [3, 3], padding: .zero, relaxation: relaxation)
    let regular = first.output
    func convolution(_ outputs: Int, _ size: Int) throws -> GroupConvolution {
      try GroupConvolution(
        group, inputs: fields, outputs: outputs, kernel: [size, size], padding: .zero,
        relaxation: relaxation)
    }
    let last = try convolution(ShapeImages.shapes.count, 1)
    let pooled = try GroupPooling(last.output)
    return try EquivariantNetwork([
      first, try PointwiseNonlinearity(regular, .gelu), try convolution(fields, 3),
      try PointwiseNonlinearity(regular, .gelu), try convolution(fields, 3),
      try PointwiseNonlinearity(regular, .gelu), last, pooled, SpatialPooling(pooled.output),
    ])
  }

  /// The model as its approach wraps it.
  private func output(
    _ x: Variable<Tensor<Double>>,
    _ model: (Variable<Tensor<Double>>) throws -> Variable<Tensor<Double>>
  ) throws -> Variable<Tensor<Double>> {
    switch approach {
    case .canonicalised: try Canonicalisation(from: pictures, to: scores)(x, model: model)
    case .averaged: try GroupAverage(from: pictures, to: scores)(x, model: model)
    default: try model(x)
    }
  }

  /// The scores of pictures.
  func callAsFunction(_ x: Tensor<Double>) throws -> Tensor<Double> {
    try DeepEnsemble(members: members.count)(x) { member, x in
      let tape = Tape()
      return try output(tape.constant(x)) {
        try network($0, LayerWeights(tape.constant(members[member])))
      }.value
    }
  }
}
