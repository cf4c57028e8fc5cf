import Compute

/// A vector of complex numbers, real and imaginary parts apart.
@frozen
public struct ComplexLanes<V: LaneVector>: Sendable {
  public var re: V
  public var im: V

  @inlinable @inline(__always)
  public init(_ re: V, _ im: V) {
    self.re = re
    self.im = im
  }

  /// Element `k` of a block.
  @inlinable @inline(__always)
  public init(_ block: UnsafeMutablePointer<V>, _ k: Int) {
    re = block[2 &* k]
    im = block[2 &* k &+ 1]
  }

  @inlinable @inline(__always)
  public func store(_ block: UnsafeMutablePointer<V>, _ k: Int) {
    block[2 &* k] = re
    block[2 &* k &+ 1] = im
  }

  /// self * b
  @inlinable @inline(__always)
  public func times(_ b: Self) -> Self {
    Self(
      negatedMultiplyAdd(im, b.im, re * b.re), multiplyAdd(im, b.re, re * b.im))
  }

  /// c + self * b
  @inlinable @inline(__always)
  public func times(_ b: Self, plus c: Self) -> Self {
    Self(
      negatedMultiplyAdd(im, b.im, multiplyAdd(re, b.re, c.re)),
      multiplyAdd(im, b.re, multiplyAdd(re, b.im, c.im)))
  }

  /// self * conj(b)
  @inlinable @inline(__always)
  public func timesConjugate(_ b: Self) -> Self {
    Self(
      multiplyAdd(im, b.im, re * b.re), negatedMultiplyAdd(re, b.im, im * b.re))
  }

  /// c + self * conj(b)
  @inlinable @inline(__always)
  public func timesConjugate(_ b: Self, plus c: Self) -> Self {
    Self(
      multiplyAdd(im, b.im, multiplyAdd(re, b.re, c.re)),
      negatedMultiplyAdd(re, b.im, multiplyAdd(im, b.re, c.im)))
  }
}
