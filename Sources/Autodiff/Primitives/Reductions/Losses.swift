import Compute

extension Variable {
  /// `sum_i (x_i - t_i)^2 / n` over all n elements; adjoints `2 g (x_i - t_i) / n` and its negative.
  ///
  /// - Throws: `.shapeMismatch` where the shapes differ, `.setting` where there are no elements.
  public func meanSquaredError<Scalar>(to target: Variable) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    let error = try self.error(to: target)
    let loss = Tensor(Scalar(error.sumOfSquares() / Double(error.count)))
    return tape.record(loss, inputs: [self, target]) { g, cotangents in
      let slope = multiple(error, g.values[0] * Scalar(2) / Scalar(error.count))
      cotangents.add(slope, to: self)
      if target.isActive { cotangents.add(multiple(slope, -1), to: target) }
    }
  }

  /// `sum_i |x_i - t_i| / n` over all n elements; adjoints `g sign(x_i - t_i) / n`, 0 where they are
  /// equal, and its negative.
  ///
  /// - Throws: `.shapeMismatch` where the shapes differ, `.setting` where there are no elements.
  public func meanAbsoluteError<Scalar>(to target: Variable) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    let error = try self.error(to: target)
    let loss = Tensor(Scalar(error.sumOfMagnitudes() / Double(error.count)))
    return tape.record(loss, inputs: [self, target]) { g, cotangents in
      let slope = signs(error, times: g.values[0] / Scalar(error.count))
      cotangents.add(slope, to: self)
      if target.isActive { cotangents.add(multiple(slope, -1), to: target) }
    }
  }

  private func error<Scalar>(to target: Variable) throws(AutodiffError) -> Tensor<Scalar>
  where Value == Tensor<Scalar> {
    try requireShape(of: target, "the target")
    try requireCount("the number of elements of a mean", value.count, atLeast: 1)
    return difference(value, target.value)
  }
}

extension Tensor {
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func sumOfSquares() -> Double {
    withUnsafeValues { values in
      guard let base = values.baseAddress else { return 0 }
      let x = LaneReader<Scalar.Lanes>(base)
      return blockSum(count: values.count, of: Scalar.Lanes.self) { load in
        let v = load(x)
        return v * v
      }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func sumOfMagnitudes() -> Double {
    withUnsafeValues { values in
      guard let base = values.baseAddress else { return 0 }
      let x = LaneReader<Scalar.Lanes>(base)
      return blockSum(count: values.count, of: Scalar.Lanes.self) { load in
        let v = load(x)
        return Scalar.Lanes.select(Scalar.Lanes.greaterOrEqual(v, .zero), v, -v)
      }
    }
  }
}

/// The sign of every element, 0 for 0, times a number.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func signs<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, times factor: Scalar
) -> Tensor<Scalar> {
  transformElements(x) { $0 > 0 ? factor : $0 < 0 ? -factor : 0 * $0 }
}
