import Compute

/// Arithmetic of one block of N x N complex matrices, eight or sixteen side by side in the lanes.
///
/// A matrix is 2 N^2 vectors, row-major, real part before imaginary. Every operation writes into its
/// destination, which may not overlap an operand unless said. The defaults are loops that unroll
/// where `n` is a constant; `Kernel3` overrides the hot ones with products kept in registers.
public protocol MatrixKernel<Vector>: Sendable {
  associatedtype Vector: LaneVector
  typealias Block = UnsafeMutablePointer<Vector>

  /// Rows.
  var n: Int { get }

  /// d = x y
  func multiply(_ d: Block, _ x: Block, _ y: Block)
  /// d = x y^dagger
  func multiplyAdjoint(_ d: Block, _ x: Block, _ y: Block)
  /// d = x^dagger y
  func adjointMultiply(_ d: Block, _ x: Block, _ y: Block)
  /// d += x y
  func addMultiply(_ d: Block, _ x: Block, _ y: Block)
  /// d += x y^dagger
  func addMultiplyAdjoint(_ d: Block, _ x: Block, _ y: Block)
  /// d += x^dagger y
  func addAdjointMultiply(_ d: Block, _ x: Block, _ y: Block)
  /// Re tr(x y)
  func realTraceOfProduct(_ x: Block, _ y: Block) -> Vector

  /// a += 2 s TA(x y), a the components of an algebra element.
  func addProjectedProduct(_ a: Block, _ x: Block, _ y: Block, times s: Vector)
  /// a += 2 s TA(x y^dagger), a the components of an algebra element.
  func addProjectedProductAdjoint(_ a: Block, _ x: Block, _ y: Block, times s: Vector)
  /// u = exp(s a) u for the components a of an algebra element, to rounding; `scratch`: three
  /// matrices.
  func multiplyByExponential(_ u: Block, of a: Block, times s: Vector, scratch: Block)
}

extension MatrixKernel {
  public typealias V = Vector

  /// Vectors of a matrix.
  @inlinable @inline(__always) public var stride: Int { 2 &* n &* n }

