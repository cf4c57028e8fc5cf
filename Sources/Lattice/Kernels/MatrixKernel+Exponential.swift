import Compute

extension MatrixKernel {
  /// d = exp(x) for an anti-hermitian matrix x, to rounding.
  ///
  /// U(1): cosine and sine. Otherwise the Taylor series of x / 2^s, with s so large that the last
  /// term is below rounding, squared s times. `scratch`: two matrices; x is used up.
  @inlinable @inline(__always)
  public func exponential(_ d: Block, _ x: Block, scratch: Block) {
    if n == 1 {
      for lane in 0..<V.scalarCount {
        let angle = Double(x[1][lane])
        d[0][lane] = V.Scalar(cosine(angle))
        d[1][lane] = V.Scalar(sine(angle))
      }
      return
    }
    var square = V.zero
    for k in 0..<stride { square = multiplyAdd(x[k], x[k], square) }
    var largest: V.Scalar = 0
    for lane in 0..<V.scalarCount where square[lane] > largest { largest = square[lane] }
    var squarings = 0
    // Norm at most 1/2.
    while largest > 0.25, squarings < 60 {
      largest *= 0.25
      squarings &+= 1
    }
    let factor = V.Scalar(1) / V.Scalar(UInt64(1) << UInt64(squarings))
    scale(x, x, by: V(repeating: factor))
    // Horner: 1 + x (1 + x/2 (1 + x/3 (...))); (1/2)^k / k! is below rounding at k = 15 and 9.
    let order = MemoryLayout<V.Scalar>.size == 8 ? 15 : 9
    setIdentity(d)
    var k = order
    while k > 0 {
      multiply(scratch, x, d)
      scale(d, scratch, by: V(repeating: 1 / V.Scalar(k)))
      for i in 0..<n {
        let c = 2 &* (i &* n &+ i)
        d[c] = d[c] + V(repeating: 1)
      }
      k &-= 1
    }
    for _ in 0..<squarings {
      multiply(scratch, d, d)
      copy(d, scratch)
    }
  }
}
