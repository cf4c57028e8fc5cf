import Compute
import Lattice

extension WilsonAction {
  /// momenta += factor F, F_mu(x) = TA(U_mu(x) S_mu(x)) / N with the staples of every plane times its
  /// coupling.
  ///
  /// Six products a plaquette, three of which form only their projection, give its force on all four
  /// links. Results do not depend on the number of threads.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addForce<Scalar: LatticeReal>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    precondition(
      momenta.group == field.group && momenta.layout === field.layout,
      "momenta need the lattice, group and batch of the links")
    let layout = field.layout
    // Half, for the projections come with a factor two.
    let weights = PlaneWeights<Scalar.Lanes>(
      action: self, layout: layout, boundary: field.boundary,
      scale: 0.5 * factor / Double(field.group.n))
    withMatrixKernel(
      n: field.group.n,
      PlaquetteForce(
        links: field.view, momenta: momenta.mutableView, layout: layout, weights: weights))
  }
}

private struct PlaquetteForce<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let momenta: BlockView<V>
  let layout: Layout
  let weights: PlaneWeights<V>

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let prefetches = links.wantsPrefetch(siteBlocks: layout.siteBlocks)
    let scratchCount = 5 * links.stride + 2 * momenta.stride
    let work = 5 * links.stride * layout.dimension * layout.dimension
    forEachSlab(layout, reach: 1, work: work, scratch: scratchCount, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, p) = (links.offset(byBlocks: first), momenta.offset(byBlocks: first))
      if prefetches {
        Self.accumulate(kernel, u, p, blocks, weights, scratch, prefetching: true)
      } else {
        Self.accumulate(kernel, u, p, blocks, weights, scratch, prefetching: false)
      }
    }
  }

  /// With e = U_nu(x+mu) U_mu(x+nu)^dagger and f = U_nu(x)^dagger U_mu(x) the plaquette P_mu_nu has
  /// the force TA(e f) on U_nu(x+mu), -TA(f e) on U_mu(x+nu), TA(P) on U_mu(x), -TA(P) on U_nu(x).
  @inline(__always)
  static func accumulate<K: MatrixKernel>(
    _ kernel: K, _ u: BlockView<V>, _ p: BlockView<V>, _ blocks: Range<Int>,
    _ weights: PlaneWeights<V>, _ scratch: UnsafeMutablePointer<V>, prefetching: Bool
  ) where K.Vector == V {
    let s = u.stride
    let d = u.layout.dimension
    let (e, f, w) = (scratch + 2 &* s, scratch + 3 &* s, scratch + 4 &* s)
    let element = scratch + 5 &* s
    let up = u.layout.up
    for b in blocks {
      let row = weights.row(b)
      let next = b &+ 1 < blocks.upperBound ? b &+ 1 : b
      for mu in 1..<d {
        for nu in 0..<mu {
          let plane = Geometry.planeIndex(nu, mu, dimension: d)
          let weight = row[plane]
          let minus = -weight
          let (aboveMu, aboveNu) = (up[b &* d &+ mu], up[b &* d &+ nu])
          let right = u.fetch(aboveMu, nu, scratch: scratch)
          let top = u.fetch(aboveNu, mu, scratch: scratch + s)
          if prefetching {
            let (x, y) = (up[next &* d &+ mu], up[next &* d &+ nu])
            u.prefetch(x, nu)
            u.prefetch(y, mu)
            p.prefetch(x, nu)
            p.prefetch(y, mu)
          }
          let (here, there) = (u.block(b, mu), u.block(b, nu))
          kernel.multiplyAdjoint(e, right, top)
          kernel.adjointMultiply(f, there, here)
          scatter(p, aboveMu, mu, nu, element) {
            kernel.addProjectedProduct($0, e, f, times: weight)
          }
          scatter(p, aboveNu, nu, mu, element) {
            kernel.addProjectedProduct($0, f, e, times: minus)
          }
          kernel.multiply(w, here, e)
          // One projection for two links.
          for k in 0..<p.stride { element[k] = V.zero }
          kernel.addProjectedProductAdjoint(element, w, there, times: weight)
          let (a, c) = (p.block(b, mu), p.block(b, nu))
          for k in 0..<p.stride {
            a[k] = a[k] + element[k]
            c[k] = c[k] - element[k]
          }
        }
      }
    }
  }

  /// Lets `add` add to the element of link `mu` at the neighbour in direction `direction`, in place or
  /// through scratch with the lanes sent back.
  @inline(__always)
  static func scatter(
    _ p: BlockView<V>, _ entry: UInt32, _ direction: Int, _ mu: Int,
    _ scratch: UnsafeMutablePointer<V>, _ add: (UnsafeMutablePointer<V>) -> Void
  ) {
    let destination = p.block(Int(entry >> 4), mu)
    if _fastPath(entry & 15 == 0) { return add(destination) }
    for k in 0..<p.stride { scratch[k] = V.zero }
    add(scratch)
    // The way down from the neighbour leads back here.
    let back = p.layout.down[Int(entry >> 4) &* p.layout.dimension &+ direction] & 15
    let returned = scratch + p.stride
    p.permute(returned, scratch, code: Int(back))
    for k in 0..<p.stride { destination[k] = destination[k] + returned[k] }
  }
}
