import Compute

/// The sum of products of a matrix of numbers with one of vectors, `c[r][p] += sum_k a[r][k] b[k][p]`, with
/// six rows and four vectors of columns in registers: ten loads for twenty-four multiply-adds, which keeps two
/// units for them busy.
///
/// Rows are calculated six at a time: memory must exist for a multiple of six.
struct BlockProduct<Scalar: LatticeReal> {
  typealias V = Scalar.Lanes

  /// Elements of `a` from one row, and from one k, to the next.
  let rowStride: Int
  let depthStride: Int
  /// Vectors of a row of `b` and of `c`.
  let panels: Int
  let depth: Int
  /// Whether the products are added to what stands in `c`.
  let accumulates: Bool

  static var tileRows: Int { 6 }

  /// Rows with those that fill the last tile.
  static func padded(_ rows: Int) -> Int { (rows + 5) / 6 * 6 }

  @inline(never)
  func run(
    rows: Int, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<V>, _ c: UnsafeMutablePointer<V>
  ) {
    var panel = 0
    while panel < panels {
      let wide = panel + 4 <= panels
      var row = 0
      while row < rows {
        let (x, y) = (a + row &* rowStride, c + (row &* panels &+ panel))
        if wide { tile4(x, b + panel, y) } else { tile1(x, b + panel, y) }
        row &+= 6
      }
      panel += wide ? 4 : 1
    }
  }

  @inline(__always)
  private func tile4(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<V>, _ c: UnsafeMutablePointer<V>
  ) {
    let (s, n) = (rowStride, panels)
    var (a00, a01, a02, a03) = (V.zero, V.zero, V.zero, V.zero)
    var (a10, a11, a12, a13) = (V.zero, V.zero, V.zero, V.zero)
    var (a20, a21, a22, a23) = (V.zero, V.zero, V.zero, V.zero)
    var (a30, a31, a32, a33) = (V.zero, V.zero, V.zero, V.zero)
    var (a40, a41, a42, a43) = (V.zero, V.zero, V.zero, V.zero)
    var (a50, a51, a52, a53) = (V.zero, V.zero, V.zero, V.zero)
    var (x, w) = (a, b)
    for _ in 0..<depth {
      let (w0, w1, w2, w3) = (w[0], w[1], w[2], w[3])
      var v = V(repeating: x[0])
      (a00, a01) = (multiplyAdd(v, w0, a00), multiplyAdd(v, w1, a01))
      (a02, a03) = (multiplyAdd(v, w2, a02), multiplyAdd(v, w3, a03))
      v = V(repeating: x[s])
      (a10, a11) = (multiplyAdd(v, w0, a10), multiplyAdd(v, w1, a11))
      (a12, a13) = (multiplyAdd(v, w2, a12), multiplyAdd(v, w3, a13))
      v = V(repeating: x[2 &* s])
      (a20, a21) = (multiplyAdd(v, w0, a20), multiplyAdd(v, w1, a21))
      (a22, a23) = (multiplyAdd(v, w2, a22), multiplyAdd(v, w3, a23))
      v = V(repeating: x[3 &* s])
      (a30, a31) = (multiplyAdd(v, w0, a30), multiplyAdd(v, w1, a31))
      (a32, a33) = (multiplyAdd(v, w2, a32), multiplyAdd(v, w3, a33))
      v = V(repeating: x[4 &* s])
      (a40, a41) = (multiplyAdd(v, w0, a40), multiplyAdd(v, w1, a41))
      (a42, a43) = (multiplyAdd(v, w2, a42), multiplyAdd(v, w3, a43))
      v = V(repeating: x[5 &* s])
      (a50, a51) = (multiplyAdd(v, w0, a50), multiplyAdd(v, w1, a51))
      (a52, a53) = (multiplyAdd(v, w2, a52), multiplyAdd(v, w3, a53))
      x += depthStride
      w += n
    }
    store(c, a00, a01, a02, a03)
    store(c + n, a10, a11, a12, a13)
    store(c + 2 &* n, a20, a21, a22, a23)
    store(c + 3 &* n, a30, a31, a32, a33)
    store(c + 4 &* n, a40, a41, a42, a43)
    store(c + 5 &* n, a50, a51, a52, a53)
  }

  @inline(__always)
  private func store(_ c: UnsafeMutablePointer<V>, _ a: V, _ b: V, _ d: V, _ e: V) {
    if accumulates {
      (c[0], c[1]) = (V.sum(c[0], a), V.sum(c[1], b))
      (c[2], c[3]) = (V.sum(c[2], d), V.sum(c[3], e))
    } else {
      (c[0], c[1], c[2], c[3]) = (a, b, d, e)
    }
  }

  @inline(__always)
  private func tile1(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<V>, _ c: UnsafeMutablePointer<V>
  ) {
    let (s, n) = (rowStride, panels)
    var (a0, a1, a2) = (V.zero, V.zero, V.zero)
    var (a3, a4, a5) = (V.zero, V.zero, V.zero)
    var (x, w) = (a, b)
    for _ in 0..<depth {
      let v = w.pointee
      a0 = multiplyAdd(V(repeating: x[0]), v, a0)
      a1 = multiplyAdd(V(repeating: x[s]), v, a1)
      a2 = multiplyAdd(V(repeating: x[2 &* s]), v, a2)
      a3 = multiplyAdd(V(repeating: x[3 &* s]), v, a3)
      a4 = multiplyAdd(V(repeating: x[4 &* s]), v, a4)
      a5 = multiplyAdd(V(repeating: x[5 &* s]), v, a5)
      x += depthStride
      w += n
    }
    if accumulates {
      (a0, a1, a2) = (V.sum(c[0], a0), V.sum(c[n], a1), V.sum(c[2 &* n], a2))
      (a3, a4, a5) = (
        V.sum(c[3 &* n], a3), V.sum(c[4 &* n], a4), V.sum(c[5 &* n], a5)
      )
    }
    (c[0], c[n], c[2 &* n]) = (a0, a1, a2)
    (c[3 &* n], c[4 &* n], c[5 &* n]) = (a3, a4, a5)
  }
}
