import Compute

extension Variable {
  /// The sum of all elements, a tensor of one number; adjoint g everywhere.
  public func sum<Scalar>() -> Variable where Value == Tensor<Scalar> {
    total(times: 1)
  }

  /// The mean of all elements, a tensor of one number; adjoint g / n everywhere.
  ///
  /// - Throws: `.setting` where there are no elements.
  public func mean<Scalar>() throws(AutodiffError) -> Variable where Value == Tensor<Scalar> {
    try requireCount("the number of elements of a mean", value.count, atLeast: 1)
    return total(times: 1 / Double(value.count))
  }

  /// The sum over some axes, which the result has no longer; adjoint g along them.
  ///
  /// - Throws: `.setting` for axes that the tensor has not, or named twice.
  public func sum<Scalar>(over axes: [Int]) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    try requireAxes(axes, rank: value.rank)
    return total(over: axes, times: 1)
  }

  /// The mean over some axes, which the result has no longer; adjoint g / n along them.
  ///
  /// - Throws: `.setting` for axes that the tensor has not, or named twice, or where there is
  ///   nothing along them.
  public func mean<Scalar>(over axes: [Int]) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    try requireAxes(axes, rank: value.rank)
    let count = product(of: axes.map { value.shape[$0] }) ?? 0
    try requireCount("the number of elements of a mean", count, atLeast: 1)
    return total(over: axes, times: 1 / Scalar(count))
  }

  private func total<Scalar>(times factor: Double) -> Variable where Value == Tensor<Scalar> {
    let total = Tensor(Scalar(value.exactTotal() * factor))
    return tape.record(total, inputs: [self]) { g, cotangents in
      let everywhere = [Scalar](repeating: Scalar(factor) * g.values[0], count: value.count)
      cotangents.add(Tensor(unchecked: value.shape, everywhere), to: self)
    }
  }

  private func total<Scalar>(over axes: [Int], times factor: Scalar) -> Variable
  where Value == Tensor<Scalar> {
    var sum = value.summed(over: axes)
    if factor != 1 { sum.scale(by: factor) }
    return tape.record(sum, inputs: [self]) { g, cotangents in
      cotangents.add(g.spread(over: axes, of: value.shape, times: factor), to: self)
    }
  }
}

/// Throws unless axes are distinct ones of a tensor of this rank.
func requireAxes(_ axes: [Int], rank: Int) throws(AutodiffError) {
  guard axes.allSatisfy({ (0..<rank).contains($0) }), Set(axes).count == axes.count else {
    throw .setting(
      name: "the axes", expected: "different numbers from 0 to below \(rank)", found: "\(axes)")
  }
}

extension Tensor {
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func exactTotal() -> Double {
    withUnsafeValues { values in
      guard let base = values.baseAddress else { return 0 }
      let x = LaneReader<Scalar.Lanes>(base)
      return blockSum(count: values.count, of: Scalar.Lanes.self) { load in load(x) }
    }
  }
}
