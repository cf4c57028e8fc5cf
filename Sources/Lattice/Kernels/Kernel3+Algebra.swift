import Compute

// SU(3) in the algebra: components d0, d1 (imaginary diagonal, d2 = -d0 - d1), then the elements
// (0, 1), (0, 2) and (1, 2).
extension Kernel3 {
  @inlinable @inline(__always)
  public func addProjectedProduct(_ a: Block, _ x: Block, _ y: Block, times s: Vector) {
    let (x0, x1, x2) = (Self.row(x, 0), Self.row(x, 1), Self.row(x, 2))
    let (y0, y1, y2) = (Self.column(y, 0), Self.column(y, 1), Self.column(y, 2))
    Self.add(s, Self.difference(x0, y1, x1, y0), a + 2)
    Self.add(s, Self.difference(x0, y2, x2, y0), a + 4)
    Self.add(s, Self.difference(x1, y2, x2, y1), a + 6)
    Self.addDiagonal(
      s, Self.imaginary(x0, y0), Self.imaginary(x1, y1), Self.imaginary(x2, y2), a)
  }

  @inlinable @inline(__always)
  public func addProjectedProductAdjoint(_ a: Block, _ x: Block, _ y: Block, times s: Vector) {
    let (x0, x1, x2) = (Self.row(x, 0), Self.row(x, 1), Self.row(x, 2))
    let (y0, y1, y2) = (Self.row(y, 0), Self.row(y, 1), Self.row(y, 2))
    Self.add(s, Self.differenceConjugate(x0, y1, x1, y0), a + 2)
    Self.add(s, Self.differenceConjugate(x0, y2, x2, y0), a + 4)
    Self.add(s, Self.differenceConjugate(x1, y2, x2, y1), a + 6)
    Self.addDiagonal(
      s, Self.imaginaryConjugate(x0, y0), Self.imaginaryConjugate(x1, y1),
      Self.imaginaryConjugate(x2, y2), a)
  }

  /// a += s z
  @inlinable @inline(__always)
  static func add(_ s: Vector, _ z: C, _ a: Block) {
    a[0] = multiplyAdd(s, z.re, a[0])
    a[1] = multiplyAdd(s, z.im, a[1])
  }

  /// Twice the diagonal less its third.
  @inlinable @inline(__always)
  static func addDiagonal(_ s: Vector, _ p: Vector, _ q: Vector, _ r: Vector, _ a: Block) {
    let third = (p + q + r) * Vector(repeating: 1 / 3)
    let twice = s + s
    a[0] = multiplyAdd(twice, p - third, a[0])
    a[1] = multiplyAdd(twice, q - third, a[1])
  }

  /// sum_k x_k y_k - conj(sum_k u_k w_k)
  @inlinable @inline(__always)
  static func difference(_ x: (C, C, C), _ y: (C, C, C), _ u: (C, C, C), _ w: (C, C, C)) -> C {
    @inline(__always) func less(_ z: C, _ u: C, _ w: C) -> C {
      C(
        multiplyAdd(u.im, w.im, negatedMultiplyAdd(u.re, w.re, z.re)),
        multiplyAdd(u.im, w.re, multiplyAdd(u.re, w.im, z.im)))
    }
    let dot = x.2.times(y.2, plus: x.1.times(y.1, plus: x.0.times(y.0)))
    return less(less(less(dot, u.0, w.0), u.1, w.1), u.2, w.2)
  }

  /// sum_k x_k conj(y_k) - conj(sum_k u_k conj(w_k))
  @inlinable @inline(__always)
  static func differenceConjugate(
    _ x: (C, C, C), _ y: (C, C, C), _ u: (C, C, C), _ w: (C, C, C)
  ) -> C {
    @inline(__always) func less(_ z: C, _ u: C, _ w: C) -> C {
      C(
        negatedMultiplyAdd(u.im, w.im, negatedMultiplyAdd(u.re, w.re, z.re)),
        multiplyAdd(u.im, w.re, negatedMultiplyAdd(u.re, w.im, z.im)))
    }
    return less(less(less(dotConjugate(x, y), u.0, w.0), u.1, w.1), u.2, w.2)
  }

  /// Im sum_k x_k y_k
  @inlinable @inline(__always)
  static func imaginary(_ x: (C, C, C), _ y: (C, C, C)) -> Vector {
    let first = multiplyAdd(x.0.im, y.0.re, x.0.re * y.0.im)
    let second = multiplyAdd(x.1.im, y.1.re, multiplyAdd(x.1.re, y.1.im, first))
    return multiplyAdd(x.2.im, y.2.re, multiplyAdd(x.2.re, y.2.im, second))
  }

