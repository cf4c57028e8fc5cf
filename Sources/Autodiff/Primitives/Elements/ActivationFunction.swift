import Compute

/// A function of one number with its derivative, written once for vectors.
protocol ActivationFunction: Sendable {
  func value<V: LaneVector>(_ x: V) -> V
  func derivative<V: LaneVector>(_ x: V) -> V
}

struct IdentityFunction: ActivationFunction {
  @inline(__always) func value<V: LaneVector>(_ x: V) -> V { x }
  @inline(__always) func derivative<V: LaneVector>(_ x: V) -> V { V(repeating: 1) }
}

/// max(x, 0), with the derivative 0 at 0.
struct RectifierFunction: ActivationFunction {
  @inline(__always) func value<V: LaneVector>(_ x: V) -> V {
    V.select(V.greaterOrEqual(.zero, x), .zero, x)
  }
  @inline(__always) func derivative<V: LaneVector>(_ x: V) -> V {
    V.select(V.greaterOrEqual(.zero, x), .zero, V(repeating: 1))
  }
}

/// max(x, 0) + slope min(x, 0), with the derivative `slope` at 0.
struct LeakyRectifierFunction: ActivationFunction {
  let slope: Double

  @inline(__always) func value<V: LaneVector>(_ x: V) -> V {
    V.select(V.greaterOrEqual(.zero, x), x * V(repeating: V.Scalar(slope)), x)
  }
  @inline(__always) func derivative<V: LaneVector>(_ x: V) -> V {
    V.select(V.greaterOrEqual(.zero, x), V(repeating: V.Scalar(slope)), V(repeating: 1))
  }
}

/// -|x|, and x itself where it is no number.
@inline(__always)
private func negatedMagnitude<V: LaneVector>(_ x: V) -> V {
  V.select(V.greaterOrEqual(x, .zero), -x, x)
}

struct TanhFunction: ActivationFunction {
  /// -u / (2 + u) with u = exp(-2|x|) - 1 and the sign of x.
  @inline(__always) func value<V: LaneVector>(_ x: V) -> V {
    let u = V.expMinusOne(negatedMagnitude(x) * V(repeating: 2))
    let t = u / (V(repeating: 2) + u)
    return V.select(V.greaterOrEqual(x, .zero), -t, t)
  }
  /// 4 e / (1 + e)^2 with e = exp(-2|x|).
  @inline(__always) func derivative<V: LaneVector>(_ x: V) -> V {
    let e = V.exp(negatedMagnitude(x) * V(repeating: 2))
    let d = V(repeating: 1) + e
    return V(repeating: 4) * e / (d * d)
  }
}

struct SigmoidFunction: ActivationFunction {
  @inline(__always) func value<V: LaneVector>(_ x: V) -> V {
    V(repeating: 1) / (V(repeating: 1) + V.exp(-x))
  }
  /// e / (1 + e)^2 with e = exp(-|x|).
  @inline(__always) func derivative<V: LaneVector>(_ x: V) -> V {
    let e = V.exp(negatedMagnitude(x))
    let d = V(repeating: 1) + e
    return e / (d * d)
  }
}

struct SoftplusFunction: ActivationFunction {
  /// max(x, 0) + ln(1 + e) with e = exp(-|x|); w = 1 + e rounds, which the last term makes up for.
  @inline(__always) func value<V: LaneVector>(_ x: V) -> V {
    let e = V.exp(negatedMagnitude(x))
    let w = V(repeating: 1) + e
    let logarithm = V.log(w) + (e - (w - V(repeating: 1))) / w
    return V.select(V.greaterOrEqual(.zero, x), .zero, x) + logarithm
  }
  @inline(__always) func derivative<V: LaneVector>(_ x: V) -> V { SigmoidFunction().value(x) }
}

/// x sigmoid(2 z) = x (1 + tanh z) / 2 with z = sqrt(2/pi) (x + 0.044715 x^3).
struct GELUFunction: ActivationFunction {
  /// 2 sqrt(2/pi)
  @inline(__always) private func twiceRoot<V: LaneVector>() -> V {
    V(repeating: V.Scalar(1.5957691216057308))
  }

  @inline(__always) func value<V: LaneVector>(_ x: V) -> V {
    let cubic = multiplyAdd(x * x, V(repeating: V.Scalar(0.044715)), V(repeating: 1)) * x
    return x * SigmoidFunction().value(twiceRoot() * cubic)
  }
  @inline(__always) func derivative<V: LaneVector>(_ x: V) -> V {
    let cubic = multiplyAdd(x * x, V(repeating: V.Scalar(0.044715)), V(repeating: 1)) * x
    let slope = multiplyAdd(x * x, V(repeating: V.Scalar(0.134145)), V(repeating: 1))
    let z: V = twiceRoot() * cubic
    let steep = SigmoidFunction().derivative(z) * twiceRoot() * slope
    return multiplyAdd(x, steep, SigmoidFunction().value(z))
  }
}
