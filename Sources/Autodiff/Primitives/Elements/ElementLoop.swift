import Compute

/// Elements that a thread takes at least: some 10 microseconds of them.
private let elementGrain = 1 << 15

/// A tensor whose elements are written by `body` a range at a time, on many threads.
@inline(__always)
func tensor<Scalar: LatticeReal>(
  of shape: [Int], count: Int,
  _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void
) -> Tensor<Scalar> {
  let values = [Scalar](unsafeUninitializedCapacity: count) { target, filled in
    if let base = target.baseAddress {
      nonisolated(unsafe) let base = base
      parallelFor(count, grain: elementGrain) { body($0, base) }
    }
    filled = count
  }
  return Tensor(unchecked: shape, values)
}

/// The tensor of a function of every element.
///
/// It is inlined into functions that are specialised for their scalar, and the loop vectorised.
@inline(__always)
func transformElements<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ transform: @Sendable (Scalar) -> Scalar
) -> Tensor<Scalar> {
  x.withUnsafeValues { values in
    nonisolated(unsafe) let values = values
    return tensor(of: x.shape, count: x.count) { range, target in
      for i in range { target[i] = transform(values[i]) }
    }
  }
}

/// The tensor of a function of the elements at the same place of two tensors of one shape.
@inline(__always)
func combineElements<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ combine: @Sendable (Scalar, Scalar) -> Scalar
) -> Tensor<Scalar> {
  precondition(x.shape == y.shape, "the shapes \(x.shape) and \(y.shape) differ")
  return x.withUnsafeValues { first in
    y.withUnsafeValues { second in
      nonisolated(unsafe) let (first, second) = (first, second)
      return tensor(of: x.shape, count: x.count) { range, target in
        for i in range { target[i] = combine(first[i], second[i]) }
      }
    }
  }
}
