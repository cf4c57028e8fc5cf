import Compute

extension Parameters {
  /// The Euclidean norm of all elements together.
  ///
  /// The squares are added exactly, so it depends neither on the order of the tensors nor on
  /// threads. Elements are divided by a power of two near the largest first, so that no square
  /// overflows.
  ///
  /// - Throws: `.nonFinite` where an element is infinite or not a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func globalNorm() throws(AutodiffError) -> Double {
    try requireFinite()
    var largest = 0.0
    for (_, tensor) in self {
      for value in tensor.values { largest = Swift.max(largest, Double(value.magnitude)) }
    }
    guard largest > 0 else { return 0 }
    let exponent = largest.exponent
    var sum = ExactSum()
    for (_, tensor) in self {
      for value in tensor.values {
        let scaled = Double(sign: .plus, exponent: -exponent, significand: Double(value))
        sum.add(scaled * scaled)
      }
    }
    return Double(sign: .plus, exponent: exponent, significand: sum.value.squareRoot())
  }

  /// Scales all gradients so that their common norm does not exceed a maximum.
  ///
  /// `g -> g min(1, maximum / (|g| + 10^-6))`, as `torch.nn.utils.clip_grad_norm_` does (R. Pascanu,
  /// T. Mikolov and Y. Bengio, arXiv:1211.5063).
  ///
  /// - Returns: the norm before.
  /// - Throws: `.nonFinite` where a gradient is infinite or not a number, `.setting` for a maximum
  ///   that is not positive; nothing has been changed then.
  @discardableResult
  public mutating func clip(globalNorm maximum: Double) throws(AutodiffError) -> Double {
    try requireSetting("the largest norm", maximum, { $0 > 0 }, "positive")
    let norm = try globalNorm()
    let factor = maximum / (norm + 1e-6)
    if factor < 1 { scale(by: Scalar(factor)) }
    return norm
  }

  /// Limits every element to `-limit ... limit`.
  ///
  /// - Throws: `.nonFinite` where an element is infinite or not a number, `.setting` for a limit
  ///   that is not positive; nothing has been changed then.
  public mutating func clip(value limit: Double) throws(AutodiffError) {
    try requireSetting("the largest value", limit, { $0 > 0 }, "positive")
    try requireFinite()
    for position in indices {
      withUnsafeMutableValues(at: position) {
        limitValues($0, to: Scalar(limit))
      }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func limitValues<Scalar: LatticeReal>(
  _ values: UnsafeMutableBufferPointer<Scalar>, to limit: Scalar
) {
  for i in values.indices { values[i] = Swift.min(limit, Swift.max(-limit, values[i])) }
}
