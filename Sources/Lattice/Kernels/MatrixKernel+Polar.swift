import Compute

extension MatrixKernel {
  /// x = the element of U(1) or SU(N) nearest to x; a zero matrix stays zero. `scratch`: three
  /// matrices.
  ///
  /// U(1): modulus 1. SU(2): the quaternion part of x, normalised; sums of SU(2) matrices with real
  /// weights have no other part. N >= 3: the unitary polar factor x (x^dagger x)^(-1/2) divided by the
  /// N-th root of its determinant, of phase in (-pi/N, pi/N], by Newton's iteration
  /// x -> (x + x^(-dagger)) / 2 with both terms scaled to one Frobenius norm (N. J. Higham, SIAM J.
  /// Sci. Stat. Comput. 7 (1986) 1160). Where x is singular but not zero the nearest element is not
  /// unique, and rounding chooses.
  @inlinable @inline(__always)
  public func projectOnGroup(_ x: Block, scratch: Block) {
    if n == 2 {
      x[0] = x[0] + x[6]
      x[1] = x[1] - x[7]
      x[2] = x[2] - x[4]
      x[3] = x[3] + x[5]
      normalise(x, count: 4, squaredNorm: 1)
      x[4] = -x[2]
      x[5] = x[3]
      x[6] = x[0]
      x[7] = -x[1]
      return
    }
    let isZero = normalise(x, count: stride, squaredNorm: V.Scalar(n))
    if n == 1 { return }
    // Lanes without a matrix iterate on the identity.
    for i in 0..<n {
      let c = 2 &* (i &* n &+ i)
      x[c] = V.select(isZero, V(repeating: 1), x[c])
    }
    let phase = iteratePolar(x, scratch: scratch)
    let angle = phase.argument() * V(repeating: V.Scalar(1 / (Double(n) * Double.pi)))
    let (sine, cosine) = V.sineCosinePi(angle)
    let rotation = ComplexLanes(
      V.select(isZero, V.zero, cosine), V.select(isZero, V.zero, -sine))
    for k in 0..<(n &* n) { ComplexLanes(x, k).times(rotation).store(x, k) }
  }

  /// Scales `count` vectors to a squared norm; true where they are zero, and stay so.
  @inlinable @inline(__always)
  @discardableResult
  func normalise(_ x: Block, count: Int, squaredNorm target: V.Scalar) -> V.Mask {
    let square = squaredNorm(x, count: count)
    let isZero = V.greaterOrEqual(V.zero, square)
    let safe = V.select(isZero, V(repeating: 1), square)
    let factor = V.select(isZero, V.zero, V.squareRoot(V(repeating: target) / safe))
    for k in 0..<count { x[k] = x[k] * factor }
    return isZero
  }

  /// x = its unitary polar factor; returns the phase det x / |det x|, which that leaves unchanged.
  @inlinable @inline(__always)
  func iteratePolar(_ x: Block, scratch: Block) -> ComplexLanes<V> {
    let y = scratch
    let norm = V(repeating: V.Scalar(n))
    // x and x^(-dagger) are twice as far apart as a step is long, and convergence is quadratic: after
    // a step of the root of rounding the next is below rounding.
    let tolerance = norm * V(repeating: 4 * V.Scalar.ulpOfOne)
    var phase = ComplexLanes(V(repeating: 1), V.zero)
    for _ in 0..<40 {
      var turn = ComplexLanes(V(repeating: 1), V.zero)
      if n == 3 {
        phase = cofactors(y, x)
        turn = phase
      } else {
        phase = adjointInverse(y, x, scratch: scratch + stride)
      }
      // Both precisions can divide by this; a real factor does not move the polar factor.
      let ratio = V.squareRoot(norm / (squaredNorm(y, count: stride) + V(repeating: 1e-30)))
      turn = ComplexLanes(turn.re * ratio, turn.im * ratio)
      // Sums of real and imaginary parts apart: the chain of additions is what takes the time.
      var square = ComplexLanes(V.zero, V.zero)
      var distance = ComplexLanes(V.zero, V.zero)
      for k in 0..<(n &* n) {
        let a = ComplexLanes(x, k)
        let b = ComplexLanes(y, k).times(turn)
        let sum = ComplexLanes(a.re + b.re, a.im + b.im)
        let difference = ComplexLanes(a.re - b.re, a.im - b.im)
        square = ComplexLanes(
          multiplyAdd(sum.re, sum.re, square.re), multiplyAdd(sum.im, sum.im, square.im))
        distance = ComplexLanes(
          multiplyAdd(difference.re, difference.re, distance.re),
          multiplyAdd(difference.im, difference.im, distance.im))
        sum.store(x, k)
      }
      let factor = V.squareRoot(norm / (square.re + square.im))
      for k in 0..<stride { x[k] = x[k] * factor }
      if V.all(V.greaterOrEqual(tolerance, distance.re + distance.im)) { break }
    }
    return phase
  }

