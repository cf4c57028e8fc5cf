import Autodiff
import Compute

/// A function of every single component: equivariant where components are only permuted, or where they also change
/// sign and the function is odd.
public struct PointwiseNonlinearity: EquivariantLayer {
  public let name = "pointwise"
  public let input: FieldType
  public let activation: Activation
  public var output: FieldType { input }

  /// - Throws: `.representation` for fields of which the function is not equivariant.
  public init(_ input: FieldType, _ activation: Activation) throws(EquivariantError) {
    let isOdd = activation == .identity || activation == .tanh
    try input.require(
      layer: "pointwise \(activation.rawValue)",
      isOdd
        ? "fields whose components are permuted or change sign"
        : "fields whose components are permuted without signs"
    ) { isOdd ? $0.isSignedPermutation : $0.isPermutation }
    self.input = input
    self.activation = activation
  }

  public var settings: String { "\(name)(\(input), \(activation.rawValue))" }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> { x.applying(activation) }
}
