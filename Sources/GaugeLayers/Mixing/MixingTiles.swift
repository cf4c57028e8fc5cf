import Compute
import Lattice

/// The register tiles of channel mixing, out[r][k] = sum_w c[w][r] source[w][k]: rows r are mixed
/// channels, columns k the N^2 real components of a part, every element a vector of lanes.
///
/// A tile keeps its accumulators in registers and broadcasts the weights: 2 x 9 for SU(3), 8 x 1 for
/// U(1), else 4 x 4.
extension MatrixKernel {
  /// Rows of a tile.
  @inline(__always)
  var tileRows: Int { n == 3 ? 2 : n == 1 ? 8 : 4 }

  /// Components of a part.
  @inline(__always)
  var components: Int { n &* n }

  /// One tile of rows: out[r][k] = (accumulating ? out[r][k] : 0) + sum_{w < count} c[w][r] source[w][k].
  ///
  /// - Parameter weights: `tileRows` numbers for every w, in the order of reading.
  @inline(__always)
  func mixTile(
    _ source: Block, _ weights: UnsafePointer<V.Scalar>, count: Int, _ out: Block,
    accumulating: Bool
  ) {
    switch n {
    case 1: mixTile8x1(source, weights, count: count, out, accumulating: accumulating)
    case 3: mixTile2x9(source, weights, count: count, out, accumulating: accumulating)
    default:
      let columns = components
      var k = 0
      while k &+ 4 <= columns {
        mixTile4x4(
          source + k, weights, count: count, out + k, columns, accumulating: accumulating)
        k &+= 4
      }
      while k < columns {
        mixTile4x1(
          source + k, weights, count: count, out + k, columns, accumulating: accumulating)
        k &+= 1
      }
    }
  }

  @inline(__always)
  private func mixTile2x9(
    _ source: Block, _ weights: UnsafePointer<V.Scalar>, count: Int, _ out: Block,
    accumulating: Bool
  ) {
    @inline(__always) func start(_ k: Int) -> V { accumulating ? out[k] : V.zero }
    var (a0, a1, a2) = (start(0), start(1), start(2))
    var (a3, a4, a5) = (start(3), start(4), start(5))
    var (a6, a7, a8) = (start(6), start(7), start(8))
    var (b0, b1, b2) = (start(9), start(10), start(11))
    var (b3, b4, b5) = (start(12), start(13), start(14))
    var (b6, b7, b8) = (start(15), start(16), start(17))
    var (p, w) = (source, weights)
    for _ in 0..<count {
      let (u, v) = (V(repeating: w[0]), V(repeating: w[1]))
      (a0, b0) = (multiplyAdd(p[0], u, a0), multiplyAdd(p[0], v, b0))
      (a1, b1) = (multiplyAdd(p[1], u, a1), multiplyAdd(p[1], v, b1))
      (a2, b2) = (multiplyAdd(p[2], u, a2), multiplyAdd(p[2], v, b2))
      (a3, b3) = (multiplyAdd(p[3], u, a3), multiplyAdd(p[3], v, b3))
      (a4, b4) = (multiplyAdd(p[4], u, a4), multiplyAdd(p[4], v, b4))
      (a5, b5) = (multiplyAdd(p[5], u, a5), multiplyAdd(p[5], v, b5))
      (a6, b6) = (multiplyAdd(p[6], u, a6), multiplyAdd(p[6], v, b6))
      (a7, b7) = (multiplyAdd(p[7], u, a7), multiplyAdd(p[7], v, b7))
      (a8, b8) = (multiplyAdd(p[8], u, a8), multiplyAdd(p[8], v, b8))
      p += 9
      w += 2
    }
    (out[0], out[1], out[2], out[3], out[4]) = (a0, a1, a2, a3, a4)
    (out[5], out[6], out[7], out[8], out[9]) = (a5, a6, a7, a8, b0)
    (out[10], out[11], out[12], out[13], out[14]) = (b1, b2, b3, b4, b5)
    (out[15], out[16], out[17]) = (b6, b7, b8)
  }

