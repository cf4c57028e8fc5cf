import Compute

extension Variable {
  /// A dense layer along the last axis: `y_{...o} = sum_i w_oi x_{...i} + b_o`.
  ///
  /// Adjoints `sum_o g_{...o} w_oi` to the input, the sum over all other axes of `g_o x_i` to the
  /// weight and of `g_o` to the bias.
  ///
  /// - Parameters:
  ///   - weight: `[out, in]`.
  ///   - bias: `[out]`, zero if nil.
  /// - Returns: the shape of the input with `out` in place of `in`.
  /// - Throws: `.operands` where the input has no axis or the shapes do not fit.
  public func dense<Scalar>(
    weight: Variable, bias: Variable? = nil
  ) throws(AutodiffError) -> Variable where Value == Tensor<Scalar> {
    let (shape, row) = (weight.value.shape, value.shape.suffix(1))
    guard shape.count == 2, row == [shape[1]], bias.map({ $0.value.shape == [shape[0]] }) ?? true
    else {
      throw .operands(
        of: "a dense layer", expected: "[..., in], [out, in] and [out]",
        found: [value.shape, shape] + (bias.map { [$0.value.shape] } ?? []))
    }
    let inputs: [any AnyVariable] = [self, weight] + (bias.map { [$0] } ?? [])
    let output = rowProduct(value, weight.value, bias: bias?.value, transposed: true)
    return tape.record(output, inputs: inputs) { g, cotangents in
      if isActive { cotangents.add(rowProduct(g, weight.value, transposed: false), to: self) }
      if weight.isActive { cotangents.add(rowOuterSum(value, g, transposed: true), to: weight) }
      if let bias, bias.isActive {
        cotangents.add(g.summed(over: Array(g.shape.indices.dropLast())), to: bias)
      }
    }
  }
}
