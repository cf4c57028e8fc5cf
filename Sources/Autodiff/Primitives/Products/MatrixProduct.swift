import Compute

extension Variable {
  /// The product of matrices, `[m, k] x [k, n]`: `y_ij = sum_l a_il b_lj`.
  ///
  /// Adjoints `g b^T` and `a^T g`.
  ///
  /// - Throws: `.operands` where a factor is not a matrix or the inner extents differ.
  public func matrixProduct<Scalar>(_ other: Variable) throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    let (left, right) = (value.shape, other.value.shape)
    guard left.count == 2, right.count == 2, left[1] == right[0] else {
      throw .operands(of: "a matrix product", expected: "[m, k] and [k, n]", found: [left, right])
    }
    return tape.record(rowProduct(value, other.value, transposed: false), inputs: [self, other]) {
      g, cotangents in
      if isActive { cotangents.add(rowProduct(g, other.value, transposed: true), to: self) }
      if other.isActive { cotangents.add(rowOuterSum(value, g), to: other) }
    }
  }
}

/// `y_rj = sum_c x_rc w_cj` along the last axis of x, with w or its transpose of shape `[j, c]`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func rowProduct<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, transposed: Bool
) -> Tensor<Scalar> {
  let (depth, columns) = transposed ? (w.shape[1], w.shape[0]) : (w.shape[0], w.shape[1])
  let rows = product(of: x.shape.dropLast())!
  let shape = x.shape.dropLast() + [columns]
  let values = [Scalar](unsafeUninitializedCapacity: rows * columns) { target, filled in
    filled = rows * columns
    guard let base = target.baseAddress, filled > 0 else { return }
    let bias = bias?.values ?? [Scalar](repeating: 0, count: columns)
    let weights = w.withUnsafeValues { w in
      guard let base = w.baseAddress else { return PaddedRows<Scalar>(rows: 0, width: columns) }
      return PaddedRows(
        gathering: base, taps: 1, tapStride: 0, channels: depth,
        channelStride: transposed ? 1 : columns, columns: columns,
        columnStride: transposed ? depth : 1)
    }
    x.withUnsafeValues { x in
      bias.withUnsafeBufferPointer { bias in
        let first = x.baseAddress ?? UnsafePointer(base)
        let product = RowProduct(
          source: RowSource(first, stride: depth, depth: depth), weights: weights)
        nonisolated(unsafe) let (target, bias, stride) = (base, bias.baseAddress!, weights.stride)
        product.run(rows: rows) { range, results in
          for (j, row) in range.enumerated() {
            let (y, source) = (target + row * columns, results + j * stride)
            for column in 0..<columns { y[column] = source[column] + bias[column] }
          }
        }
      }
    }
  }
  return Tensor(unchecked: Array(shape), values)
}

/// `s_cj = sum_r x_rc g_rj` along the last axes of x and g; with `transposed` as `[j, c]`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func rowOuterSum<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, _ g: Tensor<Scalar>, transposed: Bool = false
) -> Tensor<Scalar> {
  let (depth, columns) = (x.shape.last!, g.shape.last!)
  let rows = product(of: g.shape.dropLast())!
  let shape = transposed ? [columns, depth] : [depth, columns]
  var values = [Scalar](repeating: 0, count: depth * columns)
  if values.count > 0 && rows > 0 {
    let sums = x.withUnsafeValues { x in
      g.withUnsafeValues { g in
        RowOuterSum(
          source: RowSource(x.baseAddress!, stride: depth, depth: depth),
          cotangents: PaddedRows(copying: g.baseAddress!, rows: rows, width: columns)
        ).run()
      }
    }
    for c in 0..<depth {
      let row = sums.elements + c * sums.stride
      for j in 0..<columns { values[transposed ? j * depth + c : c * columns + j] = row[j] }
    }
  }
  return Tensor(unchecked: shape, values)
}