  @inline(__always)
  private func mixTile4x4(
    _ source: Block, _ weights: UnsafePointer<V.Scalar>, count: Int, _ out: Block, _ columns: Int,
    accumulating: Bool
  ) {
    let (o1, o2, o3) = (out + columns, out + 2 &* columns, out + 3 &* columns)
    @inline(__always) func start(_ o: Block, _ k: Int) -> V { accumulating ? o[k] : V.zero }
    var (a0, a1, a2, a3) = (start(out, 0), start(out, 1), start(out, 2), start(out, 3))
    var (b0, b1, b2, b3) = (start(o1, 0), start(o1, 1), start(o1, 2), start(o1, 3))
    var (c0, c1, c2, c3) = (start(o2, 0), start(o2, 1), start(o2, 2), start(o2, 3))
    var (d0, d1, d2, d3) = (start(o3, 0), start(o3, 1), start(o3, 2), start(o3, 3))
    var (p, w) = (source, weights)
    for _ in 0..<count {
      let (x0, x1, x2, x3) = (p[0], p[1], p[2], p[3])
      let (r, s) = (V(repeating: w[0]), V(repeating: w[1]))
      (a0, a1) = (multiplyAdd(x0, r, a0), multiplyAdd(x1, r, a1))
      (a2, a3) = (multiplyAdd(x2, r, a2), multiplyAdd(x3, r, a3))
      (b0, b1) = (multiplyAdd(x0, s, b0), multiplyAdd(x1, s, b1))
      (b2, b3) = (multiplyAdd(x2, s, b2), multiplyAdd(x3, s, b3))
      let (t, u) = (V(repeating: w[2]), V(repeating: w[3]))
      (c0, c1) = (multiplyAdd(x0, t, c0), multiplyAdd(x1, t, c1))
      (c2, c3) = (multiplyAdd(x2, t, c2), multiplyAdd(x3, t, c3))
      (d0, d1) = (multiplyAdd(x0, u, d0), multiplyAdd(x1, u, d1))
      (d2, d3) = (multiplyAdd(x2, u, d2), multiplyAdd(x3, u, d3))
      p += columns
      w += 4
    }
    (out[0], out[1], out[2], out[3]) = (a0, a1, a2, a3)
    (o1[0], o1[1], o1[2], o1[3]) = (b0, b1, b2, b3)
    (o2[0], o2[1], o2[2], o2[3]) = (c0, c1, c2, c3)
    (o3[0], o3[1], o3[2], o3[3]) = (d0, d1, d2, d3)
  }

  @inline(__always)
  private func mixTile4x1(
    _ source: Block, _ weights: UnsafePointer<V.Scalar>, count: Int, _ out: Block, _ columns: Int,
    accumulating: Bool
  ) {
    let (o1, o2, o3) = (out + columns, out + 2 &* columns, out + 3 &* columns)
    var (a, b) = accumulating ? (out[0], o1[0]) : (V.zero, V.zero)
    var (c, d) = accumulating ? (o2[0], o3[0]) : (V.zero, V.zero)
    var (p, w) = (source, weights)
    for _ in 0..<count {
      let x = p[0]
      (a, b) = (multiplyAdd(x, V(repeating: w[0]), a), multiplyAdd(x, V(repeating: w[1]), b))
      (c, d) = (multiplyAdd(x, V(repeating: w[2]), c), multiplyAdd(x, V(repeating: w[3]), d))
      p += columns
      w += 4
    }
    (out[0], o1[0], o2[0], o3[0]) = (a, b, c, d)
  }

  @inline(__always)
  private func mixTile8x1(
    _ source: Block, _ weights: UnsafePointer<V.Scalar>, count: Int, _ out: Block,
    accumulating: Bool
  ) {
    @inline(__always) func start(_ k: Int) -> V { accumulating ? out[k] : V.zero }
    var (a, b, c, d) = (start(0), start(1), start(2), start(3))
    var (e, f, g, h) = (start(4), start(5), start(6), start(7))
    var (p, w) = (source, weights)
    for _ in 0..<count {
      let x = p[0]
      (a, b) = (multiplyAdd(x, V(repeating: w[0]), a), multiplyAdd(x, V(repeating: w[1]), b))
      (c, d) = (multiplyAdd(x, V(repeating: w[2]), c), multiplyAdd(x, V(repeating: w[3]), d))
      (e, f) = (multiplyAdd(x, V(repeating: w[4]), e), multiplyAdd(x, V(repeating: w[5]), f))
      (g, h) = (multiplyAdd(x, V(repeating: w[6]), g), multiplyAdd(x, V(repeating: w[7]), h))
      p += 1
      w += 8
    }
    (out[0], out[1], out[2], out[3]) = (a, b, c, d)
    (out[4], out[5], out[6], out[7]) = (e, f, g, h)
  }
}
