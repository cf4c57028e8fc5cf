import Compute

/// Sums over lanes and components of products y[s] r[w][s], s = component * lanes + lane, where the
/// lanes of y are mixed channels: the derivative with respect to a tile of weights.
///
/// A block's sums start from zero and are added to sums in double precision, so that single
/// precision loses nothing over many blocks.
struct WeightGradientTile<V: LaneVector> {
  typealias Block = UnsafeMutablePointer<V>

  /// sums[row vector][w] += the products, for `width` = 4 or 8 neighbouring w.
  ///
  /// - Parameters:
  ///   - second: a second vector of rows, whose sums stand `offset` vectors of doubles behind.
  ///   - numbers: the right channels as single numbers, `steps` for each.
  @inline(never)
  static func add(
    _ first: Block, _ second: Block?, _ numbers: UnsafePointer<V.Scalar>, steps: Int,
    width: Int, to sums: UnsafeMutablePointer<SIMD8<Double>>, offset: Int
  ) {
    if width == 8 {
      add8(first, second, numbers, steps, sums, offset)
    } else {
      add4(first, second, numbers, steps, sums, offset)
    }
  }

  /// Vectors of doubles that one vector takes.
  @inline(__always)
  static var spread: Int { V.scalarCount / 8 }

  @inline(__always)
  private static func add8(
    _ first: Block, _ second: Block?, _ r: UnsafePointer<V.Scalar>, _ steps: Int,
    _ sums: UnsafeMutablePointer<SIMD8<Double>>, _ offset: Int
  ) {
    var (a0, a1, a2, a3) = (V.zero, V.zero, V.zero, V.zero)
    var (a4, a5, a6, a7) = (V.zero, V.zero, V.zero, V.zero)
    @inline(__always) func number(_ w: Int, _ s: Int) -> V { V(repeating: r[w &* steps &+ s]) }
    if let second {
      var (b0, b1, b2, b3) = (V.zero, V.zero, V.zero, V.zero)
      var (b4, b5, b6, b7) = (V.zero, V.zero, V.zero, V.zero)
      for s in 0..<steps {
        let (p, q) = (first[s], second[s])
        let (r0, r1) = (number(0, s), number(1, s))
        (a0, b0) = (multiplyAdd(p, r0, a0), multiplyAdd(q, r0, b0))
        (a1, b1) = (multiplyAdd(p, r1, a1), multiplyAdd(q, r1, b1))
        let (r2, r3) = (number(2, s), number(3, s))
        (a2, b2) = (multiplyAdd(p, r2, a2), multiplyAdd(q, r2, b2))
        (a3, b3) = (multiplyAdd(p, r3, a3), multiplyAdd(q, r3, b3))
        let (r4, r5) = (number(4, s), number(5, s))
        (a4, b4) = (multiplyAdd(p, r4, a4), multiplyAdd(q, r4, b4))
        (a5, b5) = (multiplyAdd(p, r5, a5), multiplyAdd(q, r5, b5))
        let (r6, r7) = (number(6, s), number(7, s))
        (a6, b6) = (multiplyAdd(p, r6, a6), multiplyAdd(q, r6, b6))
        (a7, b7) = (multiplyAdd(p, r7, a7), multiplyAdd(q, r7, b7))
      }
      store4(b0, b1, b2, b3, sums + offset)
      store4(b4, b5, b6, b7, sums + offset + 4 &* spread)
    } else {
      for s in 0..<steps {
        let p = first[s]
        (a0, a1) = (multiplyAdd(p, number(0, s), a0), multiplyAdd(p, number(1, s), a1))
        (a2, a3) = (multiplyAdd(p, number(2, s), a2), multiplyAdd(p, number(3, s), a3))
        (a4, a5) = (multiplyAdd(p, number(4, s), a4), multiplyAdd(p, number(5, s), a5))
        (a6, a7) = (multiplyAdd(p, number(6, s), a6), multiplyAdd(p, number(7, s), a7))
      }
    }
    store4(a0, a1, a2, a3, sums)
    store4(a4, a5, a6, a7, sums + 4 &* spread)
  }

  @inline(__always)
  private static func add4(
    _ first: Block, _ second: Block?, _ r: UnsafePointer<V.Scalar>, _ steps: Int,
    _ sums: UnsafeMutablePointer<SIMD8<Double>>, _ offset: Int
  ) {
    var (a0, a1, a2, a3) = (V.zero, V.zero, V.zero, V.zero)
    var (b0, b1, b2, b3) = (V.zero, V.zero, V.zero, V.zero)
    @inline(__always) func number(_ w: Int, _ s: Int) -> V { V(repeating: r[w &* steps &+ s]) }
    // One vector of rows is taken twice, and its second sums are dropped.
    let other = second ?? first
    for s in 0..<steps {
      let (p, q) = (first[s], other[s])
      let (r0, r1) = (number(0, s), number(1, s))
      (a0, b0) = (multiplyAdd(p, r0, a0), multiplyAdd(q, r0, b0))
      (a1, b1) = (multiplyAdd(p, r1, a1), multiplyAdd(q, r1, b1))
      let (r2, r3) = (number(2, s), number(3, s))
      (a2, b2) = (multiplyAdd(p, r2, a2), multiplyAdd(q, r2, b2))
      (a3, b3) = (multiplyAdd(p, r3, a3), multiplyAdd(q, r3, b3))
    }
    store4(a0, a1, a2, a3, sums)
    if second != nil { store4(b0, b1, b2, b3, sums + offset) }
  }

  @inline(__always)
  private static func store4(
    _ a: V, _ b: V, _ c: V, _ d: V, _ sums: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    V.addWidened(a, to: sums)
    V.addWidened(b, to: sums + spread)
    V.addWidened(c, to: sums + 2 &* spread)
    V.addWidened(d, to: sums + 3 &* spread)
  }
}
