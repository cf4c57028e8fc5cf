import Autodiff
import Compute
import Lattice

extension Variable {
  /// f(s_c) at every site; adjoint g f'(s_c).
  public func applying<Scalar>(_ activation: Activation) -> Variable
  where Value == ScalarField<Scalar> {
    if activation == .identity { return self }
    return tape.record(values(of: value, activation), inputs: [self]) { g, cotangents in
      if self.isActive { cotangents.add(slopes(of: g, at: value, activation), to: self) }
    }
  }

  /// L-Act, W'_c = f(Re tr W_c + b_c) W_c: a gate for every channel that does not feel a gauge
  /// transformation.
  ///
  /// The trace is not divided by N. M. Favoni, A. Ipp, D. I. Mueller, D. Schuh, arXiv:2012.12901.
  ///
  /// - Parameter bias: [channels], zero if nil.
  /// - Throws: `.shape` where the bias has not a number for every channel.
  public func gated<Scalar>(
    by activation: Activation, bias: Variable<Tensor<Scalar>>? = nil
  ) throws(LayerError) -> Variable where Value == SiteField<Scalar> {
    var gates: Variable<ScalarField<Scalar>> = realTraces(normalised: false)
    if let bias { gates = try gates.adding(bias: bias) }
    return try multiplied(by: gates.applying(activation))
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func values<Scalar: LatticeReal>(
  of field: ScalarField<Scalar>, _ activation: Activation
) -> ScalarField<Scalar> {
  var result = ScalarField<Scalar>(uninitialized: field.layout, channels: field.channels)
  nonisolated(unsafe) let (x, y) = (
    numbers(field.view.base, Scalar.self), numbers(result.mutableView.base, Scalar.self)
  )
  parallelFor(field.buffer.count, grain: activationGrain) { range in
    let first = range.lowerBound * Scalar.Lanes.scalarCount
    activation.evaluate(x + first, count: range.count * Scalar.Lanes.scalarCount, to: y + first)
  }
  return result
}

/// g f'(s)
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func slopes<Scalar: LatticeReal>(
  of g: ScalarField<Scalar>, at field: ScalarField<Scalar>, _ activation: Activation
) -> ScalarField<Scalar> {
  var result = ScalarField<Scalar>(uninitialized: field.layout, channels: field.channels)
  nonisolated(unsafe) let (g, x, y) = (
    numbers(g.view.base, Scalar.self), numbers(field.view.base, Scalar.self),
    numbers(result.mutableView.base, Scalar.self)
  )
  parallelFor(field.buffer.count, grain: activationGrain) { range in
    let first = range.lowerBound * Scalar.Lanes.scalarCount
    activation.multiply(
      g + first, byDerivativesAt: x + first, count: range.count * Scalar.Lanes.scalarCount,
      to: y + first)
  }
  return result
}

/// Vectors of which the activations take some 50 microseconds.
private let activationGrain = 1 << 11

/// Vectors as numbers.
@inline(__always)
private func numbers<Scalar: LatticeReal>(
  _ vectors: UnsafeMutablePointer<Scalar.Lanes>, _ type: Scalar.Type
) -> UnsafeMutablePointer<Scalar> {
  UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Scalar.self)
}
