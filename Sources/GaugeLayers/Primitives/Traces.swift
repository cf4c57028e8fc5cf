import Autodiff
import Compute
import Lattice

extension Variable {
  /// Re tr W_c / N for all channels, then Im tr W_c / N for all channels: 2 C numbers a site.
  ///
  /// Adjoint: W_c gets (g_re + i g_im) / N on its diagonal.
  ///
  /// - Parameter normalised: whether to divide by N.
  public func traces<Scalar>(normalised: Bool = true) -> Variable<ScalarField<Scalar>>
  where Value == SiteField<Scalar> {
    recordTraces(normalised, real: 0, imaginary: value.channels)
  }

  /// Re tr W_c / N for all channels.
  ///
  /// - Parameter normalised: whether to divide by N.
  public func realTraces<Scalar>(normalised: Bool = true) -> Variable<ScalarField<Scalar>>
  where Value == SiteField<Scalar> {
    recordTraces(normalised, real: 0, imaginary: nil)
  }

  /// Im tr W_c / N for all channels.
  ///
  /// - Parameter normalised: whether to divide by N.
  public func imaginaryTraces<Scalar>(normalised: Bool = true) -> Variable<ScalarField<Scalar>>
  where Value == SiteField<Scalar> {
    recordTraces(normalised, real: nil, imaginary: 0)
  }

  /// |tr W_c| / N for all channels; its derivative where the trace vanishes is taken to be 0.
  ///
  /// Adjoint: W_c gets g tr W_c / (|tr W_c| N) on its diagonal.
  public func traceMagnitudes<Scalar>() -> Variable<ScalarField<Scalar>>
  where Value == SiteField<Scalar> {
    tape.record(traceMagnitudesOf(value), inputs: [self]) { g, cotangents in
      cotangents.update(self) { addMagnitudeCotangent(g, of: value, to: &$0) }
    }
  }

  /// - Parameters:
  ///   - real: the first channel of the real parts, if any.
  ///   - imaginary: the first channel of the imaginary parts, if any.
  private func recordTraces<Scalar>(
    _ normalised: Bool, real: Int?, imaginary: Int?
  ) -> Variable<ScalarField<Scalar>> where Value == SiteField<Scalar> {
    let scale = normalised ? 1 / Scalar(value.group.n) : 1
    let result = tracesOf(value, scale, real: real, imaginary: imaginary)
    return tape.record(result, inputs: [self]) { g, cotangents in
      cotangents.update(self) {
        addTraceCotangent(g, scale, real: real, imaginary: imaginary, to: &$0)
      }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func tracesOf<Scalar: LatticeReal>(
  _ field: SiteField<Scalar>, _ scale: Scalar, real: Int?, imaginary: Int?
) -> ScalarField<Scalar> {
  let parts = (real == nil ? 0 : 1) + (imaginary == nil ? 0 : 1)
  var result = ScalarField<Scalar>(
    uninitialized: field.layout, channels: parts * field.channels)
  withMatrixKernel(
    n: field.group.n,
    TraceBlocks(
      field: field.view, traces: result.mutableView, scale: Scalar.Lanes(repeating: scale),
      real: real, imaginary: imaginary, layout: field.layout))
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addTraceCotangent<Scalar: LatticeReal>(
  _ g: ScalarField<Scalar>, _ scale: Scalar, real: Int?, imaginary: Int?,
  to field: inout SiteField<Scalar>
) {
  withMatrixKernel(
    n: field.group.n,
    TraceCotangents(
      cotangent: g.view, field: field.mutableView, scale: Scalar.Lanes(repeating: scale),
      real: real, imaginary: imaginary, layout: field.layout))
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func traceMagnitudesOf<Scalar: LatticeReal>(
  _ field: SiteField<Scalar>
) -> ScalarField<Scalar> {
  var result = ScalarField<Scalar>(uninitialized: field.layout, channels: field.channels)
  withMatrixKernel(
    n: field.group.n,
    MagnitudeBlocks(field: field.view, magnitudes: result.mutableView, layout: field.layout))
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addMagnitudeCotangent<Scalar: LatticeReal>(
  _ g: ScalarField<Scalar>, of value: SiteField<Scalar>, to field: inout SiteField<Scalar>
) {
  withMatrixKernel(
    n: field.group.n,
    MagnitudeCotangents(
      cotangent: g.view, value: value.view, field: field.mutableView, layout: field.layout))
}

private struct TraceBlocks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let field: BlockView<V>
  let traces: BlockView<V>
  let scale: V
  let real: Int?
  let imaginary: Int?
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: field.perSite * field.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      let (w, t) = (field.offset(byBlocks: first), traces.offset(byBlocks: first))
      for b in blocks {
        for c in 0..<w.perSite {
          let trace = kernel.trace(w.block(b, c))
          if let real { t.block(b, real + c)[0] = trace.re * scale }
          if let imaginary { t.block(b, imaginary + c)[0] = trace.im * scale }
        }
      }
    }
  }
}

private struct TraceCotangents<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let cotangent: BlockView<V>
  let field: BlockView<V>
  let scale: V
  let real: Int?
  let imaginary: Int?
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: field.perSite * field.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      let (w, g) = (field.offset(byBlocks: first), cotangent.offset(byBlocks: first))
      for b in blocks {
        for c in 0..<w.perSite {
          kernel.addToDiagonal(
            w.block(b, c), real.map { g.block(b, $0 + c)[0] * scale } ?? .zero,
            imaginary.map { g.block(b, $0 + c)[0] * scale } ?? .zero)
        }
      }
    }
  }
}

private struct MagnitudeBlocks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let field: BlockView<V>
  let magnitudes: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let scale = V(repeating: 1 / V.Scalar(kernel.n))
    forEachBlockRange(layout, work: field.perSite * field.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      let (w, m) = (field.offset(byBlocks: first), magnitudes.offset(byBlocks: first))
      for b in blocks {
        for c in 0..<w.perSite {
          let trace = kernel.trace(w.block(b, c))
          let square = multiplyAdd(trace.re, trace.re, trace.im * trace.im)
          m.block(b, c)[0] = V.squareRoot(square) * scale
        }
      }
    }
  }
}

private struct MagnitudeCotangents<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let cotangent: BlockView<V>
  let value: BlockView<V>
  let field: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let scale = V(repeating: 1 / V.Scalar(kernel.n))
    let least = V(repeating: V.Scalar.leastNormalMagnitude)
    forEachBlockRange(layout, work: 2 * field.perSite * field.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      let (w, x) = (field.offset(byBlocks: first), value.offset(byBlocks: first))
      let g = cotangent.offset(byBlocks: first)
      for b in blocks {
        for c in 0..<w.perSite {
          let trace = kernel.trace(x.block(b, c))
          let square = multiplyAdd(trace.re, trace.re, trace.im * trace.im)
          let exists = V.greaterOrEqual(square, least)
          let root = V.squareRoot(V.select(exists, square, V(repeating: 1)))
          let factor = V.select(exists, g.block(b, c)[0] * scale / root, .zero)
          kernel.addToDiagonal(w.block(b, c), factor * trace.re, factor * trace.im)
        }
      }
    }
  }
}

extension MatrixKernel {
  /// d += (re + i im) 1
  @inline(__always)
  func addToDiagonal(_ d: Block, _ re: V, _ im: V) {
    for i in 0..<n {
      let k = 2 &* (i &* n &+ i)
      d[k] = d[k] + re
      d[k &+ 1] = d[k &+ 1] + im
    }
  }
}
