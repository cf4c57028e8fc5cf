import Compute

extension Variable {
  /// An ordinary convolution (a cross-correlation, as everywhere in machine learning) of stride 1:
  ///
  ///     y[b, o, x] = sum_i sum_j w[o, i, j] u[b, i, x + dilation j - left] + b[o]
  ///
  /// with `left = dilation (k - 1) / 2` rounded down, 0 without padding. The kernel may be larger than
  /// the lattice.
  ///
  /// - Parameters:
  ///   - weight: `[out, in, k_1, ..., k_d]`.
  ///   - bias: `[out]`, zero if nil.
  ///   - padding: what is read beyond the ends.
  ///   - dilation: the distance between places of the kernel.
  /// - Returns: `[batch, out, n_1, ..., n_d]` from an input `[batch, in, n_1, ..., n_d]`.
  /// - Throws: `.operands` where the shapes do not fit or are empty, `.setting` for a dilation below 1.
  public func convolved<Scalar>(
    weight: Variable, bias: Variable? = nil, padding: ConvolutionPadding = .circular,
    dilation: Int = 1
  ) throws(AutodiffError) -> Variable where Value == Tensor<Scalar> {
    try convolved(
      weight: weight, bias: bias, padding: padding, dilation: dilation, inTiles: false)
  }

  /// The same; with `inTiles` by Winograd's tiles where they save time, which rounds otherwise.
  package func convolved<Scalar>(
    weight: Variable, bias: Variable?, padding: ConvolutionPadding, dilation: Int = 1,
    inTiles: Bool
  ) throws(AutodiffError) -> Variable where Value == Tensor<Scalar> {
    let shape = try ConvolutionShape(
      input: value.shape, weight: weight.value.shape, bias: bias?.value.shape, padding: padding,
      dilation: dilation)
    if inTiles && shape.hasTiles { return convolvedInTiles(shape, weight: weight, bias: bias) }
    let inputs: [any AnyVariable] = [self, weight] + (bias.map { [$0] } ?? [])
    let output = shape.value(value, weight: weight.value, bias: bias?.value)
    return tape.record(output, inputs: inputs) { g, cotangents in
      if let bias, bias.isActive {
        cotangents.add(g.summed(over: [0] + Array(g.shape.indices.dropFirst(2))), to: bias)
      }
      guard isActive || weight.isActive else { return }
      let rows = shape.rows(ofCotangent: g)
      if isActive { cotangents.add(shape.inputCotangent(rows, weight: weight.value), to: self) }
      if weight.isActive { cotangents.add(shape.weightCotangent(rows, input: value), to: weight) }
    }
  }

  private func convolvedInTiles<Scalar>(
    _ shape: ConvolutionShape, weight: Variable, bias: Variable?
  ) -> Variable where Value == Tensor<Scalar> {
    let inputs: [any AnyVariable] = [self, weight] + (bias.map { [$0] } ?? [])
    let rows = shape.rows(ofInput: value)
    let output = shape.tiledValue(rows, weight: weight.value, bias: bias?.value)
    // The input is kept as rows, which are read again.
    let kept = weight.isActive ? rows : nil
    return tape.record(output, inputs: inputs) { g, cotangents in
      let rows = shape.rows(ofCotangent: g)
      if let bias, bias.isActive { cotangents.add(shape.sum(ofRows: rows), to: bias) }
      if isActive {
        cotangents.add(shape.tiledInputCotangent(rows, weight: weight.value), to: self)
      }
      if let kept { cotangents.add(shape.tiledWeightCotangent(rows, input: kept), to: weight) }
    }
  }

  /// The mean over all sites, `[batch, channels, n_1, ..., n_d]` to `[batch, channels]`; adjoint g / n.
  ///
  /// - Throws: `.operands` where there are no axes of sites, `.setting` where there are no sites.
  public func globalAveragePooled<Scalar>() throws(AutodiffError) -> Variable
  where Value == Tensor<Scalar> {
    guard value.rank >= 3 else {
      throw .operands(
        of: "a global average", expected: "[batch, channels, n_1, ...]", found: [value.shape])
    }
    return try mean(over: Array(2..<value.rank))
  }
}
