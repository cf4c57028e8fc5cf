import Compute

// Projections of products on the algebra, formed without the rest of the product:
// 2 TA(M) = M - M^dagger less its trace, which only U(1) keeps.
extension MatrixKernel {
  @inlinable @inline(__always)
  public func addProjectedProduct(_ a: Block, _ x: Block, _ y: Block, times s: V) {
    // Element (i, k) of x times element (k, j) of y.
    addProjected(a, times: s) { i, k, j, re, im in
      let (p, q) = (2 &* (i &* n &+ k), 2 &* (k &* n &+ j))
      return (
        negatedMultiplyAdd(x[p &+ 1], y[q &+ 1], multiplyAdd(x[p], y[q], re)),
        multiplyAdd(x[p &+ 1], y[q], multiplyAdd(x[p], y[q &+ 1], im))
      )
    }
  }

  @inlinable @inline(__always)
  public func addProjectedProductAdjoint(_ a: Block, _ x: Block, _ y: Block, times s: V) {
    addProjected(a, times: s) { i, k, j, re, im in
      let (p, q) = (2 &* (i &* n &+ k), 2 &* (j &* n &+ k))
      return (
        multiplyAdd(x[p &+ 1], y[q &+ 1], multiplyAdd(x[p], y[q], re)),
        negatedMultiplyAdd(x[p], y[q &+ 1], multiplyAdd(x[p &+ 1], y[q], im))
      )
    }
  }

  /// `term(i, k, j, re, im)` adds the k-th term of element (i, j) of the product to (re, im).
  @inlinable @inline(__always)
  func addProjected(
    _ a: Block, times s: V, _ term: (Int, Int, Int, V, V) -> (V, V)
  ) {
    @inline(__always) func element(_ i: Int, _ j: Int) -> (V, V) {
      var (re, im) = (V.zero, V.zero)
      for k in 0..<n { (re, im) = term(i, k, j, re, im) }
      return (re, im)
    }
    let twice = s + s
    if n == 1 {
      a[0] = multiplyAdd(twice, element(0, 0).1, a[0])
      return
    }
    // The trace comes from every diagonal element; the last is not stored.
    var trace = V.zero
    for i in 0..<(n &- 1) {
      let value = element(i, i).1
      trace = trace + value
      a[i] = multiplyAdd(twice, value, a[i])
    }
    trace = trace + element(n &- 1, n &- 1).1
    let shift = trace * V(repeating: 1 / V.Scalar(n))
    for i in 0..<(n &- 1) { a[i] = negatedMultiplyAdd(twice, shift, a[i]) }
    var index = n &- 1
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let (upper, lower) = (element(i, j), element(j, i))
        a[index] = multiplyAdd(s, upper.0 - lower.0, a[index])
        a[index &+ 1] = multiplyAdd(s, upper.1 + lower.1, a[index &+ 1])
        index &+= 2
      }
    }
  }

  /// -tr(a a) of algebra components.
  @inlinable @inline(__always)
  public func algebraNormSquared(_ a: Block) -> V {
    if n == 1 { return a[0] * a[0] }
    var (diagonal, last, rest) = (V.zero, V.zero, V.zero)
    for i in 0..<(n &- 1) {
      diagonal = multiplyAdd(a[i], a[i], diagonal)
      last = last + a[i]
    }
    for k in (n &- 1)..<(n &* n &- 1) { rest = multiplyAdd(a[k], a[k], rest) }
    return multiplyAdd(rest, V(repeating: 2), multiplyAdd(last, last, diagonal))
  }

  /// -tr(x y) of two algebra elements; x y for U(1).
  @inlinable @inline(__always)
  public func algebraInnerProduct(_ x: Block, _ y: Block) -> V {
    if n == 1 { return x[0] * y[0] }
    var (diagonal, lastX, lastY, rest) = (V.zero, V.zero, V.zero, V.zero)
    for i in 0..<(n &- 1) {
      diagonal = multiplyAdd(x[i], y[i], diagonal)
      lastX = lastX + x[i]
      lastY = lastY + y[i]
    }
    for k in (n &- 1)..<(n &* n &- 1) { rest = multiplyAdd(x[k], y[k], rest) }
    return multiplyAdd(rest, V(repeating: 2), multiplyAdd(lastX, lastY, diagonal))
  }
}
