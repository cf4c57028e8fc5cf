import Compute

/// A quaternion a0 + i (a1, a2, a3).sigma in every lane.
@frozen
public struct QuaternionLanes<V: LaneVector> {
  public var a0: V
  public var a1: V
  public var a2: V
  public var a3: V

  @inlinable @inline(__always)
  public init(_ a0: V, _ a1: V, _ a2: V, _ a3: V) {
    self.a0 = a0
    self.a1 = a1
    self.a2 = a2
    self.a3 = a3
  }

  /// Twice the projection on the quaternions of rows and columns i, j of a matrix:
  /// Re tr(g w) = g_0 a_0 - g.a for an SU(2) element g of that subgroup.
  @inlinable @inline(__always)
  public init(_ w: UnsafeMutablePointer<V>, n: Int, _ i: Int, _ j: Int) {
    let ii = ComplexLanes(w, n &* i &+ i)
    let jj = ComplexLanes(w, n &* j &+ j)
    let ij = ComplexLanes(w, n &* i &+ j)
    let ji = ComplexLanes(w, n &* j &+ i)
    self.init(
      ii.re + jj.re + .awayFromZero, ij.im + ji.im, ij.re - ji.re, ii.im - jj.im)
  }

  /// The norm; of a projection not zero, so that a quotient exists.
  @inlinable @inline(__always)
  public var norm: V {
    V.squareRoot(multiplyAdd(a0, a0, multiplyAdd(a1, a1, multiplyAdd(a2, a2, a3 * a3))))
  }

  @inlinable @inline(__always)
  public func scaled(by s: V) -> Self { Self(a0 * s, a1 * s, a2 * s, a3 * s) }

  /// self * b^dagger
  @inlinable @inline(__always)
  public func timesAdjoint(_ v: Self) -> Self {
    Self(
      multiplyAdd(a0, v.a0, multiplyAdd(a1, v.a1, multiplyAdd(a2, v.a2, a3 * v.a3))),
      negatedMultiplyAdd(
        a3, v.a2, multiplyAdd(a2, v.a3, negatedMultiplyAdd(a0, v.a1, v.a0 * a1))),
      negatedMultiplyAdd(
        a1, v.a3, multiplyAdd(a3, v.a1, negatedMultiplyAdd(a0, v.a2, v.a0 * a2))),
      negatedMultiplyAdd(
        a2, v.a1, multiplyAdd(a1, v.a2, negatedMultiplyAdd(a0, v.a3, v.a0 * a3))))
  }

  /// Multiplies rows i and j of a matrix from the left by this SU(2) element.
  @inlinable @inline(__always)
  public func rotateRows(_ m: UnsafeMutablePointer<V>, n: Int, _ i: Int, _ j: Int) {
    // g = [[a0 + i a3, a2 + i a1], [-a2 + i a1, a0 - i a3]]
    let g = ComplexLanes(a0, a3)
    let h = ComplexLanes(a2, a1)
    for k in 0..<n {
      let x = ComplexLanes(m, n &* i &+ k)
      let y = ComplexLanes(m, n &* j &+ k)
      h.times(y, plus: g.times(x)).store(m, n &* i &+ k)
      // conj(g) y - conj(h) x
      let t = y.timesConjugate(g)
      ComplexLanes(
        negatedMultiplyAdd(h.im, x.im, negatedMultiplyAdd(h.re, x.re, t.re)),
        multiplyAdd(h.im, x.re, negatedMultiplyAdd(h.re, x.im, t.im))
      ).store(m, n &* j &+ k)
    }
  }
}

extension LaneVector {
  /// Added to a staple, gives one that is exactly zero a direction and changes no other: a link
  /// without neighbours to hold it, as where all its planes have coupling zero, stays in the group.
  @inlinable @inline(__always)
  public static var awayFromZero: Self {
    // Its square is a normal number.
    Self(repeating: Scalar.leastNormalMagnitude.squareRoot() * 2)
  }
}

extension ComplexLanes {
  @inlinable @inline(__always)
  public var awayFromZero: ComplexLanes { ComplexLanes(re + .awayFromZero, im) }
}
