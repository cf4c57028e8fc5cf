import Autodiff
import Compute
import Lattice

extension Variable {
  /// Re tr(W_c^k) / N for all channels.
  ///
  /// Adjoint: W_c gets g k / N (W_c^{k-1})^dagger.
  ///
  /// - Throws: `.setting` for k below 1.
  public func tracePowers<Scalar>(_ k: Int) throws(LayerError) -> Variable<ScalarField<Scalar>>
  where Value == SiteField<Scalar> {
    guard k >= 1 else {
      throw .setting(layer: "powers", name: "k", expected: "1 or more", found: "\(k)")
    }
    if k == 1 { return realTraces() }
    return tape.record(powersOf(value, k), inputs: [self]) { g, cotangents in
      cotangents.update(self) { addPowerCotangent(g, of: value, k, to: &$0) }
    }
  }

  /// Re tr(V_c W_c) for all channels of two fields, not divided by N.
  ///
  /// Adjoints: V_c gets g W_c^dagger and W_c gets g V_c^dagger.
  ///
  /// - Throws: `.channels` or `.lattice` where the fields differ in shape.
  public func realTracesOfProducts<Scalar>(
    with other: Variable
  ) throws(LayerError) -> Variable<ScalarField<Scalar>> where Value == SiteField<Scalar> {
    try requireSamePlace("traces of products", value, other.value)
    guard other.value.channels == value.channels else {
      throw .channels(
        layer: "traces of products", expected: value.channels, found: other.value.channels)
    }
    let result = tracesOfProducts(value, other.value)
    return tape.record(result, inputs: [self, other]) { g, cotangents in
      cotangents.update(self) { addAdjoints(of: other.value, times: g, to: &$0) }
      cotangents.update(other) { addAdjoints(of: value, times: g, to: &$0) }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func powersOf<Scalar: LatticeReal>(
  _ field: SiteField<Scalar>, _ k: Int
) -> ScalarField<Scalar> {
  var result = ScalarField<Scalar>(uninitialized: field.layout, channels: field.channels)
  withMatrixKernel(
    n: field.group.n,
    PowerBlocks(
      field: field.view, numbers: result.mutableView, cotangent: nil, exponent: k,
      layout: field.layout))
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addPowerCotangent<Scalar: LatticeReal>(
  _ g: ScalarField<Scalar>, of value: SiteField<Scalar>, _ k: Int,
  to field: inout SiteField<Scalar>
) {
  withMatrixKernel(
    n: field.group.n,
    PowerBlocks(
      field: value.view, numbers: g.view, cotangent: field.mutableView, exponent: k,
      layout: field.layout))
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func tracesOfProducts<Scalar: LatticeReal>(
  _ x: SiteField<Scalar>, _ y: SiteField<Scalar>
) -> ScalarField<Scalar> {
  var result = ScalarField<Scalar>(uninitialized: x.layout, channels: x.channels)
  withMatrixKernel(
    n: x.group.n,
    ProductTraces(left: x.view, right: y.view, traces: result.mutableView, layout: x.layout))
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addAdjoints<Scalar: LatticeReal>(
  of x: SiteField<Scalar>, times g: ScalarField<Scalar>, to field: inout SiteField<Scalar>
) {
  withMatrixKernel(
    n: x.group.n,
    ScaledAdjoints(
      field: x.view, factors: g.view, result: field.mutableView, layout: x.layout))
}

/// Traces of powers, or the derivative with respect to the matrices where there is a `cotangent`
/// to add it to.
private struct PowerBlocks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let field: BlockView<V>
  let numbers: BlockView<V>
  let cotangent: BlockView<V>?
  let exponent: Int
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = field.stride
    let work = exponent * field.perSite * s
    forEachBlockRange(layout, work: work, scratch: 2 * s, of: V.self) { group, blocks, scratch in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for c in 0..<field.perSite { visit(kernel, b, c, scratch) }
      }
    }
  }

  @inline(never)
  func visit<K: MatrixKernel>(
    _ kernel: K, _ b: Int, _ c: Int, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let w = field.block(b, c)
    var (power, spare) = (scratch, scratch + field.stride)
    kernel.copy(power, w)
    for _ in 1..<(exponent - 1) {
      kernel.multiply(spare, power, w)
      swap(&power, &spare)
    }
    let inverse = 1 / V.Scalar(kernel.n)
    let number = numbers.block(b, c)
    if let cotangent {
      kernel.adjoint(spare, power)
      let factor = V(repeating: V.Scalar(exponent) * inverse)
      kernel.addScaled(cotangent.block(b, c), spare, number[0] * factor)
    } else {
      number[0] = kernel.realTraceOfProduct(power, w) * V(repeating: inverse)
    }
  }
}

private struct ProductTraces<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let left: BlockView<V>
  let right: BlockView<V>
  let traces: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: 2 * left.perSite * left.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for c in 0..<left.perSite {
          traces.block(b, c)[0] = kernel.realTraceOfProduct(left.block(b, c), right.block(b, c))
        }
      }
    }
  }
}

/// result_c += s_c W_c^dagger
private struct ScaledAdjoints<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let field: BlockView<V>
  let factors: BlockView<V>
  let result: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = field.stride
    forEachBlockRange(layout, work: 3 * field.perSite * s, scratch: s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for c in 0..<field.perSite {
          kernel.adjoint(scratch, field.block(b, c))
          kernel.addScaled(result.block(b, c), scratch, factors.block(b, c)[0])
        }
      }
    }
  }
}
