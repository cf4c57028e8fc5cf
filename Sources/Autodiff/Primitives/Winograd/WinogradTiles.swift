import Compute

/// The plane of a convolution with 3 x 3 places cut into 2 x 2 sites, each of which reads 4 x 4:
///
///     Y = A^T [(G w G^T) . (B^T d B)] A        16 products for 4 sites instead of 36
///
///     B^T = (1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1),  A^T = (1 1 1 0; 0 1 -1 -1),
///     G = (1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1)
///
/// (S. Winograd, Arithmetic Complexity of Computations, SIAM 1980; A. Lavin and S. Gray, arXiv:1509.09308). All
/// numbers of the transforms are powers of two, so rounding is that of twice as many terms.
struct WinogradTiles: Sendable {
  let batch: Int
  /// Of the sites that are read, and of those that are written.
  let source: (Int, Int)
  let target: (Int, Int)
  /// Site x reads x - left ... x - left + 2.
  let left: Int
  let wraps: Bool

  var tilesAcross: Int { (target.1 + 1) / 2 }
  var tilesDown: Int { (target.0 + 1) / 2 }
  var count: Int { batch * tilesDown * tilesAcross }

  /// Tiles that are calculated at once: the transforms of both sides stay in the second cache.
  static var batchTiles: Int { 24 }
  /// Vectors from one point of transformed tiles to the next: one more than tiles have, lest all points of a tile
  /// share few places of the cache.
  static func pointStride(panels: Int) -> Int { batchTiles * panels + 1 }

  /// Where a tile stands.
  @inline(__always)
  func place(_ tile: Int) -> (sample: Int, y: Int, x: Int) {
    let row = tile / tilesAcross
    return (row / tilesDown, row % tilesDown * 2, (tile - row * tilesAcross) * 2)
  }

  /// Rows of channels of the source around a tile, zeros where there are none.
  @inline(__always)
  private func locate<V>(
    _ tile: Int, _ rows: UnsafePointer<V>, panels: Int, zeros: UnsafePointer<V>,
    _ pointers: UnsafeMutablePointer<UnsafePointer<V>>
  ) {
    let (sample, y, x) = place(tile)
    let first = sample * source.0 * source.1
    for i in 0..<4 {
      let row = moved(y + i - left, source.0)
      for j in 0..<4 {
        let column = moved(x + j - left, source.1)
        pointers[4 * i + j] =
          row < 0 || column < 0 ? zeros : rows + (first + row * source.1 + column) * panels
      }
    }
  }

  /// The site that is read, -1 for none. A tile reaches two sites beyond the lattice, which may be shorter.
  @inline(__always)
  private func moved(_ place: Int, _ extent: Int) -> Int {
    if place >= 0 && place < extent { return place }
    return wraps ? ((place % extent) + extent) % extent : -1
  }

  /// B^T d B of some tiles, `[point][tile][channel]`.
  @inline(__always)
  func transformSource<V: LaneVector>(
    _ tiles: Range<Int>, _ rows: UnsafePointer<V>, panels: Int, zeros: UnsafePointer<V>,
    _ target: UnsafeMutablePointer<V>
  ) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<V>.self, capacity: 16) { pointers in
      let p = pointers.baseAddress!
      for (k, tile) in tiles.enumerated() {
        locate(tile, rows, panels: panels, zeros: zeros, p)
        transformPatch(
          UnsafePointer(p), panels: panels, stride: Self.pointStride(panels: panels),
          target + k * panels)
      }
    }
  }

  /// A g A^T of some tiles, the adjoint of A^T m A.
  @inline(__always)
  func transformCotangent<V: LaneVector>(
    _ tiles: Range<Int>, _ rows: UnsafePointer<V>, panels: Int, zeros: UnsafePointer<V>,
    _ result: UnsafeMutablePointer<V>
  ) {
    for (k, tile) in tiles.enumerated() {
      let (sample, y, x) = place(tile)
      let first = rows + ((sample * target.0 + y) * target.1 + x) * panels
      let (right, below) = (x + 1 < target.1, y + 1 < target.0)
      let p01 = right ? first + panels : zeros
      let p10 = below ? first + target.1 * panels : zeros
      let p11 = right && below ? first + (target.1 + 1) * panels : zeros
      spreadPatch(
        first, p01, p10, p11, panels: panels, stride: Self.pointStride(panels: panels),
        result + k * panels)
    }
  }
}

