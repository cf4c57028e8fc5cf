import Autodiff
import Compute
import Lattice

extension Variable {
  /// U'_mu(x) = exp(Q_mu(x)) U_mu(x); links that do not exist stay zero.
  ///
  /// Adjoints, with G' that of U': the links get e^{-Q} G' e^Q, the exponents F(Q) G' with
  /// F(Q) = int_0^1 Ad(e^{-sQ}) ds, for any N and any Q to rounding
  /// (`MatrixKernel.addExponentialCotangents`).
  ///
  /// - Throws: `.lattice` for exponents of another lattice, batch or group.
  public func multiplied<Scalar>(
    byExponentialOf exponents: Variable<AlgebraField<Scalar>>
  ) throws(LayerError) -> Variable where Value == LinkField<Scalar> {
    let q = exponents.value
    guard q.layout === value.layout, q.group == value.group else {
      throw .lattice(
        layer: "exponential of links", expected: value.placeDescription,
        found: "\(q.group) on \(q.geometry), batch \(q.layout.batch)")
    }
    var result = value
    result.multiplyByExponential(of: q)
    let boundary = value.boundary
    return tape.record(result, inputs: [self, exponents]) { g, cotangents in
      var g = g
      g.clearMissingLinks(of: boundary)
      var (links, slopes) = (
        self.isActive ? self.value.zeroCotangent() : nil,
        exponents.isActive ? q.zeroCotangent() : nil
      )
      exponentialCotangents(of: q, g, links: &links, exponents: &slopes)
      if let links { cotangents.add(links, to: self) }
      if let slopes { cotangents.add(slopes, to: exponents) }
    }
  }
}

/// Adds the derivatives of exp(Q) U to those of the links and exponents that are asked for.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func exponentialCotangents<Scalar: LatticeReal>(
  of q: AlgebraField<Scalar>, _ g: AlgebraField<Scalar>, links: inout AlgebraField<Scalar>?,
  exponents: inout AlgebraField<Scalar>?
) {
  withMatrixKernel(
    n: q.group.n,
    ExponentialCotangents(
      exponents: q.view, cotangent: g.view, toLinks: links?.mutableView,
      toExponents: exponents?.mutableView, layout: q.layout))
}

private struct ExponentialCotangents<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let exponents: BlockView<V>
  let cotangent: BlockView<V>
  let toLinks: BlockView<V>?
  let toExponents: BlockView<V>?
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = kernel.stride
    forEachBlockRange(layout, work: 20 * s * layout.dimension, scratch: 5 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
        for mu in 0..<layout.dimension { visit(kernel, b, mu, scratch) }
      }
    }
  }

  @inline(never)
  func visit<K: MatrixKernel>(
    _ kernel: K, _ b: Int, _ mu: Int, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    kernel.addExponentialCotangents(
      of: exponents.block(b, mu), cotangent.block(b, mu), toLink: toLinks?.block(b, mu),
      toExponent: toExponents?.block(b, mu), scratch: scratch)
  }
}

extension MatrixKernel {
  /// Adds the derivatives of exp(Q) U, of which the loss has the derivative g, to those with respect
  /// to U and Q.
  ///
  /// U gets e^{-Q} g e^Q and Q gets F(Q) g, where
  /// F(Q) = int_0^1 Ad(e^{-sQ}) ds = sum_k (-ad_Q)^k / (k + 1)!. The series is used for Q halved to the
  /// norm 1/2, then F(Q) = (1 + Ad(e^{-Q/2})) F(Q/2) / 2.
  ///
  /// - Parameters:
  ///   - q: the components of Q.
  ///   - g: those of the derivative with respect to exp(Q) U.
  ///   - scratch: five matrices.
  @inline(__always)
  func addExponentialCotangents(
    of q: Block, _ g: Block, toLink: Block?, toExponent: Block?, scratch: Block
  ) {
    let (x, m, p) = (scratch, scratch + stride, scratch + 2 &* stride)
    let (e, t) = (scratch + 3 &* stride, scratch + 4 &* stride)
    let components = n == 1 ? 1 : n &* n &- 1
    var square = algebraNormSquared(q)
    var halvings = 0
    var factor: V.Scalar = 1
    while !V.all(V.greaterOrEqual(V(repeating: 0.25), square)), halvings < 60 {
      square = square * V(repeating: 0.25)
      factor *= 0.5
      halvings &+= 1
    }
    // ad_Q is at most sqrt 2 |Q|: (|ad_Q|)^k / (k + 1)! is below rounding beyond k = 15 and 9 for |Q| =
    // 1/2, and beyond 9 and 5 for 1/16.
    let isDouble = MemoryLayout<V.Scalar>.size == 8
    let isSmall = V.all(V.greaterOrEqual(V(repeating: 1.0 / 256), square))
    var k = isDouble ? (isSmall ? 9 : 15) : (isSmall ? 5 : 9)
    expandAlgebra(x, q)
    scale(x, x, by: V(repeating: factor))
    // Horner: g - ad/2 (g - ad/3 (g - ...)); 2 TA(x m) = [x, m].
    for i in 0..<components { t[i] = g[i] }
    while k > 0 {
      expandAlgebra(m, t)
      for i in 0..<components { t[i] = g[i] }
      addProjectedProduct(t, x, m, times: V(repeating: -1 / V.Scalar(k &+ 1)))
      k &-= 1
    }
    // e = exp(Q / 2^halvings); x, m and p are free.
    setIdentity(e)
    multiplyByExponential(e, of: q, times: V(repeating: factor), scratch: scratch)
    for _ in 0..<halvings {
      expandAlgebra(m, t)
      adjointMultiply(p, e, m)
      for i in 0..<components { t[i] = t[i] * V(repeating: 0.5) }
      addProjectedProduct(t, p, e, times: V(repeating: 0.25))
      multiply(p, e, e)
      copy(e, p)
    }
    if let toExponent { for i in 0..<components { toExponent[i] = toExponent[i] + t[i] } }
    if let toLink {
      expandAlgebra(m, g)
      adjointMultiply(p, e, m)
      addProjectedProduct(toLink, p, e, times: V(repeating: 0.5))
    }
  }
}
