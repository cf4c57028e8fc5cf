import Compute
import Lattice

/// The hermitian part H and anti-hermitian part A of a matrix T = H + A, N^2 real vectors each.
///
/// The diagonal of H (real) and of A (imaginary) come first, then for every pair above the diagonal the
/// real and imaginary part of the element. Mixing H and A with real weights is mixing T and T^dagger,
/// with half the arithmetic.
extension MatrixKernel {
  /// h, a = the parts of t.
  @inline(__always)
  func splitHermitian(_ t: Block, _ h: Block, _ a: Block) {
    split(t, h, a, half: V(repeating: 0.5))
  }

  /// The adjoint of `joinHermitian`: h, a = the cotangents of the parts, from that of t.
  @inline(__always)
  func splitHermitianDual(_ t: Block, _ h: Block, _ a: Block) {
    split(t, h, a, half: V(repeating: 1))
  }

  /// t = H + A, with `unit` added to the diagonal of H.
  @inline(__always)
  func joinHermitian(_ t: Block, _ h: Block, _ a: Block, unit: V) {
    for i in 0..<n {
      let c = 2 &* (i &* n &+ i)
      t[c] = h[i] + unit
      t[c &+ 1] = a[i]
    }
    joinOffDiagonal(t, h, a, half: V(repeating: 1))
  }

  /// t = i (H + A), with `unit` added to the diagonal of H.
  @inline(__always)
  func joinHermitianTimesI(_ t: Block, _ h: Block, _ a: Block, unit: V) {
    joinHermitian(t, h, a, unit: unit)
    multiplyByI(t)
  }

  /// The adjoint of `splitHermitian`: t = the cotangent of the matrix, from those of its parts.
  @inline(__always)
  func joinHermitianDual(_ t: Block, _ h: Block, _ a: Block) {
    for i in 0..<n {
      let c = 2 &* (i &* n &+ i)
      t[c] = h[i]
      t[c &+ 1] = a[i]
    }
    joinOffDiagonal(t, h, a, half: V(repeating: 0.5))
  }

  /// t = i t
  @inline(__always)
  func multiplyByI(_ t: Block) {
    for k in 0..<(n &* n) { (t[2 &* k], t[2 &* k &+ 1]) = (-t[2 &* k &+ 1], t[2 &* k]) }
  }

  /// t = -i t
  @inline(__always)
  func multiplyByMinusI(_ t: Block) {
    for k in 0..<(n &* n) { (t[2 &* k], t[2 &* k &+ 1]) = (t[2 &* k &+ 1], -t[2 &* k]) }
  }

  @inline(__always)
  private func split(_ t: Block, _ h: Block, _ a: Block, half: V) {
    for i in 0..<n {
      let c = 2 &* (i &* n &+ i)
      h[i] = t[c]
      a[i] = t[c &+ 1]
    }
    var k = n
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let (p, q) = (2 &* (i &* n &+ j), 2 &* (j &* n &+ i))
        h[k] = half * (t[p] + t[q])
        h[k &+ 1] = half * (t[p &+ 1] - t[q &+ 1])
        a[k] = half * (t[p] - t[q])
        a[k &+ 1] = half * (t[p &+ 1] + t[q &+ 1])
        k &+= 2
      }
    }
  }

  @inline(__always)
  private func joinOffDiagonal(_ t: Block, _ h: Block, _ a: Block, half: V) {
    var k = n
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let (p, q) = (2 &* (i &* n &+ j), 2 &* (j &* n &+ i))
        t[p] = half * (h[k] + a[k])
        t[p &+ 1] = half * (h[k &+ 1] + a[k &+ 1])
        t[q] = half * (h[k] - a[k])
        t[q &+ 1] = half * (a[k &+ 1] - h[k &+ 1])
        k &+= 2
      }
    }
  }
}
