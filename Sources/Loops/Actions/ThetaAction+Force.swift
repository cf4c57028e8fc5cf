import Compute
import Lattice

extension ThetaAction {
  /// momenta += factor F: for every link the plaquettes through it with the field strength of the
  /// orthogonal plane inserted at each corner; in two dimensions nothing but at open boundaries.
  ///
  /// With A_q = 4 i F_q and p the plane orthogonal to q,
  /// F_mu(x) = theta_I / (64 pi^2) sum_p sign_p TA(U_mu(x) S_p(x)), where S_p is the upper staple less the
  /// lower one of the plane, each the sum of four with A_q at one corner of the plaquette. One plane at
  /// a time takes the memory of one matrix a site.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addForce<Scalar: LatticeReal>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    requireValid(field)
    let layout = field.layout
    if dimension == 2 {
      if field.boundary.anyOpen {
        addBoundaryForce(
          momenta.mutableView, layout, field.boundary,
          Scalar.Lanes(repeating: Scalar(factor * theta / (2 * Double.pi))))
      }
      return
    }
    let interior = BoundarySlices(layout).interior(field.boundary)
    var insertion = SiteField<Scalar>(uninitialized: layout, group: field.group, channels: 1)
    let (insertionView, momentaView) = (insertion.mutableView, momenta.mutableView)
    let planes = field.geometry.planes
    let scale = factor * theta / (64 * Double.pi * Double.pi)
    for (index, plane) in planes.enumerated() {
      // In lexicographic order the orthogonal plane of the k-th is the k-th from the end.
      let orthogonal = planes[planes.count - 1 - index]
      let sign: Double = index == 1 || index == 4 ? -1 : 1
      withMatrixKernel(
        n: field.group.n,
        CloverForce(
          links: field.view, insertion: insertionView, momenta: momentaView, plane: plane,
          orthogonal: orthogonal, factor: Scalar.Lanes(repeating: Scalar(sign * scale)),
          layout: layout, interior: interior))
    }
  }
}

/// momenta += i factor dQ' / dphi for links exp(i phi) of U(1) in two dimensions, Q' = sum arg P_01 over
/// the plaquettes that exist: those on both sides of a link cancel.
private func addBoundaryForce<V: LaneVector>(
  _ momenta: BlockView<V>, _ layout: Layout, _ boundary: Boundary, _ factor: V
) {
  let slices = BoundarySlices(layout)
  let exists = AlignedBuffer<V>(uninitialized: layout.siteBlocks)
  for b in 0..<layout.siteBlocks {
    var last: UInt32 = 0
    for mu in 0..<2 where boundary.isOpen[mu] { last |= slices.last(b, mu) }
    exists.pointer[b] = V.select(V.mask(bits: last), .zero, factor)
  }
  let plaquettes = BlockView(exists.pointer, perSite: 1, stride: 1, layout: layout.view)
  forEachBlockRange(layout, work: 8, scratch: 1, of: V.self) { group, blocks, scratch in
    let p = momenta.offset(byBlocks: group * layout.siteBlocks)
    for b in blocks {
      let here = exists.pointer[b]
      let below = plaquettes.fetch(p.layout.down[2 * b + 1], 0, scratch: scratch)[0]
      p.block(b, 0)[0] = p.block(b, 0)[0] + (here - below)
      let behind = plaquettes.fetch(p.layout.down[2 * b], 0, scratch: scratch)[0]
      p.block(b, 1)[0] = p.block(b, 1)[0] + (behind - here)
    }
  }
}

