import Compute
import Lattice

/// The adjoint of `MixingForward`: mixed channels are calculated once more, panel by panel, and the
/// cotangents of a block never leave the cache.
///
/// The cotangents of transported channels are scattered to where the transports end, those of the links
/// are algebra elements at the paths' starts: with T -> exp(sX) T exp(-sX) the derivative is
/// -tr(X G), G = -TA(T Tbar^dagger - Tbar^dagger T).
struct MixingBackward<Scalar: LatticeReal>: BlockOperation, Sendable {
  typealias V = Scalar.Lanes
  typealias Vector = V
  let left: BlockView<V>?
  let right: BlockView<V>
  let cotangent: BlockView<V>
  let transports: Transports<Scalar>
  let weights: MixingWeights<Scalar>
  let layout: Layout
  let parts: SlabParts
  /// Where the results go; nil where they are not wanted.
  let leftResult: BlockView<V>?
  let rightResult: BlockView<V>?
  /// For every slab, where halos are needed.
  let halos: [BlockView<V>]
  /// For every term but the site itself, one algebra element a site.
  let elements: [BlockView<V>?]
  /// For every part.
  let weightSums: [MixingWeightSums<Scalar>]

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    parallelFor(parts.parts.count, grain: 1) { range in
      let scratch = MixingScratch<V>(
        components: kernel.components, paddedRights: weights.paddedRights,
        rightFieldChannels: right.perSite, backward: true)
      for part in range {
        let sums = weightSums.isEmpty ? nil : weightSums[part]
        for slab in parts.parts[part] { evaluate(kernel, slab, sums, scratch) }
      }
    }
  }

  @inline(never)
  private func evaluate<K: MatrixKernel>(
    _ kernel: K, _ index: Int, _ sums: MixingWeightSums<Scalar>?, _ scratch: MixingScratch<V>
  ) where K.Vector == V {
    let slab = parts.slabs[index]
    let first = slab.group * layout.siteBlocks
    let w = right.offset(byBlocks: first)
    let rowCount = weights.rows.count
    let blocks =
      (slab.slices.lowerBound * parts.sliceBlocks)..<(slab.slices.upperBound * parts.sliceBlocks)
    for b in blocks {
      setRightParts(kernel, w, transports, first: first, block: b, scratch)
      for k in 0..<(weights.paddedRights &* kernel.components) {
        scratch.rightCotangent.h[k] = V.zero
        scratch.rightCotangent.a[k] = V.zero
      }
      if let leftResult {
        let g = leftResult.block(first &+ b, 0)
        for k in 0..<(leftResult.perSite &* kernel.stride) { g[k] = V.zero }
      }
      var start = 0
      while start < rowCount {
        let end = min(rowCount, start &+ MixingScratch<V>.panelRows)
        if leftResult != nil { mixPanel(kernel, weights, start, end, scratch) }
        setMixedCotangents(kernel, block: first &+ b, start, end, scratch)
        if rightResult != nil || !elements.isEmpty { mixBack(kernel, start, end, scratch) }
        if let sums { addWeightSums(kernel, start, end, sums, scratch) }
        start = end
      }
      if rightResult != nil || !elements.isEmpty {
        returnTransports(kernel, index, slab, first: first, block: b, scratch)
      }
    }
  }

  /// The cotangents of the mixed channels of a panel, and what they give to the left channels.
  @inline(__always)
  private func setMixedCotangents<K: MatrixKernel>(
    _ kernel: K, block: Int, _ start: Int, _ end: Int, _ scratch: MixingScratch<V>
  ) where K.Vector == V {
    let (c, s) = (kernel.components, kernel.stride)
    let (y, yBar) = (scratch.matrix(0, s), scratch.matrix(1, s))
    let (mixed, out) = (scratch.mixed, scratch.mixedCotangent)
    weights.rows.withUnsafeBufferPointer { rows in
      for r in start..<end {
        let row = rows[r]
        let k = (r &- start) &* c
        let z = cotangent.block(block, row.output)
        guard row.left >= 0, let left else {
          kernel.copy(yBar, z)
          if row.isImaginary { kernel.multiplyByMinusI(yBar) }
          kernel.splitHermitianDual(yBar, out.h + k, out.a + k)
          continue
        }
        let l = left.block(block, row.left)
        if let leftResult {
          let g = leftResult.block(block, row.left)
          kernel.joinHermitian(
            y, mixed.h + k, mixed.a + k, unit: V(repeating: weights.unit.pointer[r]))
          if row.isImaginary { kernel.multiplyByI(y) }
          if row.isAdjoint {
            kernel.addMultiplyAdjoint(g, y, z)
          } else {
            kernel.addMultiplyAdjoint(g, z, y)
          }
        }
        if row.isAdjoint {
          kernel.multiply(yBar, l, z)
        } else {
          kernel.adjointMultiply(yBar, l, z)
        }
        if row.isImaginary { kernel.multiplyByMinusI(yBar) }
        kernel.splitHermitianDual(yBar, out.h + k, out.a + k)
      }
    }
    let lanes = V.scalarCount
    let padded = (end &- start &+ lanes &- 1) / lanes &* lanes
    for k in ((end &- start) &* c)..<(padded &* c) {
      out.h[k] = V.zero
      out.a[k] = V.zero
    }
  }

  /// Adds what a panel gives to the cotangents of the right channels.
  @inline(__always)
  private func mixBack<K: MatrixKernel>(
    _ kernel: K, _ start: Int, _ end: Int, _ scratch: MixingScratch<V>
  ) where K.Vector == V {
    for part in 0..<2 {
      let source = part == 0 ? scratch.mixedCotangent.h : scratch.mixedCotangent.a
      let out = part == 0 ? scratch.rightCotangent.h : scratch.rightCotangent.a
      mixTransposed(
        kernel, source, weights.backward[part].pointer + start &* kernel.tileRows,
        stride: weights.paddedRows &* kernel.tileRows, count: end &- start, out,
        tiles: (weights.shape.rightChannels &+ kernel.tileRows &- 1) / kernel.tileRows)
    }
  }

  @inline(never)
  private func mixTransposed<K: MatrixKernel>(
    _ kernel: K, _ source: UnsafeMutablePointer<V>, _ weights: UnsafePointer<Scalar>, stride: Int,
    count: Int, _ out: UnsafeMutablePointer<V>, tiles: Int
  ) where K.Vector == V {
    for tile in 0..<tiles {
      kernel.mixTile(
        source, weights + tile &* stride, count: count,
        out + tile &* kernel.tileRows &* kernel.components, accumulating: true)
    }
  }

  /// Adds what a panel gives to the derivatives with respect to the weights.
  @inline(never)
  private func addWeightSums<K: MatrixKernel>(
    _ kernel: K, _ start: Int, _ end: Int, _ sums: MixingWeightSums<Scalar>,
    _ scratch: MixingScratch<V>
  ) where K.Vector == V {
    let (c, lanes) = (kernel.components, V.scalarCount)
    let vectors = (end &- start &+ lanes &- 1) / lanes
    let firstVector = start / lanes
    let nw = weights.shape.rightChannels
    for part in 0..<2 {
      let source = part == 0 ? scratch.mixedCotangent.h : scratch.mixedCotangent.a
      for q in 0..<vectors {
        for k in 0..<c {
          V.transpose(
            scratch.transposed + (q &* c &+ k) &* lanes, source + q &* lanes &* c + k, stride: c)
        }
      }
      if part == 0, weights.shape.isExtended {
        for q in 0..<vectors {
          let p = scratch.transposed + q &* c &* lanes
          var sum = V.zero
          for k in 0..<(kernel.n &* lanes) { sum = sum + p[k] }
          V.addWidened(sum, to: sums.unit(rowVector: firstVector &+ q))
        }
      }
      let right = part == 0 ? scratch.right.h : scratch.right.a
      var w = 0
      while w < nw {
        let width = nw &- w > 4 ? 8 : 4
        WeightGradientTile<V>.add(
          scratch.transposed, vectors == 2 ? scratch.transposed + c &* lanes : nil,
          UnsafeRawPointer(right + w &* c).assumingMemoryBound(to: Scalar.self),
          steps: c &* lanes, width: width,
          to: sums.tile(part: part, rowVector: firstVector, right: w), offset: sums.rowStride)
        w &+= width
      }
    }
  }

  /// Brings the cotangents of transported channels back to where they came from.
  @inline(never)
  private func returnTransports<K: MatrixKernel>(
    _ kernel: K, _ index: Int, _ slab: SlabParts.Slab, first: Int, block b: Int,
    _ scratch: MixingScratch<V>
  ) where K.Vector == V {
    let (c, s) = (kernel.components, kernel.stride)
    let channels = right.perSite
    let (tBar, half, t) = (scratch.matrix(0, s), scratch.matrix(1, s), scratch.matrix(2, s))
    let (m, mm) = (scratch.matrix(3, s), scratch.matrix(4, s))
    transports.terms.withUnsafeBufferPointer { terms in
      for (k, term) in terms.enumerated() {
        let offset = k &* channels &* c
        let (h, a) = (scratch.right.h + offset, scratch.right.a + offset)
        let (hBar, aBar) = (scratch.rightCotangent.h + offset, scratch.rightCotangent.a + offset)
        guard let products = term.products else {
          let g = destination(index, slab, first: first, block: b)
          for j in 0..<(rightResult == nil ? 0 : channels) {
            kernel.joinHermitianDual(tBar, hBar + j &* c, aBar + j &* c)
            let d = g + j &* s
            for k in 0..<s { d[k] = d[k] + tBar[k] }
          }
          continue
        }
        let p = products.offset(byBlocks: first).block(b, term.channel)
        let entry = term.entries[b]
        let element = elements.isEmpty ? nil : elements[k]
        kernel.clear(m)
        kernel.clear(mm)
        let target = Int(entry >> 4)
        let g = destination(index, slab, first: first, block: target)
        for j in 0..<channels {
          kernel.joinHermitianDual(tBar, hBar + j &* c, aBar + j &* c)
          if element != nil, kernel.n > 1 {
            kernel.joinHermitian(t, h + j &* c, a + j &* c, unit: V.zero)
            kernel.addMultiplyAdjoint(m, t, tBar)
            kernel.addAdjointMultiply(mm, tBar, t)
          }
          if rightResult == nil { continue }
          kernel.adjointMultiply(half, p, tBar)
          if entry & 15 == 0 {
            kernel.addMultiply(g + j &* s, half, p)
          } else {
            kernel.multiply(scratch.exchanged + j &* s, half, p)
          }
        }
        if rightResult != nil, entry & 15 != 0 {
          let moved = scratch.exchanged + channels &* s
          exchangeLanes(right, moved, scratch.exchanged, code: Int(term.backEntries[target] & 15))
          for k in 0..<(channels &* s) { g[k] = g[k] + moved[k] }
        }
        if let element {
          for k in 0..<s { m[k] = mm[k] - m[k] }
          kernel.projectAlgebra(m, m)
          kernel.compressAlgebra(element.block(first &+ b, 0), m)
        }
      }
    }
  }

  /// Where the cotangents of the right channels of a block are added.
  @inline(__always)
  private func destination(
    _ index: Int, _ slab: SlabParts.Slab, first: Int, block: Int
  ) -> UnsafeMutablePointer<V> {
    guard let rightResult else { return right.base }
    let slice = block / parts.sliceBlocks
    guard !slab.slices.contains(slice), let place = parts.haloPlace(slice, of: slab) else {
      return rightResult.block(first &+ block, 0)
    }
    return halos[index].block((place &- slice) &* parts.sliceBlocks &+ block, 0)
  }
}
