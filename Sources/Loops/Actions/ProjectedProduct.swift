import Compute
import Lattice

extension MatrixKernel {
  /// a = the components of TA(x y), of which the real diagonal is not formed.
  @inline(__always)
  func setProjectedProduct(_ a: Block, _ x: Block, _ y: Block) {
    for k in 0..<(n == 1 ? 1 : n &* n &- 1) { a[k] = V.zero }
    addProjectedProduct(a, x, y, times: V(repeating: 0.5))
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
}
