import Compute
import Lattice

/// The rectangle action S = sum_{x, mu<nu} beta_mu_nu [ (1 - Re tr R_mu_nu(x) / N)
///   + (1 - Re tr R_nu_mu(x) / N) ] with both orientations of the 2 x 1 loop of every plane,
/// R_mu_nu(x) = U_mu(x) U_mu(x+mu) U_nu(x+2mu) U_mu(x+mu+nu)^dagger U_mu(x+nu)^dagger U_nu(x)^dagger.
/// With open boundaries the sum runs over the rectangles that exist.
///
/// M. Luescher and P. Weisz, Commun. Math. Phys. 97 (1985) 59; a part of improved actions, see
/// `ImprovedAction`.
public struct RectangleAction: Action, Hashable {
  /// The coupling of every plane mu < nu in lexicographic order.
  public let couplings: [Double]
  /// Number of directions.
  public let dimension: Int

  /// The same coupling for every plane.
  ///
  /// - Throws: `ActionError.coupling` if beta is not finite.
  public init(beta: Double, dimension: Int) throws(ActionError) {
    try self.init(
      couplings: Array(repeating: beta, count: dimension * (dimension - 1) / 2),
      dimension: dimension)
  }

  /// A coupling for every plane mu < nu in lexicographic order.
  ///
  /// - Throws: `ActionError` if one is not finite or their number is not d (d - 1) / 2.
  public init(couplings: [Double], dimension: Int) throws(ActionError) {
    try ActionError.requirePlaneCouplings(couplings, dimension: dimension)
    self.couplings = couplings
    self.dimension = dimension
  }

  /// The coupling of the plane of two directions.
  public func coupling(_ mu: Int, _ nu: Int) -> Double {
    couplings[Geometry.planeIndex(mu, nu, dimension: dimension)]
  }

  public var name: String { "rectangle" }

  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    guard geometry.dimension == dimension else {
      throw .dimension(action: name, expected: dimension, found: geometry.dimension)
    }
  }

  public func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    let n = Double(field.group.n)
    var values = [Double](repeating: 0, count: field.batch)
    for mu in 0..<dimension {
      let traces = field.rectangleTracesOfMembers(mu)
      for nu in 0..<dimension where nu != mu {
        let spans = (0..<dimension).map { $0 == mu ? 2 : $0 == nu ? 1 : 0 }
        let count = Double(field.boundary.placements(spans: spans, in: field.geometry))
        for member in 0..<field.batch {
          values[member] += coupling(mu, nu) * (count - traces[member][nu] / n)
        }
      }
    }
    return values
  }
}

extension LinkField {
  /// sum_x Re tr of the loops of two links in mu and one in nu, of every member and nu; 0 for mu.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func rectangleTracesOfMembers(_ mu: Int) -> [[Double]] {
    var lines = SiteField<Scalar>(uninitialized: layout, group: group, channels: 1)
    return withMatrixKernel(
      n: group.n,
      RectangleTraces(links: view, lines: lines.mutableView, mu: mu, layout: layout))
  }
}

/// The lines L(x) = U_mu(x) U_mu(x+mu): a loop of 2 x 1 is a plaquette of lines and links.
struct DoubleLines<V: LaneVector>: Sendable {
  let links: BlockView<V>
  let lines: BlockView<V>
  let mu: Int
  let layout: Layout

  func build<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: 4 * s, scratch: s, of: V.self) { group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, l) = (links.offset(byBlocks: first), lines.offset(byBlocks: first))
      let up = u.layout.up
      for b in blocks {
        let next = u.fetch(up[b * layout.dimension + mu], mu, scratch: scratch)
        kernel.multiply(l.block(b, 0), u.block(b, mu), next)
      }
    }
  }
}

private struct RectangleTraces<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let lines: BlockView<V>
  let mu: Int
  let layout: Layout

  /// Re tr [U_nu(x)^dagger L(x)] [U_nu(x+2mu) L(x+nu)^dagger].
  func run<K: MatrixKernel>(_ kernel: K) -> [[Double]] where K.Vector == V {
    DoubleLines(links: links, lines: lines, mu: mu, layout: layout).build(kernel)
    let s = links.stride
    let d = layout.dimension
    return reduceBlocks(
      layout, quantities: d, grain: max(4, 8192 / (s * d)), scratch: 4 * s, of: V.self
    ) { group, blocks, sums, scratch in
      let first = group * layout.siteBlocks
      let (u, l) = (links.offset(byBlocks: first), lines.offset(byBlocks: first))
      let tables = u.layout
      let (e, f) = (scratch + 2 * s, scratch + 3 * s)
      for b in blocks {
        let ahead = tables.up(tables.up[b * d + mu], mu)
        for nu in 0..<d where nu != mu {
          let right = u.fetch(ahead, nu, scratch: scratch)
          let top = l.fetch(tables.up[b * d + nu], 0, scratch: scratch + s)
          kernel.multiplyAdjoint(e, right, top)
          kernel.adjointMultiply(f, u.block(b, nu), l.block(b, 0))
          sums[nu].add(kernel.realTraceOfProduct(e, f))
        }
      }
    }
  }
}
