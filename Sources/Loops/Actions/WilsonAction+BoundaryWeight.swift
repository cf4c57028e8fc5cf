import Compute
import Lattice

extension WilsonAction {
  /// Whether plaquettes of one plane have different weights on a lattice with this boundary.
  ///
  /// In two dimensions every plaquette lies along every open direction, so none has one.
  package func hasBoundaryWeights(_ boundary: Boundary) -> Bool {
    boundaryWeight != 1 && boundary.anyOpen && dimension > 2
  }

  /// S of every batch member where weights differ from site to site.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func weightedValues<Scalar: LatticeReal>(_ field: LinkField<Scalar>) -> [Double] {
    let weights = PlaneWeights<Scalar.Lanes>(
      action: self, layout: field.layout, boundary: field.boundary,
      scale: 1 / Double(field.group.n))
    let sums = withMatrixKernel(
      n: field.group.n,
      WeightedPlaquettes(links: field.view, weights: weights, layout: field.layout))
    // sum_p beta_p w_p over the plaquettes that exist
    let total = sumOfWeights(field.geometry, field.boundary)
    return sums.map { total - $0[0] }
  }

  /// The sum of coupling times weight over the plaquettes that exist: what S is where every
  /// plaquette has trace zero.
  package func sumOfWeights(_ geometry: Geometry, _ boundary: Boundary) -> Double {
    var total = 0.0
    for (coupling, plane) in zip(couplings, geometry.planes) {
      var places = 1.0
      for (rho, extent) in geometry.extents.enumerated() {
        let isAlong = rho == plane.mu || rho == plane.nu
        let extent = Double(extent)
        places *=
          !boundary.isOpen[rho] ? extent : isAlong ? extent - 1 : extent - 2 + 2 * boundaryWeight
      }
      total += coupling * places
    }
    return total
  }
}

/// The sum over sites and planes of weight times Re tr P.
private struct WeightedPlaquettes<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let weights: PlaneWeights<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    let s = links.stride
    return reduceBlocks(layout, quantities: 1, grain: 128, scratch: 4 * s, of: V.self) {
      group, blocks, sums, scratch in
      let view = links.offset(byBlocks: group * layout.siteBlocks)
      Self.accumulate(kernel, view, blocks, weights, sums, scratch)
    }
  }

  @inline(never)
  static func accumulate<K: MatrixKernel>(
    _ kernel: K, _ view: BlockView<V>, _ blocks: Range<Int>, _ weights: PlaneWeights<V>,
    _ sums: UnsafeMutablePointer<LaneSum<V>>, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let s = view.stride
    let d = view.layout.dimension
    let up = view.layout.up
    let (e, f) = (scratch + 2 * s, scratch + 3 * s)
    for b in blocks {
      var weight = weights.row(b)
      for mu in 0..<d {
        for nu in (mu + 1)..<max(d, mu + 1) {
          let right = view.fetch(up[b * d + mu], nu, scratch: scratch)
          let top = view.fetch(up[b * d + nu], mu, scratch: scratch + s)
          kernel.multiplyAdjoint(e, right, top)
          kernel.adjointMultiply(f, view.block(b, nu), view.block(b, mu))
          sums[0].add(kernel.realTraceOfProduct(e, f) * weight[0])
          weight += 1
        }
      }
    }
  }
}
