import Compute

extension Tensor {
  /// The tensor of `transform` of every element.
  @inlinable
  public func map(_ transform: (Scalar) -> Scalar) -> Tensor {
    Tensor(unchecked: shape, values.map(transform))
  }

  /// The tensor of `combine` of the elements at the same place.
  ///
  /// - Throws: `.shapeMismatch` where the shapes differ.
  @inlinable
  public func zip(
    _ other: Tensor, _ combine: (Scalar, Scalar) -> Scalar
  ) throws(AutodiffError) -> Tensor {
    guard shape == other.shape else {
      throw .shapeMismatch(name: "the second tensor", expected: shape, found: other.shape)
    }
    return Tensor(unchecked: shape, Swift.zip(values, other.values).map { combine($0, $1) })
  }

  /// Adds a tensor of the same shape, which gradients do that reach a value by several ways.
  ///
  /// - Throws: `.shapeMismatch` where the shapes differ.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func add(_ other: Tensor) throws(AutodiffError) {
    guard shape == other.shape else {
      throw .shapeMismatch(name: "the second tensor", expected: shape, found: other.shape)
    }
    other.withUnsafeValues { source in
      withUnsafeMutableValues { for i in $0.indices { $0[i] += source[i] } }
    }
  }

  /// Multiplies every element by a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func scale(by factor: Scalar) {
    withUnsafeMutableValues { for i in $0.indices { $0[i] *= factor } }
  }

  /// The place of the first element that is infinite or not a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func firstNonFinite() -> Int? {
    withUnsafeValues { values in
      // The product with 0 is 0 for finite numbers only: one pass without branches first.
      var sum: Scalar = 0
      for value in values { sum += value * 0 }
      return sum == 0 ? nil : values.firstIndex { !$0.isFinite }
    }
  }
}