/// What the charge density's dependence on the field strength of one plane gives to the links.
private struct CloverForce<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let insertion: BlockView<V>
  let momenta: BlockView<V>
  let plane: (mu: Int, nu: Int)
  let orthogonal: (mu: Int, nu: Int)
  let factor: V
  let layout: Layout
  /// The lanes of every block whose sites count in the charge; nil for all.
  let interior: [UInt32]?

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: 20 * s, scratch: 5 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, h) = (links.offset(byBlocks: first), insertion.offset(byBlocks: first))
      for b in blocks {
        let sum = h.block(b, 0)
        cloverLeaves(kernel, u, sum, block: b, orthogonal.mu, orthogonal.nu, scratch: scratch)
        kernel.projectAlgebra(sum, sum)
        guard let interior else { continue }
        let mask = V.mask(bits: interior[b])
        for k in 0..<s { sum[k] = V.select(mask, sum[k], .zero) }
      }
    }
    forEachBlockRange(layout, work: 60 * s, scratch: 11 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let views = (
        links.offset(byBlocks: first), insertion.offset(byBlocks: first),
        momenta.offset(byBlocks: first)
      )
      for (mu, nu) in [plane, (plane.nu, plane.mu)] {
        // Leaves are walked from the first direction of the plane to the second.
        let signed = mu < nu ? factor : -factor
        Self.addForce(kernel, views, mu, nu, times: signed, blocks, scratch)
      }
    }
  }

  @inline(never)
  static func addForce<K: MatrixKernel>(
    _ kernel: K, _ views: (links: BlockView<V>, insertion: BlockView<V>, momenta: BlockView<V>),
    _ mu: Int, _ nu: Int, times factor: V, _ blocks: Range<Int>,
    _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let (u, h, p) = views
    let s = u.stride
    let tables = u.layout
    let (e, t) = (scratch + 6 * s, scratch + 7 * s)
    let (upper, lower) = (scratch + 8 * s, scratch + 9 * s)
    for b in blocks {
      let entry = UInt32(truncatingIfNeeded: b << 4)
      let ahead = tables.up(entry, mu)
      let here = h.block(b, 0)
      let next = h.fetch(ahead, 0, scratch: scratch)
      do {
        let above = tables.up(entry, nu)
        let a = u.fetch(ahead, nu, scratch: scratch + s)
        let c = u.block(b, nu)
        let top = u.fetch(above, mu, scratch: scratch + 2 * s)
        let corner = h.fetch(tables.up(ahead, nu), 0, scratch: scratch + 3 * s)
        let left = h.fetch(above, 0, scratch: scratch + 4 * s)
        // (H a + a H) top^dagger c^dagger + a top^dagger (H c^dagger + c^dagger H)
        kernel.multiply(e, next, a)
        kernel.addMultiply(e, a, corner)
        kernel.multiplyAdjoint(t, e, top)
        kernel.multiplyAdjoint(upper, t, c)
        kernel.multiplyAdjoint(e, left, c)
        kernel.addAdjointMultiply(e, c, here)
        kernel.multiplyAdjoint(t, a, top)
        kernel.addMultiply(upper, t, e)
      }
      do {
        let below = tables.down(entry, nu)
        let belowAhead = tables.up(below, mu)
        let a = u.fetch(belowAhead, nu, scratch: scratch + s)
        let c = u.fetch(below, nu, scratch: scratch + 5 * s)
        let bottom = u.fetch(below, mu, scratch: scratch + 2 * s)
        let corner = h.fetch(belowAhead, 0, scratch: scratch + 3 * s)
        let left = h.fetch(below, 0, scratch: scratch + 4 * s)
        // Minus the adjoint of the lower staple, since H^dagger = -H:
        // c^dagger bottom (a H + H a) + (c^dagger H + H c^dagger) bottom a
        kernel.multiply(e, a, next)
        kernel.addMultiply(e, corner, a)
        kernel.multiply(t, bottom, e)
        kernel.adjointMultiply(lower, c, t)
        kernel.adjointMultiply(e, c, left)
        kernel.addMultiplyAdjoint(e, here, c)
        kernel.multiply(t, bottom, a)
        kernel.addMultiply(lower, e, t)
      }
      kernel.adjoint(t, lower)
      for k in 0..<s { t[k] = t[k] + upper[k] }
      let element = scratch + 10 * s
      kernel.setProjectedProduct(element, u.block(b, mu), t)
      let destination = p.block(b, mu)
      for k in 0..<p.stride { destination[k] = multiplyAdd(element[k], factor, destination[k]) }
    }
  }
}
