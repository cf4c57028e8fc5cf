import Compute

/// Rows times a matrix: `y[r][o] = sum_tap sum_c x[row(r, tap)][c] w[tap][c][o]`.
///
/// Eight rows and one vector of columns at a time stay in registers while the sum runs. Every
/// element is one sum in the order of taps and channels, whatever rows a thread gets.
struct RowProduct<Scalar: LatticeReal>: @unchecked Sendable {
  typealias V = Scalar.Lanes

  let source: RowSource<Scalar>
  /// `[tap][channel][column]`
  let weights: PaddedRows<Scalar>

  /// Rows that are calculated at once.
  static var tileRows: Int { 8 }
  /// Rows after which `store` is called.
  static var batchRows: Int { 64 }

  /// Calculates rows on many threads and hands up to 64 at a time to `store`, as `[row][column]`
  /// with the stride of the weights.
  @inline(__always)
  func run(rows: Int, _ store: @Sendable (Range<Int>, UnsafePointer<Scalar>) -> Void) {
    let batch = Self.batchRows
    let work = batch * source.depth * source.taps * weights.panels
    parallelFor((rows + batch - 1) / batch, grain: max(1, 200_000 / max(1, work))) { range in
      let results = AlignedBuffer<V>(uninitialized: batch * weights.panels)
      let pointers = AlignedBuffer<UInt>(uninitialized: Self.tileRows * source.taps)
      for index in range {
        let range = (index * batch)..<min(rows, (index + 1) * batch)
        calculate(
          range, results.pointer,
          UnsafeMutableRawPointer(pointers.pointer).assumingMemoryBound(
            to: UnsafePointer<Scalar>.self))
        store(
          range, UnsafeRawPointer(results.pointer).assumingMemoryBound(to: Scalar.self))
      }
    }
  }

  @inline(never)
  private func calculate(
    _ rows: Range<Int>, _ results: UnsafeMutablePointer<V>,
    _ pointers: UnsafeMutablePointer<UnsafePointer<Scalar>>
  ) {
    var row = rows.lowerBound
    var target = results
    while row < rows.upperBound {
      source.locate(
        row..<rows.upperBound, taps: 0..<source.taps, capacity: Self.tileRows, pointers)
      for panel in 0..<weights.panels { tile(panel, target + panel, pointers) }
      row += Self.tileRows
      target += Self.tileRows * weights.panels
    }
  }

  @inline(__always)
  private func tile(
    _ panel: Int, _ d: UnsafeMutablePointer<V>, _ pointers: UnsafePointer<UnsafePointer<Scalar>>
  ) {
    let (stride, depth) = (weights.panels, source.depth)
    var w = UnsafePointer(weights.vectors) + panel
    var (a0, a1, a2, a3) = (V.zero, V.zero, V.zero, V.zero)
    var (a4, a5, a6, a7) = (V.zero, V.zero, V.zero, V.zero)
    for tap in 0..<source.taps {
      let p = pointers + 8 &* tap
      let (x0, x1, x2, x3) = (p[0], p[1], p[2], p[3])
      let (x4, x5, x6, x7) = (p[4], p[5], p[6], p[7])
      for c in 0..<depth {
        let v = w.pointee
        a0 = multiplyAdd(V(repeating: x0[c]), v, a0)
        a1 = multiplyAdd(V(repeating: x1[c]), v, a1)
        a2 = multiplyAdd(V(repeating: x2[c]), v, a2)
        a3 = multiplyAdd(V(repeating: x3[c]), v, a3)
        a4 = multiplyAdd(V(repeating: x4[c]), v, a4)
        a5 = multiplyAdd(V(repeating: x5[c]), v, a5)
        a6 = multiplyAdd(V(repeating: x6[c]), v, a6)
        a7 = multiplyAdd(V(repeating: x7[c]), v, a7)
        w += stride
      }
    }
    d[0] = a0
    d[stride] = a1
    d[2 &* stride] = a2
    d[3 &* stride] = a3
    d[4 &* stride] = a4
    d[5 &* stride] = a5
    d[6 &* stride] = a6
    d[7 &* stride] = a7
  }
}
