import Autodiff
import Compute

/// The mean of every component over all sites: `[batch, channels]`, on which the group acts by the representations
/// alone.
public struct SpatialPooling: EquivariantLayer {
  public let name = "spatialPooling"
  public let input: FieldType
  public var output: FieldType { input }

  public init(_ input: FieldType) { self.input = input }

  public func outputExtents(_ extents: [Int]) throws(EquivariantError) -> [Int] {
    try input.group.require(extents: extents, layer: name)
    return []
  }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    try tensors { () throws(AutodiffError) in try x.globalAveragePooled() }
  }
}

/// The square of the length of every field, a scalar: `sum_i x_i^2`.
public struct FieldSquares: EquivariantLayer {
  public let name = "squares"
  public let input: FieldType
  public let output: FieldType

  /// - Throws: `.representation` for fields whose length is not invariant.
  public init(_ input: FieldType) throws(EquivariantError) {
    try input.require(layer: "squares", "fields of orthogonal representations") {
      $0.isOrthogonal
    }
    self.input = input
    output = try .scalar(input.group, input.count)
  }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    // Fields of one dimension together: a sum over an axis of components.
    try tensors { () throws(AutodiffError) in
      let shape = x.value.shape
      var (parts, first) = ([Variable<Tensor<Scalar>>](), 0)
      for block in input.blocks {
        let part = try x.slice(first..<(first + block.channels), along: 1)
        let split = [shape[0], block.count, block.representation.dimension] + shape[2...]
        parts.append(try part.squared().reshaped(to: split).sum(over: [2]))
        first += block.channels
      }
      return try .concatenated(parts, along: 1)
    }
  }
}