  @inlinable @inline(__always)
  public func multiply(_ d: Block, _ x: Block, _ y: Block) {
    for i in 0..<n {
      for j in 0..<n {
        var (re, im) = (V.zero, V.zero)
        for k in 0..<n {
          let (a, b) = (2 &* (i &* n &+ k), 2 &* (k &* n &+ j))
          re = negatedMultiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], re))
          im = multiplyAdd(x[a &+ 1], y[b], multiplyAdd(x[a], y[b &+ 1], im))
        }
        d[2 &* (i &* n &+ j)] = re
        d[2 &* (i &* n &+ j) &+ 1] = im
      }
    }
  }

  @inlinable @inline(__always)
  public func addMultiply(_ d: Block, _ x: Block, _ y: Block) {
    for i in 0..<n {
      for j in 0..<n {
        let c = 2 &* (i &* n &+ j)
        var (re, im) = (d[c], d[c &+ 1])
        for k in 0..<n {
          let (a, b) = (2 &* (i &* n &+ k), 2 &* (k &* n &+ j))
          re = negatedMultiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], re))
          im = multiplyAdd(x[a &+ 1], y[b], multiplyAdd(x[a], y[b &+ 1], im))
        }
        d[c] = re
        d[c &+ 1] = im
      }
    }
  }

  @inlinable @inline(__always)
  public func multiplyAdjoint(_ d: Block, _ x: Block, _ y: Block) {
    for i in 0..<n {
      for j in 0..<n {
        var (re, im) = (V.zero, V.zero)
        for k in 0..<n {
          let (a, b) = (2 &* (i &* n &+ k), 2 &* (j &* n &+ k))
          re = multiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], re))
          im = negatedMultiplyAdd(x[a], y[b &+ 1], multiplyAdd(x[a &+ 1], y[b], im))
        }
        d[2 &* (i &* n &+ j)] = re
        d[2 &* (i &* n &+ j) &+ 1] = im
      }
    }
  }

  @inlinable @inline(__always)
  public func addMultiplyAdjoint(_ d: Block, _ x: Block, _ y: Block) {
    for i in 0..<n {
      for j in 0..<n {
        let c = 2 &* (i &* n &+ j)
        var (re, im) = (d[c], d[c &+ 1])
        for k in 0..<n {
          let (a, b) = (2 &* (i &* n &+ k), 2 &* (j &* n &+ k))
          re = multiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], re))
          im = negatedMultiplyAdd(x[a], y[b &+ 1], multiplyAdd(x[a &+ 1], y[b], im))
        }
        d[c] = re
        d[c &+ 1] = im
      }
    }
  }

  @inlinable @inline(__always)
  public func adjointMultiply(_ d: Block, _ x: Block, _ y: Block) {
    for i in 0..<n {
      for j in 0..<n {
        var (re, im) = (V.zero, V.zero)
        for k in 0..<n {
          let (a, b) = (2 &* (k &* n &+ i), 2 &* (k &* n &+ j))
          re = multiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], re))
          im = negatedMultiplyAdd(x[a &+ 1], y[b], multiplyAdd(x[a], y[b &+ 1], im))
        }
        d[2 &* (i &* n &+ j)] = re
        d[2 &* (i &* n &+ j) &+ 1] = im
      }
    }
  }

  @inlinable @inline(__always)
  public func addAdjointMultiply(_ d: Block, _ x: Block, _ y: Block) {
    for i in 0..<n {
      for j in 0..<n {
        let c = 2 &* (i &* n &+ j)
        var (re, im) = (d[c], d[c &+ 1])
        for k in 0..<n {
          let (a, b) = (2 &* (k &* n &+ i), 2 &* (k &* n &+ j))
          re = multiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], re))
          im = negatedMultiplyAdd(x[a &+ 1], y[b], multiplyAdd(x[a], y[b &+ 1], im))
        }
        d[c] = re
        d[c &+ 1] = im
      }
    }
  }

  @inlinable @inline(__always)
  public func realTraceOfProduct(_ x: Block, _ y: Block) -> V {
    var sum = V.zero
    for i in 0..<n {
      for k in 0..<n {
        let (a, b) = (2 &* (i &* n &+ k), 2 &* (k &* n &+ i))
        sum = negatedMultiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], sum))
      }
    }
    return sum
  }

  /// tr(x y)
  @inlinable @inline(__always)
  public func traceOfProduct(_ x: Block, _ y: Block) -> (re: V, im: V) {
    var (re, im) = (V.zero, V.zero)
    for i in 0..<n {
      for k in 0..<n {
        let (a, b) = (2 &* (i &* n &+ k), 2 &* (k &* n &+ i))
        re = negatedMultiplyAdd(x[a &+ 1], y[b &+ 1], multiplyAdd(x[a], y[b], re))
        im = multiplyAdd(x[a &+ 1], y[b], multiplyAdd(x[a], y[b &+ 1], im))
      }
    }
    return (re, im)
  }

  /// tr x
  @inlinable @inline(__always)
  public func trace(_ x: Block) -> (re: V, im: V) {
    var (re, im) = (V.zero, V.zero)
    for i in 0..<n {
      re = re + x[2 &* (i &* n &+ i)]
      im = im + x[2 &* (i &* n &+ i) &+ 1]
    }
    return (re, im)
  }

  /// d = x
  @inlinable @inline(__always)
  public func copy(_ d: Block, _ x: Block) {
    for k in 0..<stride { d[k] = x[k] }
  }

  /// d = x^dagger
  @inlinable @inline(__always)
  public func adjoint(_ d: Block, _ x: Block) {
    for i in 0..<n {
      for j in 0..<n {
        d[2 &* (i &* n &+ j)] = x[2 &* (j &* n &+ i)]
        d[2 &* (i &* n &+ j) &+ 1] = -x[2 &* (j &* n &+ i) &+ 1]
      }
    }
  }

  /// d = s x; d may be x.
  @inlinable @inline(__always)
  public func scale(_ d: Block, _ x: Block, by s: V) {
    for k in 0..<stride { d[k] = x[k] * s }
  }

  /// d += s x
  @inlinable @inline(__always)
  public func addScaled(_ d: Block, _ x: Block, _ s: V) {
    for k in 0..<stride { d[k] = multiplyAdd(x[k], s, d[k]) }
  }

  /// d = 0
  @inlinable @inline(__always)
  public func clear(_ d: Block) {
    for k in 0..<stride { d[k] = V.zero }
  }

  /// d = s 1
  @inlinable @inline(__always)
  public func setIdentity(_ d: Block, times s: V = V(repeating: 1)) {
    clear(d)
    for i in 0..<n { d[2 &* (i &* n &+ i)] = s }
  }

  /// d = x in the lanes of the mask; elsewhere d keeps its value.
  @inlinable @inline(__always)
  public func merge(_ d: Block, _ x: Block, where mask: V.Mask) {
    for k in 0..<stride { d[k] = V.select(mask, x[k], d[k]) }
  }

  /// d = (x - x^dagger)/2 - tr(x - x^dagger)/(2N); for N = 1 no trace is removed. d may be x.
  @inlinable @inline(__always)
  public func projectAlgebra(_ d: Block, _ x: Block) {
    let half = V(repeating: 0.5)
    var imaginaryTrace = V.zero
    for i in 0..<n { imaginaryTrace = imaginaryTrace + x[2 &* (i &* n &+ i) &+ 1] }
    let shift = n == 1 ? V.zero : imaginaryTrace * V(repeating: 1 / V.Scalar(n))
    for i in 0..<n {
      let c = 2 &* (i &* n &+ i)
      d[c] = V.zero
      d[c &+ 1] = x[c &+ 1] - shift
      for j in (i &+ 1)..<max(n, i &+ 1) {
        let (a, b) = (2 &* (i &* n &+ j), 2 &* (j &* n &+ i))
        let re = (x[a] - x[b]) * half
        let im = (x[a &+ 1] + x[b &+ 1]) * half
        d[a] = re
        d[a &+ 1] = im
        d[b] = -re
        d[b &+ 1] = im
      }
    }
  }
}

/// U(1): one complex number.
@frozen
public struct Kernel1<Vector: LaneVector>: MatrixKernel {
  @inlinable @inline(__always) public init() {}
  @inlinable @inline(__always) public var n: Int { 1 }
}

/// SU(2): 2 x 2 matrices.
@frozen
public struct Kernel2<Vector: LaneVector>: MatrixKernel {
  @inlinable @inline(__always) public init() {}
  @inlinable @inline(__always) public var n: Int { 2 }
}

/// SU(N): any size.
@frozen
public struct KernelN<Vector: LaneVector>: MatrixKernel {
  public let n: Int
  @inlinable @inline(__always) public init(n: Int) { self.n = n }
}
