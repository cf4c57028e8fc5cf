import Compute
import Lattice

extension RectangleAction {
  /// momenta += factor F, F_mu(x) = TA(U_mu(x) S_mu(x)) / N with the rectangle staples of every plane
  /// times its coupling.
  ///
  /// With lines L(x) = U_mu(x) U_mu(x+mu) a rectangle is a plaquette of L and U_nu, so it costs what a
  /// plaquette does in the Wilson force. The force of a line is summed over nu first; its two links
  /// get it as it is and transported: F_mu(x) += F_L(x), F_mu(x+mu) += U_mu(x)^dagger F_L(x) U_mu(x).
  /// In all 21 products a site and direction in four dimensions. Lines of one direction at a time
  /// take the memory of a third of a link field.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addForce<Scalar: LatticeReal>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    let layout = field.layout
    let group = field.group
    var lines = SiteField<Scalar>(uninitialized: layout, group: group, channels: 1)
    let lineForces = AlignedBuffer<Scalar.Lanes>(
      uninitialized: layout.blockCount * group.algebraDimension)
    let forceView = BlockView(
      lineForces.pointer, perSite: 1, stride: group.algebraDimension, layout: layout.view)
    let (linesView, momentaView) = (lines.mutableView, momenta.mutableView)
    for mu in 0..<dimension {
      withMatrixKernel(
        n: group.n,
        RectangleForce(
          links: field.view, lines: linesView, lineForces: forceView, momenta: momentaView,
          mu: mu,
          weights: (0..<dimension).map { nu in
            let weight = mu == nu ? 0 : factor * coupling(mu, nu) / Double(group.n)
            return Scalar.Lanes(repeating: Scalar(weight))
          }, layout: layout))
    }
  }
}

/// The rectangles with two links in mu.
private struct RectangleForce<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let lines: BlockView<V>
  let lineForces: BlockView<V>
  let momenta: BlockView<V>
  let mu: Int
  let weights: [V]
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    DoubleLines(links: links, lines: lines, mu: mu, layout: layout).build(kernel)
    let (s, a) = (links.stride, lineForces.stride)
    let d = layout.dimension
    forEachBlockRange(layout, work: a, scratch: 0, of: V.self) { group, blocks, _ in
      let start = lineForces.block(group * layout.siteBlocks + blocks.lowerBound, 0)
      start.update(repeating: .zero, count: blocks.count * a)
    }
    forEachSlab(layout, reach: 2, work: 10 * s * d, scratch: 5 * s + 4 * a + d, of: V.self) {
      group, blocks, scratch in
      for nu in 0..<d { scratch[5 * s + 4 * a + nu] = weights[nu] }
      Self.scatter(
        kernel, offset(byBlocks: group * layout.siteBlocks), mu, blocks, scratch)
    }
    forEachBlockRange(layout, work: 4 * s, scratch: 3 * s + 2 * a, of: V.self) {
      group, blocks, scratch in
      Self.distribute(
        kernel, offset(byBlocks: group * layout.siteBlocks), mu, blocks, scratch)
    }
  }

  typealias Views = (
    links: BlockView<V>, lines: BlockView<V>, lineForces: BlockView<V>, momenta: BlockView<V>
  )

  func offset(byBlocks first: Int) -> Views {
    (
      links.offset(byBlocks: first), lines.offset(byBlocks: first),
      lineForces.offset(byBlocks: first), momenta.offset(byBlocks: first)
    )
  }

  /// R = L(x) U_nu(x+2mu) L(x+nu)^dagger U_nu(x)^dagger: with c = U_nu(x+2mu) L(x+nu)^dagger and
  /// e = U_nu(x)^dagger L(x) it is L(x) [c U_nu(x)^dagger] at x, e c at x+nu and c e at x+2mu.
  @inline(never)
  static func scatter<K: MatrixKernel>(
    _ kernel: K, _ views: Views, _ mu: Int, _ blocks: Range<Int>,
    _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let (u, l, f, p) = views
    let (s, a) = (u.stride, f.stride)
    let tables = u.layout
    let d = tables.dimension
    let (c, e, t) = (scratch + 2 * s, scratch + 3 * s, scratch + 4 * s)
    let (element, exchanged, sum) = (scratch + 5 * s, scratch + 5 * s + a, scratch + 5 * s + 2 * a)
    let weights = scratch + 5 * s + 4 * a
    for b in blocks {
      let ahead = tables.up(tables.up[b * d + mu], mu)
      let backFromAhead = tables.down(tables.down(ahead & ~15, mu), mu)
      let line = l.block(b, 0)
      for k in 0..<a { sum[k] = V.zero }
      for nu in 0..<d where nu != mu {
        let above = tables.up[b * d + nu]
        let backFromAbove = tables.down(above & ~15, nu)
        let (plus, minus) = (weights[nu], -weights[nu])
        let left = u.block(b, nu)
        let right = u.fetch(ahead, nu, scratch: scratch)
        let top = l.fetch(above, 0, scratch: scratch + s)
        kernel.multiplyAdjoint(c, right, top)
        kernel.adjointMultiply(e, left, line)
        kernel.multiplyAdjoint(t, c, left)
        kernel.setProjectedProduct(element, line, t)
        let here = p.block(b, nu)
        for k in 0..<a {
          sum[k] = multiplyAdd(element[k], plus, sum[k])
          here[k] = multiplyAdd(element[k], minus, here[k])
        }
        kernel.setProjectedProduct(element, e, c)
        f.add(element, times: minus, to: above, 0, back: backFromAbove, scratch: exchanged)
        kernel.setProjectedProduct(element, c, e)
        p.add(element, times: plus, to: ahead, nu, back: backFromAhead, scratch: exchanged)
      }
      let here = f.block(b, 0)
      for k in 0..<a { here[k] = here[k] + sum[k] }
    }
  }

  /// F_mu(x) += F_L(x) + U_mu(x-mu)^dagger F_L(x-mu) U_mu(x-mu).
  @inline(never)
  static func distribute<K: MatrixKernel>(
    _ kernel: K, _ views: Views, _ mu: Int, _ blocks: Range<Int>,
    _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let (u, _, f, p) = views
    let (s, a) = (u.stride, f.stride)
    let tables = u.layout
    let (x, xu) = (scratch + s, scratch + 2 * s)
    let (behind, element) = (scratch + 3 * s, scratch + 3 * s + a)
    for b in blocks {
      let below = tables.down[b * tables.dimension + mu]
      let link = u.fetch(below, mu, scratch: scratch)
      kernel.expandAlgebra(x, f.fetch(below, 0, scratch: behind))
      kernel.multiply(xu, x, link)
      kernel.antihermitianAdjointProduct(element, link, xu)
      let (here, destination) = (f.block(b, 0), p.block(b, mu))
      for k in 0..<a { destination[k] = destination[k] + (here[k] + element[k]) }
    }
  }
}