  /// Im sum_k x_k conj(y_k)
  @inlinable @inline(__always)
  static func imaginaryConjugate(_ x: (C, C, C), _ y: (C, C, C)) -> Vector {
    let first = negatedMultiplyAdd(x.0.re, y.0.im, x.0.im * y.0.re)
    let second = negatedMultiplyAdd(x.1.re, y.1.im, multiplyAdd(x.1.im, y.1.re, first))
    return negatedMultiplyAdd(x.2.re, y.2.im, multiplyAdd(x.2.im, y.2.re, second))
  }

  /// u = e u, column by column with e in registers, so that u is its own destination.
  @inlinable @inline(__always)
  func multiplyLeft(_ u: Block, by e: Block) {
    let (e0, e1, e2) = (Self.row(e, 0), Self.row(e, 1), Self.row(e, 2))
    for j in 0..<3 {
      let c = Self.column(u, j)
      e0.2.times(c.2, plus: e0.1.times(c.1, plus: e0.0.times(c.0))).store(u, j)
      e1.2.times(c.2, plus: e1.1.times(c.1, plus: e1.0.times(c.0))).store(u, 3 &+ j)
      e2.2.times(c.2, plus: e2.1.times(c.1, plus: e2.0.times(c.0))).store(u, 6 &+ j)
    }
  }

  @inlinable @inline(__always)
  public func multiplyByExponential(_ u: Block, of a: Block, times s: Vector, scratch: Block) {
    exponential(scratch, of: a, times: s)
    multiplyLeft(u, by: scratch)
  }

  /// e = exp(X), X = s a, as p0 + p1 X + p2 X^2 (Cayley and Hamilton).
  ///
  /// X^3 = t X + i delta with t = tr X^2 / 2 and i delta = det X, so Horner's recursion for the Taylor
  /// series stays in three complex coefficients. Its order follows from the largest eigenvalue, at
  /// most sqrt(-4 t / 3); beyond 1, X is halved and the polynomial squared.
  @inlinable @inline(__always)
  func exponential(_ e: Block, of a: Block, times s: Vector) {
    let (d0, d1) = (a[0] * s, a[1] * s)
    let d2 = -(d0 + d1)
    let p = C(a[2] * s, a[3] * s)
    let q = C(a[4] * s, a[5] * s)
    let r = C(a[6] * s, a[7] * s)
    // Y = X^2: real diagonal, and the elements above it.
    let np = multiplyAdd(p.re, p.re, p.im * p.im)
    let nq = multiplyAdd(q.re, q.re, q.im * q.im)
    let nr = multiplyAdd(r.re, r.re, r.im * r.im)
    let y0 = -(multiplyAdd(d0, d0, np) + nq)
    let y1 = -(multiplyAdd(d1, d1, np) + nr)
    let y2 = -(multiplyAdd(d2, d2, nq) + nr)
    let (qr, pr, qp) = (q.timesConjugate(r), p.times(r), q.timesConjugate(p))
    let yp = C(multiplyAdd(d2, p.im, -qr.re), -multiplyAdd(d2, p.re, qr.im))
    let yq = C(multiplyAdd(d1, q.im, pr.re), negatedMultiplyAdd(d1, q.re, pr.im))
    let yr = C(multiplyAdd(d0, r.im, -qp.re), -multiplyAdd(d0, r.re, qp.im))
    let t = (y0 + y1 + y2) * Vector(repeating: 0.5)
    // tr X^3 / 3 = i delta
    let pYp = negatedMultiplyAdd(p.re, yp.im, p.im * yp.re)
    let qYq = negatedMultiplyAdd(q.re, yq.im, multiplyAdd(q.im, yq.re, pYp))
    let off = negatedMultiplyAdd(r.re, yr.im, multiplyAdd(r.im, yr.re, qYq))
    let diagonal = multiplyAdd(d2, y2, multiplyAdd(d1, y1, d0 * y0))
    let delta = (diagonal + off + off) * Vector(repeating: 1 / 3)

    let (p0, p1, p2) = Self.exponentialCoefficients(t, delta)
    @inline(__always) func storeDiagonal(_ d: Vector, _ y: Vector, _ k: Int) {
      e[2 &* k] = multiplyAdd(p2.re, y, negatedMultiplyAdd(p1.im, d, p0.re))
      e[2 &* k &+ 1] = multiplyAdd(p2.im, y, multiplyAdd(p1.re, d, p0.im))
    }
    @inline(__always) func storePair(_ x: C, _ y: C, _ above: Int, _ below: Int) {
      p1.times(x, plus: p2.times(y)).store(e, above)
      // X is anti-hermitian, Y hermitian: p2 conj y - p1 conj x.
      let z = p2.timesConjugate(y)
      C(
        negatedMultiplyAdd(p1.im, x.im, negatedMultiplyAdd(p1.re, x.re, z.re)),
        multiplyAdd(p1.re, x.im, negatedMultiplyAdd(p1.im, x.re, z.im))
      ).store(e, below)
    }
    storeDiagonal(d0, y0, 0)
    storeDiagonal(d1, y1, 4)
    storeDiagonal(d2, y2, 8)
    storePair(p, yp, 1, 3)
    storePair(q, yq, 2, 6)
    storePair(r, yr, 5, 7)
  }

