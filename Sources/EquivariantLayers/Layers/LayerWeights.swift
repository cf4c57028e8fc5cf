import Autodiff
import Compute

/// Where layers find their weights on a tape: parameters that are learned, and perhaps others that are kept.
public struct LayerWeights<Scalar: LatticeReal> {
  private let sets: [Variable<Parameters<Scalar>>]
  /// What stands before the names of a layer, with its dot; empty for none.
  private let prefix: String

  /// - Parameters:
  ///   - learned: parameters with respect to which derivatives are wanted, or a constant.
  ///   - frozen: those that are kept; a name stands in one of both.
  public init(
    _ learned: Variable<Parameters<Scalar>>, frozen: Variable<Parameters<Scalar>>? = nil
  ) {
    self.init(sets: [learned] + (frozen.map { [$0] } ?? []), prefix: "")
  }

  private init(sets: [Variable<Parameters<Scalar>>], prefix: String) {
    (self.sets, self.prefix) = (sets, prefix)
  }

  /// The weights of a layer whose names have a prefix.
  public func scoped(_ name: String) -> LayerWeights {
    LayerWeights(sets: sets, prefix: prefix + name + ".")
  }

  /// A value of which no derivative is wanted.
  func constant(_ value: Tensor<Scalar>) -> Variable<Tensor<Scalar>> {
    sets[0].tape.constant(value)
  }

  /// A tensor by its name within the layer.
  ///
  /// - Throws: `.autodiff` where it is missing or of another shape.
  public func tensor(
    _ name: String, shape: [Int]
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let full = prefix + name
    return try tensors { () throws(AutodiffError) in
      let set = sets.first { $0.value[full] != nil } ?? sets[0]
      let tensor: Variable<Tensor<Scalar>> = try set.tensor(full)
      guard tensor.value.shape == shape else {
        throw .shapeMismatch(name: full, expected: shape, found: tensor.value.shape)
      }
      return tensor
    }
  }
}
