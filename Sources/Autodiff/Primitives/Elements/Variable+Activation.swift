import Compute

extension Variable {
  /// y_i = f(x_i); adjoint `g_i f'(x_i)`.
  public func applying<Scalar>(_ activation: Activation) -> Variable
  where Value == Tensor<Scalar> {
    if activation == .identity { return self }
    return tape.record(activation.values(value), inputs: [self]) { g, cotangents in
      cotangents.add(activation.products(g, derivativesAt: value), to: self)
    }
  }

  /// max(x, 0)
  public func relu<Scalar>() -> Variable where Value == Tensor<Scalar> { applying(.relu) }

  /// max(x, 0) + slope min(x, 0)
  public func leakyRelu<Scalar>(slope: Scalar) -> Variable where Value == Tensor<Scalar> {
    tape.record(rectified(value, slope: slope), inputs: [self]) { g, cotangents in
      cotangents.add(rectified(g, at: value, slope: slope), to: self)
    }
  }

  /// tanh x
  public func tanh<Scalar>() -> Variable where Value == Tensor<Scalar> { applying(.tanh) }

  /// 1 / (1 + exp(-x))
  public func sigmoid<Scalar>() -> Variable where Value == Tensor<Scalar> { applying(.sigmoid) }

  /// ln(1 + exp x)
  public func softplus<Scalar>() -> Variable where Value == Tensor<Scalar> { applying(.softplus) }

  /// x (1 + tanh z) / 2 with z = sqrt(2/pi) (x + 0.044715 x^3).
  public func gelu<Scalar>() -> Variable where Value == Tensor<Scalar> { applying(.gelu) }
}

extension Activation {
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func values<Scalar: LatticeReal>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x.withUnsafeValues { values in
      guard let base = values.baseAddress else { return x }
      nonisolated(unsafe) let source = base
      return tensor(of: x.shape, count: x.count) { range, target in
        let i = range.lowerBound
        evaluate(source + i, count: range.count, to: target + i)
      }
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func products<Scalar: LatticeReal>(
    _ g: Tensor<Scalar>, derivativesAt x: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    x.withUnsafeValues { values in
      g.withUnsafeValues { cotangents in
        guard let x = values.baseAddress, let slopes = cotangents.baseAddress else { return g }
        nonisolated(unsafe) let (source, factors) = (x, slopes)
        return tensor(of: g.shape, count: g.count) { range, target in
          let i = range.lowerBound
          multiply(factors + i, byDerivativesAt: source + i, count: range.count, to: target + i)
        }
      }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func rectified<Scalar: LatticeReal>(
  _ x: Tensor<Scalar>, slope: Scalar
) -> Tensor<Scalar> {
  transformElements(x) { $0 <= 0 ? slope * $0 : $0 }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func rectified<Scalar: LatticeReal>(
  _ g: Tensor<Scalar>, at x: Tensor<Scalar>, slope: Scalar
) -> Tensor<Scalar> {
  combineElements(g, x) { $1 <= 0 ? slope * $0 : $0 }
}
