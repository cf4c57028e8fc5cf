import Compute
import Lattice

extension LinkField {
  /// g(x) = exp(-alpha i D(x)).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func descent(_ divergence: ScalarField<Scalar>, alpha: Double) -> SiteField<Scalar> {
    var g = SiteField<Scalar>(layout: layout, group: group)
    withMatrixKernel(
      n: group.n,
      DescentKernel(
        divergence: divergence.view, result: g.mutableView, layout: layout,
        factor: Scalar(-alpha)))
    withExtendedLifetime(divergence) {}
    return g
  }

  /// The overrelaxed best transformation of the sites of one colour, the unit at others.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func bestTransformation(
    _ condition: GaugeCondition, colour: Int, omega: Double
  ) -> SiteField<Scalar> {
    var g = SiteField<Scalar>(layout: layout, group: group)
    withMatrixKernel(
      n: group.n,
      RelaxationKernel(
        links: view, result: g.mutableView, layout: layout,
        directions: condition.directions(dimension: dimension), colour: colour,
        omega: Scalar(omega)))
    withExtendedLifetime(self) {}
    return g
  }
}

private struct DescentKernel<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let divergence: BlockView<V>
  let result: BlockView<V>
  let layout: Layout
  let factor: V.Scalar

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = result.stride
    forEachBlockRange(layout, work: 4 * s, scratch: 8 * s, of: V.self) { group, blocks, scratch in
      let first = group * layout.siteBlocks
      for b in blocks {
        // The result is the unit before.
        kernel.multiplyByExponential(
          result.block(first + b, 0), of: divergence.block(first + b, 0),
          times: V(repeating: factor), scratch: scratch)
      }
    }
  }
}

private struct RelaxationKernel<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let result: BlockView<V>
  let layout: Layout
  let directions: Range<Int>
  let colour: Int
  let omega: V.Scalar

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let blocks = layout.blocks(ofColour: colour)
    let s = links.stride
    parallelFor(blocks.count * layout.outerBatch, grain: max(4, 65536 / (s * layout.dimension))) {
      range in
      withVectorScratch(of: V.self, count: 4 * s) { scratch in
        for index in range {
          let coloured = blocks[index % blocks.count]
          let first = index / blocks.count * layout.siteBlocks
          relax(kernel, first, Int(coloured.block), coloured.bits, scratch)
        }
      }
    }
  }

  @inline(never)
  private func relax<K: MatrixKernel>(
    _ kernel: K, _ first: Int, _ b: Int, _ bits: UInt32, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let (n, s) = (kernel.n, links.stride)
    let u = links.offset(byBlocks: first)
    let (w, fetched, adjoint, g) = (scratch, scratch + s, scratch + 2 &* s, scratch + 3 &* s)
    // Re tr(g w) is what depends on g(x).
    kernel.clear(w)
    for mu in directions {
      kernel.addScaled(w, u.block(b, mu), V(repeating: 1))
      let below = u.fetch(u.layout.down[b &* layout.dimension &+ mu], mu, scratch: fetched)
      kernel.adjoint(adjoint, below)
      kernel.addScaled(w, adjoint, V(repeating: 1))
    }
    kernel.setIdentity(g)
    let one = V(repeating: 1)
    let excess = V(repeating: omega)
    if n == 1 {
      let z = ComplexLanes(w, 0).awayFromZero
      let inverse = one / V.squareRoot(multiplyAdd(z.re, z.re, z.im * z.im))
      let (re, im) = (
        multiplyAdd(excess, z.re * inverse, one - excess), -(excess * z.im * inverse)
      )
      let norm = one / V.squareRoot(multiplyAdd(re, re, im * im))
      ComplexLanes(re * norm, im * norm).store(g, 0)
    } else {
      for i in 0..<(n &- 1) {
        for j in (i &+ 1)..<n {
          let a = QuaternionLanes(w, n: n, i, j)
          let v = a.scaled(by: excess / a.norm)
          let overshot = QuaternionLanes(v.a0 + one - excess, -v.a1, -v.a2, -v.a3)
          let h = overshot.scaled(by: one / overshot.norm)
          h.rotateRows(g, n: n, i, j)
          h.rotateRows(w, n: n, i, j)
        }
      }
    }
    kernel.merge(result.block(first &+ b, 0), g, where: V.mask(bits: bits))
  }
}
