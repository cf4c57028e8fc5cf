import Compute
import Lattice

extension LinkField {
  /// The density of the topological charge from plaquettes, one real channel, in four dimensions:
  /// q(x) = Re tr(F_01 F_23 - F_02 F_13 + F_03 F_12) / (4 pi^2) with F = (P - P^dagger) / (2i), of which
  /// no trace is removed.
  ///
  /// It is not improved: an example of what one bilinear layer can represent (arXiv:2012.12901).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func plaquetteChargeDensity() -> ScalarField<Scalar> {
    precondition(dimension == 4, "the density of the topological charge needs four dimensions")
    var result = ScalarField<Scalar>(layout: layout)
    let plaquettes = plaquetteField()
    withMatrixKernel(
      n: group.n,
      PlaquetteCharge(
        plaquettes: plaquettes.view, result: result.mutableView, layout: layout))
    // A view does not keep what it looks at.
    withExtendedLifetime(plaquettes) {}
    return result
  }
}

private struct PlaquetteCharge<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let plaquettes: BlockView<V>
  let result: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: 12 * plaquettes.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      let (p, q) = (plaquettes.offset(byBlocks: first), result.offset(byBlocks: first))
      for b in blocks {
        // Planes 01 02 03 12 13 23. F = -i A with A the anti-hermitian part.
        let sum =
          trace(kernel, p.block(b, 0), p.block(b, 5)) - trace(kernel, p.block(b, 1), p.block(b, 4))
          + trace(kernel, p.block(b, 2), p.block(b, 3))
        q.block(b, 0)[0] = sum * V(repeating: V.Scalar(-1 / (4 * Double.pi * Double.pi)))
      }
    }
  }

  /// Re tr(A B) of the anti-hermitian parts, = Re tr(X Y - X Y^dagger) / 2.
  @inline(__always)
  private func trace<K: MatrixKernel>(
    _ kernel: K, _ x: UnsafeMutablePointer<V>, _ y: UnsafeMutablePointer<V>
  ) -> V where K.Vector == V {
    let n = kernel.n
    var sum = V.zero
    for i in 0..<n {
      for k in 0..<n {
        let (a, b, c) = (2 &* (i &* n &+ k), 2 &* (k &* n &+ i), 2 &* (i &* n &+ k))
        // x_ik (y_ki - conj(y_ik))
        sum = multiplyAdd(x[a], y[b] - y[c], sum)
        sum = negatedMultiplyAdd(x[a &+ 1], y[b &+ 1] + y[c &+ 1], sum)
      }
    }
    return sum * V(repeating: 0.5)
  }
}