  /// The coefficients of exp X = p0 + p1 X + p2 X^2 where X^3 = t X + i delta.
  @inlinable @inline(__always)
  static func exponentialCoefficients(_ t: Vector, _ delta: Vector) -> (C, C, C) {
    let isDouble = MemoryLayout<Vector.Scalar>.size == 8
    // The square of the largest eigenvalue.
    var bound = t * Vector(repeating: -4.0 / 3)
    var (t, delta) = (t, delta)
    var (halvings, factor) = (0, Vector.Scalar(1))
    // x^(order + 1) / (order + 1)! is below rounding for x = 0.09, 0.2 and 1.
    var order = isDouble ? 9 : 5
    if !Vector.all(Vector.greaterOrEqual(Vector(repeating: 0.0081), bound)) {
      order = isDouble ? 12 : 6
      if !Vector.all(Vector.greaterOrEqual(Vector(repeating: 0.04), bound)) {
        order = isDouble ? 18 : 10
        while !Vector.all(Vector.greaterOrEqual(Vector(repeating: 1), bound)), halvings < 60 {
          bound = bound * Vector(repeating: 0.25)
          factor *= 0.5
          halvings &+= 1
        }
        if halvings > 0 {
          t = t * Vector(repeating: factor * factor)
          delta = delta * Vector(repeating: factor * factor * factor)
        }
      }
    }
    var inverse = inverseFactorial(order)
    var p0 = C(Vector(repeating: inverse), Vector.zero)
    var p1 = C(Vector.zero, Vector.zero)
    var p2 = p1
    var k = order
    while k > 0 {
      inverse *= Vector.Scalar(k)
      k &-= 1
      let q0 = C(
        negatedMultiplyAdd(delta, p2.im, Vector(repeating: inverse)), delta * p2.re)
      let q1 = C(multiplyAdd(t, p2.re, p0.re), multiplyAdd(t, p2.im, p0.im))
      (p0, p1, p2) = (q0, q1, p1)
    }
    if _slowPath(halvings > 0) {
      for _ in 0..<halvings {
        // X^4 = t X^2 + i delta X
        let (c0, c4) = (p0.times(p0), p2.times(p2))
        let (h1, h2, h3) = (p0.times(p1), p0.times(p2), p1.times(p2))
        let g1 = p1.times(p1)
        let c3 = C(h3.re + h3.re, h3.im + h3.im)
        p0 = C(negatedMultiplyAdd(delta, c3.im, c0.re), multiplyAdd(delta, c3.re, c0.im))
        p1 = C(
          negatedMultiplyAdd(delta, c4.im, multiplyAdd(t, c3.re, h1.re + h1.re)),
          multiplyAdd(delta, c4.re, multiplyAdd(t, c3.im, h1.im + h1.im)))
        p2 = C(
          multiplyAdd(t, c4.re, g1.re + h2.re + h2.re),
          multiplyAdd(t, c4.im, g1.im + h2.im + h2.im))
      }
      // The polynomial was in X times the factor.
      let (f, g) = (Vector(repeating: factor), Vector(repeating: factor * factor))
      p1 = C(p1.re * f, p1.im * f)
      p2 = C(p2.re * g, p2.im * g)
    }
    return (p0, p1, p2)
  }

  @inlinable @inline(__always)
  static func inverseFactorial(_ k: Int) -> Vector.Scalar {
    switch k {
    case 5: 1.0 / 120
    case 6: 1.0 / 720
    case 9: 1.0 / 362_880
    case 10: 1.0 / 3_628_800
    case 12: 1.0 / 479_001_600
    default: 1.0 / 6_402_373_705_728_000
    }
  }
}
