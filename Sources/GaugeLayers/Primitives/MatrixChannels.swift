import Autodiff
import Compute
import Lattice

extension Variable {
  /// W_c^dagger for all channels; adjoint g^dagger.
  public func adjoint<Scalar>() -> Variable where Value == SiteField<Scalar> {
    var result = value.zeroCotangent()
    addAdjoints(of: value, to: &result)
    return tape.record(result, inputs: [self]) { g, cotangents in
      cotangents.update(self) { addAdjoints(of: g, to: &$0) }
    }
  }

  /// s_c W_c for all channels, or s W_c where the factors have one channel only.
  ///
  /// Adjoints: W_c gets s_c g_c and s_c gets Re tr(W_c^dagger g_c), one factor the sum over channels.
  ///
  /// - Throws: `.channels` or `.lattice` where the fields differ in shape.
  public func multiplied<Scalar>(
    by factors: Variable<ScalarField<Scalar>>
  ) throws(LayerError) -> Variable where Value == SiteField<Scalar> {
    try requireSamePlace("multiplication by factors", value, factors.value)
    guard [1, value.channels].contains(factors.value.channels) else {
      throw .channels(
        layer: "multiplication by factors", expected: value.channels,
        found: factors.value.channels)
    }
    var result = value.zeroCotangent()
    addProducts(of: factors.value, value, to: &result)
    return tape.record(result, inputs: [self, factors]) { g, cotangents in
      cotangents.update(self) { addProducts(of: factors.value, g, to: &$0) }
      cotangents.update(factors) { addContractions(of: value, g, to: &$0) }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addAdjoints<Scalar: LatticeReal>(
  of x: SiteField<Scalar>, to sum: inout SiteField<Scalar>
) {
  withMatrixKernel(
    n: x.group.n, AdjointBlocks(field: x.view, sum: sum.mutableView, layout: x.layout))
}

private struct AdjointBlocks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let field: BlockView<V>
  let sum: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = field.stride
    forEachBlockRange(layout, work: 3 * field.perSite * s, scratch: s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for c in 0..<field.perSite {
          kernel.adjoint(scratch, field.block(b, c))
          kernel.addScaled(sum.block(b, c), scratch, V(repeating: 1))
        }
      }
    }
  }
}

/// sum_c += s_c x_c
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addProducts<Scalar: LatticeReal>(
  of factors: ScalarField<Scalar>, _ x: SiteField<Scalar>, to sum: inout SiteField<Scalar>
) {
  withMatrixKernel(
    n: x.group.n,
    ScaledChannels(
      factors: factors.view, field: x.view, sum: sum.mutableView, layout: x.layout))
}

private struct ScaledChannels<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let factors: BlockView<V>
  let field: BlockView<V>
  let sum: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let step = factors.perSite == 1 ? 0 : 1
    forEachBlockRange(layout, work: 3 * field.perSite * field.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for c in 0..<field.perSite {
          kernel.addScaled(sum.block(b, c), field.block(b, c), factors.block(b, step * c)[0])
        }
      }
    }
  }
}

/// sum_c += Re tr(x_c^dagger y_c), or all of them to one channel.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addContractions<Scalar: LatticeReal>(
  of x: SiteField<Scalar>, _ y: SiteField<Scalar>, to sum: inout ScalarField<Scalar>
) {
  withMatrixKernel(
    n: x.group.n,
    ContractedChannels(left: x.view, right: y.view, sum: sum.mutableView, layout: x.layout))
}

private struct ContractedChannels<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let left: BlockView<V>
  let right: BlockView<V>
  let sum: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let step = sum.perSite == 1 ? 0 : 1
    forEachBlockRange(layout, work: 2 * left.perSite * left.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for c in 0..<left.perSite {
          let place = sum.block(b, step * c)
          place[0] = place[0] + kernel.contraction(left.block(b, c), right.block(b, c))
        }
      }
    }
  }
}

extension MatrixKernel {
  /// Re tr(x^dagger y)
  @inline(__always)
  func contraction(_ x: Block, _ y: Block) -> V {
    var sum = V.zero
    for k in 0..<stride { sum = multiplyAdd(x[k], y[k], sum) }
    return sum
  }
}
