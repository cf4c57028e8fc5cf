import Compute

/// The sum over rows of outer products: `s[tap][c][o] = sum_r x[row(r, tap)][c] g[r][o]`, the adjoint
/// of `RowProduct` with respect to its weights.
///
/// Rows are divided into parts of 1024 or more by their number and the size of the sum alone; parts
/// are summed in order. Results do not depend on the number of threads.
struct RowOuterSum<Scalar: LatticeReal>: @unchecked Sendable {
  typealias V = Scalar.Lanes

  let source: RowSource<Scalar>
  let cotangents: PaddedRows<Scalar>

  /// Rows whose places are looked up at once; they stay in the cache meanwhile.
  private static var batchRows: Int { 64 }

  private var depth: Int { source.taps * source.depth }
  /// Tiles of eight channels of one tap.
  private var tilesPerTap: Int { (source.depth + 7) / 8 }

  private var parts: Int {
    let room = max(1, (1 << 21) / max(1, depth * cotangents.stride))
    return max(1, min(32, room, cotangents.rows / 1024))
  }

  /// The sum as rows `[tap][channel]` of padded columns.
  @inline(__always)
  func run() -> PaddedRows<Scalar> {
    let (parts, panels) = (parts, cotangents.panels)
    let sums = PaddedRows<Scalar>(rows: parts * depth, width: cotangents.width)
    let tiles = source.taps * tilesPerTap
    let groups = min(tiles, 8)
    let work = cotangents.rows / parts * 8 * tiles / max(1, groups) * panels
    parallelFor(parts * groups, grain: max(1, 200_000 / max(1, work))) { range in
      let pointers = AlignedBuffer<UInt>(uninitialized: Self.batchRows)
      for item in range {
        let (part, group) = (item / groups, item % groups)
        add(
          (cotangents.rows * part / parts)..<(cotangents.rows * (part + 1) / parts),
          tiles: (tiles * group / groups)..<(tiles * (group + 1) / groups),
          to: sums.vectors + part * depth * panels,
          UnsafeMutableRawPointer(pointers.pointer).assumingMemoryBound(
            to: UnsafePointer<Scalar>.self))
      }
    }
    guard parts > 1 else { return sums }
    let total = PaddedRows<Scalar>(rows: depth, width: cotangents.width)
    for part in 0..<parts {
      let first = sums.elements + part * depth * total.stride
      for i in 0..<(depth * total.stride) { total.elements[i] += first[i] }
    }
    return total
  }

  @inline(never)
  private func add(
    _ rows: Range<Int>, tiles: Range<Int>, to sums: UnsafeMutablePointer<V>,
    _ pointers: UnsafeMutablePointer<UnsafePointer<Scalar>>
  ) {
    let panels = cotangents.panels
    var row = rows.lowerBound
    while row < rows.upperBound {
      let end = min(rows.upperBound, row + Self.batchRows)
      var located = -1
      for index in tiles {
        let (tap, first) = (index / tilesPerTap, index % tilesPerTap * 8)
        if located != tap {
          source.locate(row..<end, taps: tap..<(tap + 1), capacity: end - row, pointers)
          located = tap
        }
        let target = sums + (tap * source.depth + first) * panels
        for panel in 0..<panels {
          tile(
            pointers, count: end - row, first: first, target + panel,
            UnsafePointer(cotangents.vectors) + (row * panels + panel))
        }
      }
      row = end
    }
  }

  /// Adds some rows to the sums of eight channels and one vector of columns; channels beyond the
  /// last repeat it and are not stored.
  @inline(__always)
  private func tile(
    _ pointers: UnsafePointer<UnsafePointer<Scalar>>, count: Int, first: Int,
    _ d: UnsafeMutablePointer<V>, _ cotangents: UnsafePointer<V>
  ) {
    let panels = self.cotangents.panels
    let last = source.depth &- 1 &- first
    let (o1, o2, o3) = (min(1, last), min(2, last), min(3, last))
    let (o4, o5, o6, o7) = (min(4, last), min(5, last), min(6, last), min(7, last))
    var a0 = d[0]
    var (a1, a2, a3) = (d[o1 &* panels], d[o2 &* panels], d[o3 &* panels])
    var (a4, a5) = (d[o4 &* panels], d[o5 &* panels])
    var (a6, a7) = (d[o6 &* panels], d[o7 &* panels])
    var g = cotangents
    for j in 0..<count {
      let x = pointers[j] + first
      let v = g.pointee
      a0 = multiplyAdd(V(repeating: x[0]), v, a0)
      a1 = multiplyAdd(V(repeating: x[o1]), v, a1)
      a2 = multiplyAdd(V(repeating: x[o2]), v, a2)
      a3 = multiplyAdd(V(repeating: x[o3]), v, a3)
      a4 = multiplyAdd(V(repeating: x[o4]), v, a4)
      a5 = multiplyAdd(V(repeating: x[o5]), v, a5)
      a6 = multiplyAdd(V(repeating: x[o6]), v, a6)
      a7 = multiplyAdd(V(repeating: x[o7]), v, a7)
      g += panels
    }
    // A repeated channel has the same sum, so it may be stored again.
    d[0] = a0
    d[o1 &* panels] = a1
    d[o2 &* panels] = a2
    d[o3 &* panels] = a3
    d[o4 &* panels] = a4
    d[o5 &* panels] = a5
    d[o6 &* panels] = a6
    d[o7 &* panels] = a7
  }
}
