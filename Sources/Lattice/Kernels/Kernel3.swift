import Compute

/// SU(3): products unrolled, operands in registers.
@frozen
public struct Kernel3<Vector: LaneVector>: MatrixKernel {
  @inlinable @inline(__always) public init() {}
  @inlinable @inline(__always) public var n: Int { 3 }

  public typealias Block = UnsafeMutablePointer<Vector>
  @usableFromInline typealias C = ComplexLanes<Vector>

  @inlinable @inline(__always)
  static func row(_ x: Block, _ i: Int) -> (C, C, C) {
    (C(x, 3 &* i), C(x, 3 &* i &+ 1), C(x, 3 &* i &+ 2))
  }

  @inlinable @inline(__always)
  static func column(_ x: Block, _ j: Int) -> (C, C, C) {
    (C(x, j), C(x, 3 &+ j), C(x, 6 &+ j))
  }

  @inlinable @inline(__always)
  public func multiply(_ d: Block, _ x: Block, _ y: Block) {
    let (p, q, r) = (Self.row(y, 0), Self.row(y, 1), Self.row(y, 2))
    for i in 0..<3 {
      let a = Self.row(x, i)
      a.2.times(r.0, plus: a.1.times(q.0, plus: a.0.times(p.0))).store(d, 3 &* i)
      a.2.times(r.1, plus: a.1.times(q.1, plus: a.0.times(p.1))).store(d, 3 &* i &+ 1)
      a.2.times(r.2, plus: a.1.times(q.2, plus: a.0.times(p.2))).store(d, 3 &* i &+ 2)
    }
  }

  @inlinable @inline(__always)
  public func addMultiply(_ d: Block, _ x: Block, _ y: Block) {
    let (p, q, r) = (Self.row(y, 0), Self.row(y, 1), Self.row(y, 2))
    for i in 0..<3 {
      let a = Self.row(x, i)
      let s = Self.row(d, i)
      a.2.times(r.0, plus: a.1.times(q.0, plus: a.0.times(p.0, plus: s.0))).store(d, 3 &* i)
      a.2.times(r.1, plus: a.1.times(q.1, plus: a.0.times(p.1, plus: s.1))).store(d, 3 &* i &+ 1)
      a.2.times(r.2, plus: a.1.times(q.2, plus: a.0.times(p.2, plus: s.2))).store(d, 3 &* i &+ 2)
    }
  }

  @inlinable @inline(__always)
  public func multiplyAdjoint(_ d: Block, _ x: Block, _ y: Block) {
    let (p, q, r) = (Self.row(y, 0), Self.row(y, 1), Self.row(y, 2))
    for i in 0..<3 {
      let a = Self.row(x, i)
      Self.dotConjugate(a, p).store(d, 3 &* i)
      Self.dotConjugate(a, q).store(d, 3 &* i &+ 1)
      Self.dotConjugate(a, r).store(d, 3 &* i &+ 2)
    }
  }

  @inlinable @inline(__always)
  public func addMultiplyAdjoint(_ d: Block, _ x: Block, _ y: Block) {
    let (p, q, r) = (Self.row(y, 0), Self.row(y, 1), Self.row(y, 2))
    for i in 0..<3 {
      let a = Self.row(x, i)
      let s = Self.row(d, i)
      Self.dotConjugate(a, p, plus: s.0).store(d, 3 &* i)
      Self.dotConjugate(a, q, plus: s.1).store(d, 3 &* i &+ 1)
      Self.dotConjugate(a, r, plus: s.2).store(d, 3 &* i &+ 2)
    }
  }

  @inlinable @inline(__always)
  public func adjointMultiply(_ d: Block, _ x: Block, _ y: Block) {
    let (p, q, r) = (Self.column(y, 0), Self.column(y, 1), Self.column(y, 2))
    for i in 0..<3 {
      let a = Self.column(x, i)
      Self.dotConjugate(p, a).store(d, 3 &* i)
      Self.dotConjugate(q, a).store(d, 3 &* i &+ 1)
      Self.dotConjugate(r, a).store(d, 3 &* i &+ 2)
    }
  }

  @inlinable @inline(__always)
  public func addAdjointMultiply(_ d: Block, _ x: Block, _ y: Block) {
    let (p, q, r) = (Self.column(y, 0), Self.column(y, 1), Self.column(y, 2))
    for i in 0..<3 {
      let a = Self.column(x, i)
      let s = Self.row(d, i)
      Self.dotConjugate(p, a, plus: s.0).store(d, 3 &* i)
      Self.dotConjugate(q, a, plus: s.1).store(d, 3 &* i &+ 1)
      Self.dotConjugate(r, a, plus: s.2).store(d, 3 &* i &+ 2)
    }
  }

  /// Three chains of dependent additions instead of one.
  @inlinable @inline(__always)
  public func realTraceOfProduct(_ x: Block, _ y: Block) -> Vector {
    @inline(__always) func part(_ i: Int) -> Vector {
      let a = Self.row(x, i)
      let b = Self.column(y, i)
      let first = negatedMultiplyAdd(a.0.im, b.0.im, a.0.re * b.0.re)
      let second = negatedMultiplyAdd(a.1.im, b.1.im, multiplyAdd(a.1.re, b.1.re, first))
      return negatedMultiplyAdd(a.2.im, b.2.im, multiplyAdd(a.2.re, b.2.re, second))
    }
    return part(0) + part(1) + part(2)
  }

  /// sum_k a_k conj(b_k)
  @inlinable @inline(__always)
  static func dotConjugate(_ a: (C, C, C), _ b: (C, C, C)) -> C {
    a.2.timesConjugate(b.2, plus: a.1.timesConjugate(b.1, plus: a.0.timesConjugate(b.0)))
  }

  /// s + sum_k a_k conj(b_k)
  @inlinable @inline(__always)
  static func dotConjugate(_ a: (C, C, C), _ b: (C, C, C), plus s: C) -> C {
    a.2.timesConjugate(
      b.2, plus: a.1.timesConjugate(b.1, plus: a.0.timesConjugate(b.0, plus: s)))
  }
}