  /// The sum of squares of an even number of vectors.
  @inlinable @inline(__always)
  func squaredNorm(_ x: Block, count: Int) -> V {
    var (even, odd) = (V.zero, V.zero)
    for k in 0..<(count / 2) {
      even = multiplyAdd(x[2 &* k], x[2 &* k], even)
      odd = multiplyAdd(x[2 &* k &+ 1], x[2 &* k &+ 1], odd)
    }
    return even + odd
  }

  /// y = the conjugate cofactors of a 3 x 3 matrix; returns the phase p of det x, with which
  /// x^(-dagger) = p y / |det x|.
  @inlinable @inline(__always)
  func cofactors(_ y: Block, _ x: Block) -> ComplexLanes<V> {
    for i in 0..<3 {
      let (a, b) = (3 &* ((i &+ 1) % 3), 3 &* ((i &+ 2) % 3))
      for j in 0..<3 {
        let (p, q) = ((j &+ 1) % 3, (j &+ 2) % 3)
        let first = ComplexLanes(x, a &+ p).times(ComplexLanes(x, b &+ q))
        let second = ComplexLanes(x, a &+ q).times(ComplexLanes(x, b &+ p))
        ComplexLanes(first.re - second.re, second.im - first.im).store(y, 3 &* i &+ j)
      }
    }
    var det = ComplexLanes(V.zero, V.zero)
    for j in 0..<3 { det = ComplexLanes(x, j).timesConjugate(ComplexLanes(y, j), plus: det) }
    return det.phase()
  }

  /// y = x^(-dagger) by elimination with pivots chosen in every lane; returns the phase of det x.
  /// `scratch`: two matrices.
  @inlinable @inline(__always)
  func adjointInverse(_ y: Block, _ x: Block, scratch: Block) -> ComplexLanes<V> {
    let (a, b) = (scratch, scratch + stride)
    copy(a, x)
    setIdentity(b)
    var phase = ComplexLanes(V(repeating: 1), V.zero)
    // Of a matrix of norm sqrt(N) a pivot below this is rounding.
    let floor = V(repeating: V.Scalar.ulpOfOne / 64)
    for k in 0..<n {
      let pivotRow = k &* n
      var largest = squaredModulus(a, pivotRow &+ k)
      for i in (k &+ 1)..<max(n, k &+ 1) {
        let square = squaredModulus(a, i &* n &+ k)
        let keeps = V.greaterOrEqual(largest, square)
        largest = V.select(keeps, largest, square)
        let sign = V.select(keeps, V(repeating: 1), V(repeating: -1))
        phase = ComplexLanes(phase.re * sign, phase.im * sign)
        exchange(a, 2 &* pivotRow, 2 &* i &* n, unless: keeps)
        exchange(b, 2 &* pivotRow, 2 &* i &* n, unless: keeps)
      }
      let isSmall = V.greaterOrEqual(floor * floor, largest)
      let pivot = ComplexLanes(a, pivotRow &+ k)
      let safe = ComplexLanes(
        V.select(isSmall, floor, pivot.re), V.select(isSmall, V.zero, pivot.im))
      phase = phase.times(safe.phase())
      let square = multiplyAdd(safe.re, safe.re, safe.im * safe.im)
      let inverse = ComplexLanes(safe.re / square, -safe.im / square)
      for j in 0..<n {
        ComplexLanes(a, pivotRow &+ j).times(inverse).store(a, pivotRow &+ j)
        ComplexLanes(b, pivotRow &+ j).times(inverse).store(b, pivotRow &+ j)
      }
      for i in 0..<n where i != k {
        let element = ComplexLanes(a, i &* n &+ k)
        let minus = ComplexLanes(-element.re, -element.im)
        for j in 0..<n {
          let (d, s) = (i &* n &+ j, pivotRow &+ j)
          minus.times(ComplexLanes(a, s), plus: ComplexLanes(a, d)).store(a, d)
          minus.times(ComplexLanes(b, s), plus: ComplexLanes(b, d)).store(b, d)
        }
      }
    }
    adjoint(y, b)
    return phase
  }

