import Compute
import Lattice

extension SiteField {
  /// Real and imaginary part of the sum of tr W_c(x) over some channels.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func traceSums(_ channels: [Int]) -> ScalarField<Scalar> {
    var result = ScalarField<Scalar>(layout: layout, channels: 2)
    withMatrixKernel(
      n: group.n,
      TraceSums(matrices: view, result: result.mutableView, layout: layout, channels: channels))
    withExtendedLifetime(self) {}
    return result
  }

  /// sum_c tr(W_c W_c^dagger)(x), the sum of all squares.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func squares() -> ScalarField<Scalar> {
    var result = ScalarField<Scalar>(layout: layout)
    withMatrixKernel(
      n: group.n, Squares(matrices: view, result: result.mutableView, layout: layout))
    withExtendedLifetime(self) {}
    return result
  }
}

private struct TraceSums<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let matrices: BlockView<V>
  let result: BlockView<V>
  let layout: Layout
  let channels: [Int]

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: 4 * channels.count * kernel.n, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        var (re, im) = (V.zero, V.zero)
        for c in channels {
          let trace = kernel.trace(matrices.block(b, c))
          (re, im) = (re + trace.re, im + trace.im)
        }
        result.block(b, 0)[0] = re
        result.block(b, 1)[0] = im
      }
    }
  }
}

private struct Squares<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let matrices: BlockView<V>
  let result: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let count = matrices.stride * matrices.perSite
    forEachBlockRange(layout, work: 2 * count, scratch: 1, of: V.self) { group, blocks, _ in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        let p = matrices.block(b, 0)
        var sum = V.zero
        for k in 0..<count { sum = sum + p[k] * p[k] }
        result.block(b, 0)[0] = sum
      }
    }
  }
}
