import Compute
import Lattice

extension MatrixKernel {
  /// a = the components of TA(x y), of which the real diagonal is not formed.
  @inline(__always)
  func projectedProduct(_ a: Block, _ x: Block, _ y: Block) {
    if n == 1 {
      a[0] = multiplyAdd(x[1], y[0], x[0] * y[1])
      return
    }
    let half = V(repeating: 0.5)
    var trace = V.zero
    for i in 0..<n {
      var im = V.zero
      for k in 0..<n {
        let (p, q) = (2 &* (i &* n &+ k), 2 &* (k &* n &+ i))
        im = multiplyAdd(x[p &+ 1], y[q], multiplyAdd(x[p], y[q &+ 1], im))
      }
      if i < n &- 1 { a[i] = im }
      trace = trace + im
    }
    let shift = trace * V(repeating: 1 / V.Scalar(n))
    for i in 0..<(n &- 1) { a[i] = a[i] - shift }
    var index = n &- 1
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let (above, below) = (element(x, y, i, j), element(x, y, j, i))
        a[index] = (above.re - below.re) * half
        a[index &+ 1] = (above.im + below.im) * half
        index &+= 2
      }
    }
  }

  /// a = the components of x^dagger y, known to be anti-hermitian and traceless.
  @inline(__always)
  func antihermitianAdjointProduct(_ a: Block, _ x: Block, _ y: Block) {
    for i in 0..<max(1, n &- 1) {
      var im = V.zero
      for k in 0..<n {
        let p = 2 &* (k &* n &+ i)
        im = multiplyAdd(x[p], y[p &+ 1], negatedMultiplyAdd(x[p &+ 1], y[p], im))
      }
      a[i] = im
    }
    var index = n &- 1
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        var (re, im) = (V.zero, V.zero)
        for k in 0..<n {
          let (p, q) = (2 &* (k &* n &+ i), 2 &* (k &* n &+ j))
          re = multiplyAdd(x[p &+ 1], y[q &+ 1], multiplyAdd(x[p], y[q], re))
          im = negatedMultiplyAdd(x[p &+ 1], y[q], multiplyAdd(x[p], y[q &+ 1], im))
        }
        a[index] = re
        a[index &+ 1] = im
        index &+= 2
      }
    }
  }

  /// Element i, j of x y.
  @inline(__always)
  private func element(_ x: Block, _ y: Block, _ i: Int, _ j: Int) -> ComplexLanes<V> {
    var sum = ComplexLanes<V>(x, i &* n).times(ComplexLanes(y, j))
    for k in 1..<n {
      sum = ComplexLanes(x, i &* n &+ k).times(ComplexLanes(y, k &* n &+ j), plus: sum)
    }
    return sum
  }
}
