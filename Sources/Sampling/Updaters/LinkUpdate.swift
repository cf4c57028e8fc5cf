import CKernels
import Compute
import Lattice
import Loops

/// What a local updater does with a link whose product with its staples, w = U S, is known.
@usableFromInline
protocol LocalRule: Sendable {
  associatedtype V: LaneVector
  /// Replaces `u`; `w` may be used up.
  func apply<K: MatrixKernel>(
    _ kernel: K, _ u: UnsafeMutablePointer<V>, _ w: UnsafeMutablePointer<V>, block: Int, group: Int,
    mu: Int
  ) where K.Vector == V
}

/// One pass over all links: colour by colour, direction by direction, every link of a colour and
/// direction at once, since their staples do not contain each other. Links that do not exist are
/// left out.
@usableFromInline
struct LocalSweep<Rule: LocalRule>: BlockOperation, Sendable {
  @usableFromInline typealias Vector = Rule.V
  let view: BlockView<Rule.V>
  let layout: Layout
  let boundary: Boundary
  let action: WilsonAction
  let rule: Rule

  @usableFromInline
  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == Rule.V {
    let d = layout.dimension
    // A coupling that all planes share is left to the rule; others weigh the staples.
    let isShared = action.hasCommonStrength(boundary)
    // Weights that differ from site to site are looked up for every block.
    let planeWeights =
      action.hasBoundaryWeights(boundary)
      ? PlaneWeights<Rule.V>(action: action, layout: layout, boundary: boundary, scale: 1) : nil
    let slices = boundary.anyOpen ? BoundarySlices(layout) : nil
    for colour in 0..<layout.colourCount {
      let coloured = layout.blocks(ofColour: colour)
      for mu in 0..<d {
        var blocks = coloured
        if let slices, boundary.isOpen[mu] {
          blocks = existing(coloured) { slices.last($0, mu) }
        }
        var weights = [Rule.V](repeating: Rule.V(repeating: 1), count: d)
        for nu in 0..<d where nu != mu {
          weights[nu] = Rule.V(repeating: Rule.V.Scalar(action.coupling(mu, nu)))
        }
        withExtendedLifetime(planeWeights) {
          updateLinks(kernel, blocks, mu, isShared ? nil : weights, planeWeights?.pointer)
        }
      }
    }
  }

  /// The blocks without the lanes whose links are missing.
  private func existing(
    _ blocks: [Layout.ColouredBlock], missing: (Int) -> UInt32
  ) -> [Layout.ColouredBlock] {
    blocks.compactMap { entry in
      let bits = entry.bits & ~missing(Int(entry.block))
      return bits & layout.activeLaneBits == 0
        ? nil : Layout.ColouredBlock(block: entry.block, bits: bits)
    }
  }

  @inline(__always)
  func updateLinks<K: MatrixKernel>(
    _ kernel: K, _ blocks: [Layout.ColouredBlock], _ mu: Int, _ weights: [Rule.V]?,
    _ planeWeights: UnsafePointer<Rule.V>?
  ) where K.Vector == Rule.V {
    let s = view.stride
    let prefetches = view.wantsPrefetch(siteBlocks: layout.siteBlocks)
    let perGroup = blocks.count
    let grain = max(8, 4096 / (s * layout.dimension))
    blocks.withUnsafeBufferPointer { blocks in
      nonisolated(unsafe) let blocks = blocks
      nonisolated(unsafe) let planeWeights = planeWeights
      parallelFor(perGroup * layout.outerBatch, grain: grain) { range in
        let count = (7 * s + layout.dimension)
        withVectorScratch(of: Rule.V.self, count: count) { scratch in
          var weightPointer: UnsafeMutablePointer<Rule.V>?
          if let weights {
            let p = scratch + 7 * s
            for nu in 0..<layout.dimension { p[nu] = weights[nu] }
            weightPointer = p
          }
          var index = range.lowerBound
          while index < range.upperBound {
            let group = index / perGroup
            let end = min(range.upperBound, (group + 1) * perGroup)
            updateBlocks(
              kernel, blocks, (index - group * perGroup)..<(end - group * perGroup), group: group,
              mu, weights: weightPointer, planeWeights: planeWeights, prefetches: prefetches,
              scratch: scratch)
            index = end
          }
        }
      }
    }
  }

  @inline(never)
  func updateBlocks<K: MatrixKernel>(
    _ kernel: K, _ blocks: UnsafeBufferPointer<Layout.ColouredBlock>, _ range: Range<Int>,
    group: Int, _ mu: Int, weights: UnsafeMutablePointer<Rule.V>?,
    planeWeights: UnsafePointer<Rule.V>?, prefetches: Bool, scratch: UnsafeMutablePointer<Rule.V>
  ) where K.Vector == Rule.V {
    let s = view.stride
    let (staple, w, candidate) = (scratch + 4 * s, scratch + 5 * s, scratch + 6 * s)
    let view = self.view.offset(byBlocks: group * layout.siteBlocks)
    for i in range {
      let entry = blocks[i]
      let b = Int(entry.block)
      let next = prefetches && i + 1 < range.upperBound ? Int(blocks[i + 1].block) : nil
      if let weights, let planeWeights {
        // Both staples of a plane have the weight of that plane at x.
        let row = planeWeights + b * (layout.dimension * (layout.dimension - 1) / 2)
        for nu in 0..<layout.dimension where nu != mu {
          weights[nu] = row[Geometry.planeIndex(mu, nu, dimension: layout.dimension)]
        }
      }
      stapleSum(
        kernel, view, staple, block: b, mu, weights: weights, next: next, scratch: scratch)
      let u = view.block(b, mu)
      kernel.multiply(w, u, staple)
      if _fastPath(entry.bits == Rule.V.allLaneBits) {
        rule.apply(kernel, u, w, block: b, group: group, mu: mu)
      } else {
        kernel.copy(candidate, u)
        rule.apply(kernel, candidate, w, block: b, group: group, mu: mu)
        kernel.merge(u, candidate, where: Rule.V.mask(bits: entry.bits))
      }
    }
  }
}
