import Compute

extension Variable {
  /// The same elements under another shape; the adjoint goes back under the old one.
  ///
  /// - Throws: `.shape`, or `.elementCount` where the shape has not as many elements.
  public func reshaped<Scalar>(to shape: [Int]) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    tape.record(try value.reshaped(to: shape), inputs: [self]) { g, cotangents in
      cotangents.add(Tensor(unchecked: value.shape, g.values), to: self)
    }
  }

  /// The axes in another order: axis k of the result is axis `axes[k]` of this one.
  ///
  /// The adjoint puts them back.
  ///
  /// - Throws: `.setting` where the axes are not all of the tensor's, each once.
  public func transposed<Scalar>(_ axes: [Int]) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    guard axes.sorted() == Array(0..<value.rank) else {
      throw .setting(
        name: "the axes", expected: "all numbers from 0 to below \(value.rank)", found: "\(axes)")
    }
    var inverse = axes
    for (k, axis) in axes.enumerated() { inverse[axis] = k }
    return tape.record(value.permuted(axes), inputs: [self]) { g, cotangents in
      cotangents.add(g.permuted(inverse), to: self)
    }
  }
}

extension Tensor {
  /// The axes in another order; every axis once.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func permuted(_ axes: [Int]) -> Tensor {
    guard let last = axes.last else { return self }
    let (strides, shape) = (rowMajorStrides(self.shape), axes.map { self.shape[$0] })
    let rows = offsets(
      of: axes.dropLast().map { self.shape[$0] }, strides: axes.dropLast().map { strides[$0] })
    let (width, stride) = (self.shape[last], strides[last])
    let values = [Scalar](unsafeUninitializedCapacity: count) { target, filled in
      filled = count
      guard let target = target.baseAddress else { return }
      withUnsafeValues { source in
        guard let base = source.baseAddress else { return }
        nonisolated(unsafe) let (source, target) = (base, target)
        parallelFor(rows.count, grain: max(1, (1 << 14) / max(1, width))) { range in
          for row in range {
            let (from, to) = (source + rows[row], target + row * width)
            for i in 0..<width { to[i] = from[i * stride] }
          }
        }
      }
    }
    return Tensor(unchecked: shape, values)
  }
}