  @inlinable @inline(__always)
  func squaredModulus(_ x: Block, _ k: Int) -> V {
    multiplyAdd(x[2 &* k], x[2 &* k], x[2 &* k &+ 1] * x[2 &* k &+ 1])
  }

  /// Exchanges two rows, given by their first vectors, in the lanes that are not set.
  @inlinable @inline(__always)
  func exchange(_ x: Block, _ first: Int, _ second: Int, unless mask: V.Mask) {
    for k in 0..<(2 &* n) {
      let (p, q) = (x[first &+ k], x[second &+ k])
      x[first &+ k] = V.select(mask, p, q)
      x[second &+ k] = V.select(mask, q, p)
    }
  }
}

extension ComplexLanes {
  /// z / |z|, and 1 for zero.
  @inlinable @inline(__always)
  func phase() -> Self {
    let square = multiplyAdd(re, re, im * im)
    let isZero = V.greaterOrEqual(V.zero, square)
    let inverse = V(repeating: 1) / V.squareRoot(V.select(isZero, V(repeating: 1), square))
    return Self(
      V.select(isZero, V(repeating: 1), re * inverse), V.select(isZero, V.zero, im * inverse))
  }

  /// The angle in [-pi, pi] of numbers of modulus 1, to a few units in the last place.
  ///
  /// The angle is halved four times, by formulas without cancellation, and what is left is the
  /// series of the arc sine.
  @inlinable @inline(__always)
  func argument() -> V {
    let (half, one) = (V(repeating: 0.5), V(repeating: 1))
    let isRight = V.greaterOrEqual(re, V.zero)
    let isUpper = V.greaterOrEqual(im, V.zero)
    let modulus = V.select(isUpper, im, -im)
    let greater = V.squareRoot((one + V.select(isRight, re, -re)) * half)
    let smaller = modulus * half / greater
    var c = V.select(isRight, greater, smaller)
    var s = V.select(isRight, smaller, greater)
    for _ in 0..<3 {
      c = V.squareRoot((one + c) * half)
      s = s * half / c
    }
    // asin s = s (1 + z/6 (1 + 9z/20 (1 + 25z/42 (...)))), z = s^2 <= sin^2(pi/16).
    let z = s * s
    var series = one
    var k = 11
    while k > 0 {
      let ratio = Double((2 &* k &- 1) &* (2 &* k &- 1)) / Double(2 &* k &* (2 &* k &+ 1))
      series = multiplyAdd(z * V(repeating: V.Scalar(ratio)), series, one)
      k &-= 1
    }
    let angle = s * series * V(repeating: 16)
    return V.select(isUpper, angle, -angle)
  }
}