/// B^T d B of sixteen rows of channels.
@inline(never)
private func transformPatch<V: LaneVector>(
  _ d: UnsafePointer<UnsafePointer<V>>, panels: Int, stride: Int, _ target: UnsafeMutablePointer<V>
) {
  for panel in 0..<panels {
    let (a0, a1, a2, a3) = down(d, 0, panel)
    let (b0, b1, b2, b3) = down(d, 1, panel)
    let (c0, c1, c2, c3) = down(d, 2, panel)
    let (e0, e1, e2, e3) = down(d, 3, panel)
    let t = target + panel
    across(a0, b0, c0, e0, stride, t)
    across(a1, b1, c1, e1, stride, t + 4 &* stride)
    across(a2, b2, c2, e2, stride, t + 8 &* stride)
    across(a3, b3, c3, e3, stride, t + 12 &* stride)
  }
}

/// B^T times a column.
@inline(__always)
private func down<V: LaneVector>(
  _ d: UnsafePointer<UnsafePointer<V>>, _ j: Int, _ panel: Int
) -> (V, V, V, V) {
  let (a, b) = (d[j][panel], d[4 &+ j][panel])
  let (c, e) = (d[8 &+ j][panel], d[12 &+ j][panel])
  return (V.difference(a, c), V.sum(b, c), V.difference(c, b), V.difference(b, e))
}

/// A row times B.
@inline(__always)
private func across<V: LaneVector>(
  _ a: V, _ b: V, _ c: V, _ e: V, _ stride: Int, _ t: UnsafeMutablePointer<V>
) {
  t[0] = V.difference(a, c)
  t[stride] = V.sum(b, c)
  t[2 &* stride] = V.difference(c, b)
  t[3 &* stride] = V.difference(b, e)
}

/// A g A^T of four rows of channels; A = (1 0; 1 1; 1 -1; 0 -1).
@inline(never)
private func spreadPatch<V: LaneVector>(
  _ g00: UnsafePointer<V>, _ g01: UnsafePointer<V>, _ g10: UnsafePointer<V>,
  _ g11: UnsafePointer<V>, panels: Int, stride: Int, _ target: UnsafeMutablePointer<V>
) {
  for panel in 0..<panels {
    let (a, b, c, e) = (g00[panel], g01[panel], g10[panel], g11[panel])
    let t = target + panel
    spread(a, b, stride, t)
    spread(V.sum(a, c), V.sum(b, e), stride, t + 4 &* stride)
    spread(V.difference(a, c), V.difference(b, e), stride, t + 8 &* stride)
    spread(V.difference(V.zero, c), V.difference(V.zero, e), stride, t + 12 &* stride)
  }
}

@inline(__always)
private func spread<V: LaneVector>(
  _ a: V, _ b: V, _ stride: Int, _ t: UnsafeMutablePointer<V>
) {
  t[0] = a
  t[stride] = V.sum(a, b)
  t[2 &* stride] = V.difference(a, b)
  t[3 &* stride] = V.difference(V.zero, b)
}

/// A^T m A of one tile: rows of channels at the four sites.
@inline(never)
func gatherPatch<V: LaneVector>(
  _ m: UnsafePointer<V>, panels: Int, stride: Int, _ y00: UnsafeMutablePointer<V>,
  _ y01: UnsafeMutablePointer<V>, _ y10: UnsafeMutablePointer<V>, _ y11: UnsafeMutablePointer<V>
) {
  for panel in 0..<panels {
    let p = m + panel
    let (a0, b0) = gather(p, stride)
    let (a1, b1) = gather(p + 4 &* stride, stride)
    let (a2, b2) = gather(p + 8 &* stride, stride)
    let (a3, b3) = gather(p + 12 &* stride, stride)
    y00[panel] = V.sum(V.sum(a0, a1), a2)
    y01[panel] = V.sum(V.sum(b0, b1), b2)
    y10[panel] = V.difference(V.difference(a1, a2), a3)
    y11[panel] = V.difference(V.difference(b1, b2), b3)
  }
}

@inline(__always)
private func gather<V: LaneVector>(_ p: UnsafePointer<V>, _ stride: Int) -> (V, V) {
  let (a, b, c, e) = (p[0], p[stride], p[2 &* stride], p[3 &* stride])
  return (V.sum(V.sum(a, b), c), V.difference(V.difference(b, c), e))
}
