import Compute

/// The functions between the layers of a network, by name.
///
/// | name | value |
/// |---|---|
/// | `identity` | x |
/// | `relu` | max(x, 0) |
/// | `leakyRelu` | max(x, 0) + 0.01 min(x, 0) |
/// | `tanh` | tanh x |
/// | `sigmoid` | 1 / (1 + exp(-x)) |
/// | `softplus` | ln(1 + exp x) |
/// | `gelu` | x (1 + tanh z) / 2 with z = sqrt(2/pi) (x + 0.044715 x^3), the tanh form |
///
/// Values and derivatives are good to a few units in the last place over the whole range, except
/// where `gelu` passes through the zero of its derivative. The derivative of the
/// rectifiers at 0 is that of negative numbers, as in PyTorch; PyTorch replaces `softplus` above 20
/// by x, which differs by 2 10^-9. (D. Hendrycks and K. Gimpel, arXiv:1606.08415.)
public enum Activation: String, Codable, CaseIterable, Sendable {
  case identity
  case relu
  case leakyRelu
  case tanh
  case sigmoid
  case softplus
  case gelu

  /// The function of a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func value<Scalar: LatticeReal>(_ x: Scalar) -> Scalar {
    withUnsafeTemporary(x) { evaluate($0, count: 1, to: $1) }
  }

  /// The derivative of the function at a number.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func derivative<Scalar: LatticeReal>(_ x: Scalar) -> Scalar {
    withUnsafeTemporary(x) { source, target in
      target.pointee = 1
      multiply(target, byDerivativesAt: source, count: 1, to: target)
    }
  }

  @inline(__always)
  private func withUnsafeTemporary<Scalar: LatticeReal>(
    _ x: Scalar, _ body: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) -> Scalar {
    var result: Scalar = 0
    withUnsafePointer(to: x) { source in
      withUnsafeMutablePointer(to: &result) { body(source, $0) }
    }
    return result
  }

  /// target_i = f(x_i), on the calling thread.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func evaluate<Scalar: LatticeReal>(
    _ x: UnsafePointer<Scalar>, count: Int, to target: UnsafeMutablePointer<Scalar>
  ) {
    switch self {
    case .identity: evaluateLanes(IdentityFunction(), x, count, target)
    case .relu: evaluateLanes(RectifierFunction(), x, count, target)
    case .leakyRelu: evaluateLanes(LeakyRectifierFunction(slope: 0.01), x, count, target)
    case .tanh: evaluateLanes(TanhFunction(), x, count, target)
    case .sigmoid: evaluateLanes(SigmoidFunction(), x, count, target)
    case .softplus: evaluateLanes(SoftplusFunction(), x, count, target)
    case .gelu: evaluateLanes(GELUFunction(), x, count, target)
    }
  }

  /// target_i = g_i f'(x_i), on the calling thread; the target may be g.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func multiply<Scalar: LatticeReal>(
    _ g: UnsafePointer<Scalar>, byDerivativesAt x: UnsafePointer<Scalar>, count: Int,
    to target: UnsafeMutablePointer<Scalar>
  ) {
    switch self {
    case .identity: multiplyLanes(IdentityFunction(), g, x, count, target)
    case .relu: multiplyLanes(RectifierFunction(), g, x, count, target)
    case .leakyRelu: multiplyLanes(LeakyRectifierFunction(slope: 0.01), g, x, count, target)
    case .tanh: multiplyLanes(TanhFunction(), g, x, count, target)
    case .sigmoid: multiplyLanes(SigmoidFunction(), g, x, count, target)
    case .softplus: multiplyLanes(SoftplusFunction(), g, x, count, target)
    case .gelu: multiplyLanes(GELUFunction(), g, x, count, target)
    }
  }
}

/// target_i = f(x_i)
@inline(never)
func evaluateLanes<Scalar: LatticeReal, F: ActivationFunction>(
  _ function: F, _ x: UnsafePointer<Scalar>, _ count: Int, _ target: UnsafeMutablePointer<Scalar>
) {
  let x = LaneReader<Scalar.Lanes>(x)
  forEachVector(0..<count, to: target) { load in function.value(load(x)) }
}

/// target_i = g_i f'(x_i)
@inline(never)
func multiplyLanes<Scalar: LatticeReal, F: ActivationFunction>(
  _ function: F, _ g: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, _ count: Int,
  _ target: UnsafeMutablePointer<Scalar>
) {
  let (g, x) = (LaneReader<Scalar.Lanes>(g), LaneReader<Scalar.Lanes>(x))
  forEachVector(0..<count, to: target) { load in load(g) * function.derivative(load(x)) }
}
