import Compute
import Lattice

/// Z_i(x) = sum_{v, w} a_{i v w} L_v(x) R_w(x), block by block: transports, parts, mixing of the right
/// channels, products with the left ones. Pairs of channels are never stored.
struct MixingForward<Scalar: LatticeReal>: BlockOperation, Sendable {
  typealias V = Scalar.Lanes
  typealias Vector = V
  let left: BlockView<V>?
  let right: BlockView<V>
  let result: BlockView<V>
  let transports: Transports<Scalar>
  let weights: MixingWeights<Scalar>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let work = weights.rows.count * weights.shape.rightChannels * kernel.components
    parallelFor(layout.blockCount, grain: max(1, 131072 / max(1, work))) { range in
      let scratch = MixingScratch<V>(
        components: kernel.components, paddedRights: weights.paddedRights,
        rightFieldChannels: right.perSite, backward: false)
      var start = range.lowerBound
      while start < range.upperBound {
        let group = start / layout.siteBlocks
        let first = group * layout.siteBlocks
        let end = min(range.upperBound, first + layout.siteBlocks)
        evaluate(kernel, first: first, (start - first)..<(end - first), scratch)
        start = end
      }
    }
  }

  @inline(never)
  private func evaluate<K: MatrixKernel>(
    _ kernel: K, first: Int, _ blocks: Range<Int>, _ scratch: MixingScratch<V>
  ) where K.Vector == V {
    let (w, z) = (right.offset(byBlocks: first), result.offset(byBlocks: first))
    let l = left?.offset(byBlocks: first)
    let rowCount = weights.rows.count
    let (mixed, y) = (scratch.mixed, scratch.matrix(0, kernel.stride))
    let c = kernel.components
    for b in blocks {
      setRightParts(kernel, w, transports, first: first, block: b, scratch)
      let out = z.block(b, 0)
      for k in 0..<(z.perSite &* kernel.stride) { out[k] = V.zero }
      var start = 0
      while start < rowCount {
        let end = min(rowCount, start &+ MixingScratch<V>.panelRows)
        mixPanel(kernel, weights, start, end, scratch)
        weights.rows.withUnsafeBufferPointer { rows in
          for r in start..<end {
            let row = rows[r]
            let k = (r &- start) &* c
            kernel.joinHermitian(
              y, mixed.h + k, mixed.a + k, unit: V(repeating: weights.unit.pointer[r]))
            if row.isImaginary { kernel.multiplyByI(y) }
            let d = out + row.output &* kernel.stride
            if let l, row.left >= 0 {
              if row.isAdjoint {
                kernel.addAdjointMultiply(d, l.block(b, row.left), y)
              } else {
                kernel.addMultiply(d, l.block(b, row.left), y)
              }
            } else {
              for k in 0..<kernel.stride { d[k] = d[k] + y[k] }
            }
          }
        }
        start = end
      }
    }
  }
}

/// The parts of all transported channels of a block, in `scratch.right`.
@inline(__always)
func setRightParts<K: MatrixKernel, Scalar>(
  _ kernel: K, _ w: BlockView<K.Vector>, _ transports: Transports<Scalar>, first: Int, block b: Int,
  _ scratch: MixingScratch<K.Vector>
) where Scalar.Lanes == K.Vector {
  let (c, s) = (kernel.components, kernel.stride)
  let (t, half) = (scratch.matrix(0, s), scratch.matrix(1, s))
  let channels = w.perSite
  transports.terms.withUnsafeBufferPointer { terms in
    for index in 0..<terms.count {
      let term = terms[index]
      let (h, a) = (
        scratch.right.h + index &* channels &* c, scratch.right.a + index &* channels &* c
      )
      guard let products = term.products else {
        for j in 0..<channels {
          kernel.splitHermitian(w.block(b, j), h + j &* c, a + j &* c)
        }
        continue
      }
      let p = products.offset(byBlocks: first).block(b, term.channel)
      let entry = term.entries[b]
      var source = w.block(Int(entry >> 4), 0)
      if entry & 15 != 0 {
        exchangeLanes(w, scratch.exchanged, source, code: Int(entry & 15))
        source = scratch.exchanged
      }
      for j in 0..<channels {
        kernel.multiply(half, p, source + j &* s)
        kernel.multiplyAdjoint(t, half, p)
        kernel.splitHermitian(t, h + j &* c, a + j &* c)
      }
    }
  }
}

/// All channels of a site with the lanes in the order of a code.
@inline(never)
func exchangeLanes<V: LaneVector>(
  _ view: BlockView<V>, _ d: UnsafeMutablePointer<V>, _ source: UnsafeMutablePointer<V>, code: Int
) {
  V.permute(
    d, source, count: view.perSite &* view.stride, index: view.layout.permutations + code &* 64,
    code: view.layout.codesAreExchanges ? code << view.layout.codeShift : -1)
}

/// The mixed channels of rows `start..<end`, parts apart, without the unit matrix.
@inline(__always)
func mixPanel<K: MatrixKernel, Scalar>(
  _ kernel: K, _ weights: MixingWeights<Scalar>, _ start: Int, _ end: Int,
  _ scratch: MixingScratch<K.Vector>
) where Scalar.Lanes == K.Vector {
  let (rows, nw) = (kernel.tileRows, weights.shape.rightChannels)
  for part in 0..<2 {
    let source = part == 0 ? scratch.right.h : scratch.right.a
    let out = part == 0 ? scratch.mixed.h : scratch.mixed.a
    let packed = weights.forward[part].pointer
    mixRows(
      kernel, source, packed + start &* nw, count: nw, out,
      tiles: (end &- start &+ rows &- 1) / rows
    )
  }
}

@inline(never)
private func mixRows<K: MatrixKernel>(
  _ kernel: K, _ source: UnsafeMutablePointer<K.Vector>,
  _ weights: UnsafePointer<K.Vector.Scalar>, count: Int, _ out: UnsafeMutablePointer<K.Vector>,
  tiles: Int
) {
  for tile in 0..<tiles {
    kernel.mixTile(
      source, weights + tile &* count &* kernel.tileRows, count: count,
      out + tile &* kernel.tileRows &* kernel.components, accumulating: false)
  }
}
