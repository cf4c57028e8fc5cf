import Autodiff
import Compute

/// A tensor that a layer learns: its name within the layer, its shape and how it begins.
public struct LayerParameter: Sendable, Equatable {
  public enum Start: Sendable, Equatable {
    /// Independent normal numbers of variance `gain^2 / fanIn`.
    case normal(fanIn: Int, gain: Double)
    /// The same number everywhere.
    case constant(Double)
  }

  public let name: String
  public let shape: [Int]
  public let start: Start
  /// What the last axes of a relaxed weight stand for, after the first, its banks; nil for others.
  public let relaxed: RelaxedIndex?

  init(name: String, shape: [Int], start: Start, relaxed: RelaxedIndex? = nil) {
    (self.name, self.shape, self.start, self.relaxed) = (name, shape, start, relaxed)
  }

  /// Whether it bends a symmetry when it changes.
  public var isRelaxed: Bool { relaxed != nil }
}

/// A function of fields that commutes with a group, as far as its relaxed weights let it.
///
/// Layers are values without weights: those come from a `LayerWeights` at every call.
public protocol EquivariantLayer: Sendable {
  /// What the layer is called in names of weights and errors.
  var name: String { get }
  var input: FieldType { get }
  var output: FieldType { get }
  /// What it learns.
  var parameters: [LayerParameter] { get }
  /// The point that has to stay for the layer to be equivariant; nil for any.
  var fixedPoint: FixedPoint? { get }
  /// The settings, in words that a file of weights records.
  var settings: String { get }

  /// The extents of the output; none where sites are gone.
  ///
  /// - Throws: `.lattice` or `.setting` for extents on which the layer is not equivariant.
  func outputExtents(_ extents: [Int]) throws(EquivariantError) -> [Int]

  /// The value, for an input whose shape has been checked.
  func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>>
}

extension EquivariantLayer {
  public var parameters: [LayerParameter] { [] }
  public var fixedPoint: FixedPoint? { nil }
  public var settings: String { "\(name)(\(input) -> \(output))" }

  public func outputExtents(_ extents: [Int]) throws(EquivariantError) -> [Int] {
    try input.group.require(extents: extents, layer: name)
    return extents
  }

  /// The output for `[batch, channels, n_0, ..., n_{d-1}]`.
  ///
  /// - Throws: `.representation` for another shape, `.lattice` for extents that the group does not preserve,
  ///   `.autodiff` for weights that are missing or of another shape.
  public func callAsFunction<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    try input.require(shape: x.value.shape, layer: name)
    _ = try outputExtents(Array(x.value.shape[2...]))
    return try evaluate(x, weights)
  }

  /// Weights to begin with; relaxed ones are 1, so that the layer is equivariant.
  ///
  /// - Parameter stream: the first random sequence taken; each tensor takes one.
  public func initialParameters<Scalar: LatticeReal>(
    seed: UInt64, stream: UInt32 = 0, as: Scalar.Type = Scalar.self
  ) throws(EquivariantError) -> Parameters<Scalar> {
    var result = Parameters<Scalar>()
    for (k, parameter) in parameters.enumerated() {
      try tensors { () throws(AutodiffError) in
        switch parameter.start {
        case .constant(let value):
          try result.add(
            parameter.name, Tensor(shape: parameter.shape, repeating: Scalar(value)))
        case .normal(let fanIn, let gain):
          try result.add(
            parameter.name,
            .initialised(
              shape: parameter.shape, fanIn: fanIn, seed: seed, stream: stream + UInt32(k),
              gain: gain))
        }
      }
    }
    return result
  }
}
