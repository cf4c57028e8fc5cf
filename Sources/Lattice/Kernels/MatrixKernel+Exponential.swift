import Compute

extension MatrixKernel {
  /// d = exp(x) for an anti-hermitian matrix x, to rounding.
  ///
  /// U(1): cosine and sine. Otherwise the Taylor series of x / 2^s, with s so large that the last
  /// term is below rounding, squared s times. `scratch`: one matrix; x is used up.
  @inlinable @inline(__always)
  public func exponential(_ d: Block, _ x: Block, scratch: Block) {
    if n == 1 {
      let angle = x[1]
      let (c, s) = cosineAndSinc(square: angle * angle)
      d[0] = c
      d[1] = s * angle
      return
    }
    var square = V.zero
    for k in 0..<stride { square = multiplyAdd(x[k], x[k], square) }
    var squarings = 0
    var factor: V.Scalar = 1
    // Norm at most 1/2.
    while !V.all(V.greaterOrEqual(V(repeating: 0.25), square)), squarings < 60 {
      square = square * V(repeating: 0.25)
      factor *= 0.5
      squarings &+= 1
    }
    if squarings > 0 { scale(x, x, by: V(repeating: factor)) }
    // Horner: 1 + x (1 + x/2 (1 + x/3 (...))); (1/2)^k / k! is below rounding at k = 15 and 9, and
    // (1/16)^k / k! at k = 9 and 5.
    let isDouble = MemoryLayout<V.Scalar>.size == 8
    let isSmall = V.all(V.greaterOrEqual(V(repeating: 1.0 / 256), square))
    let order = isDouble ? (isSmall ? 9 : 15) : (isSmall ? 5 : 9)
    // d = 1 + x / order
    scale(d, x, by: V(repeating: 1 / V.Scalar(order)))
    addIdentity(d)
    var k = order &- 1
    while k > 0 {
      multiply(scratch, x, d)
      scale(d, scratch, by: V(repeating: 1 / V.Scalar(k)))
      addIdentity(d)
      k &-= 1
    }
    for _ in 0..<squarings {
      multiply(scratch, d, d)
      copy(d, scratch)
    }
  }

  @inlinable @inline(__always)
  func addIdentity(_ d: Block) {
    for i in 0..<n {
      let c = 2 &* (i &* n &+ i)
      d[c] = d[c] + V(repeating: 1)
    }
  }

  @inlinable @inline(__always)
  public func multiplyByExponential(_ u: Block, of a: Block, times s: V, scratch: Block) {
    if n == 1 {
      let angle = a[0] * s
      let (c, sinc) = cosineAndSinc(square: angle * angle)
      ComplexLanes(c, sinc * angle).times(ComplexLanes(u, 0)).store(u, 0)
      return
    }
    if n == 2 {
      // x^2 = -r^2 for x in su(2), so exp x = cos r + (sin r / r) x.
      let (d, re, im) = (a[0] * s, a[1] * s, a[2] * s)
      let square = multiplyAdd(d, d, multiplyAdd(re, re, im * im))
      let (c, sinc) = cosineAndSinc(square: square)
      let p = ComplexLanes(c, d * sinc)
      let q = ComplexLanes(re * sinc, im * sinc)
      for j in 0..<2 {
        let (x, y) = (ComplexLanes(u, j), ComplexLanes(u, 2 &+ j))
        q.times(y, plus: p.times(x)).store(u, j)
        // conj(p) y - conj(q) x
        let t = y.timesConjugate(p)
        ComplexLanes(
          negatedMultiplyAdd(q.im, x.im, negatedMultiplyAdd(q.re, x.re, t.re)),
          multiplyAdd(q.im, x.re, negatedMultiplyAdd(q.re, x.im, t.im))
        ).store(u, 2 &+ j)
      }
      return
    }
    let (x, e, t) = (scratch, scratch + stride, scratch + 2 &* stride)
    expandAlgebra(x, a)
    scale(x, x, by: s)
    exponential(e, x, scratch: t)
    multiply(t, e, u)
    copy(u, t)
  }

  /// cos r and sin r / r of r^2: series after halving the angle until r <= 1/2, then doubling.
  @inlinable @inline(__always)
  func cosineAndSinc(square: V) -> (V, V) {
    var q = square
    var doublings = 0
    while !V.all(V.greaterOrEqual(V(repeating: 0.25), q)), doublings < 60 {
      q = q * V(repeating: 0.25)
      doublings &+= 1
    }
    // (1/2)^(2k) / (2k)! is below rounding at k = 7 and 4.
    var k = MemoryLayout<V.Scalar>.size == 8 ? 7 : 4
    let one = V(repeating: 1)
    var (c, s) = (one, one)
    while k > 0 {
      let m = V.Scalar(2 &* k)
      c = negatedMultiplyAdd(c * V(repeating: 1 / (m * (m - 1))), q, one)
      s = negatedMultiplyAdd(s * V(repeating: 1 / (m * (m + 1))), q, one)
      k &-= 1
    }
    // exp(2x) = (c + s x)^2 with x^2 = -q.
    for _ in 0..<doublings {
      let sine = s * s * q
      s = c * s
      c = negatedMultiplyAdd(sine, one, c * c)
      q = q * V(repeating: 4)
    }
    return (c, s)
  }
}
