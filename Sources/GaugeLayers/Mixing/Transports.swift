import Compute
import Lattice
import Loops

/// The transports of a kernel on given links: for every term the product of links P(x) along its path
/// and where the path ends, T(x) = P(x) W(x + d) P(x)^dagger.
struct Transports<Scalar: LatticeReal>: Sendable {
  struct Term: Sendable {
    let path: LatticePath
    /// P(x), matrix `channel` of a block; nil for the site itself.
    let products: BlockView<Scalar.Lanes>?
    let channel: Int
    /// The neighbour at the path's end, and the way back to the start.
    let entries: [UInt32]
    let backEntries: [UInt32]
  }

  let terms: [Term]
  /// How many slices of direction 0 a path reaches upward and downward.
  let reach: (up: Int, down: Int)
  // What the views point into.
  private let links: LinkField<Scalar>?
  private let fields: [SiteField<Scalar>]

  /// The terms of a kernel.
  init(_ kernel: TransportKernel, links: LinkField<Scalar>) {
    var (terms, fields) = ([Term](), [SiteField<Scalar>]())
    var (up, down) = (0, 0)
    let layout = links.layout
    for path in kernel.paths(dimension: links.dimension) {
      let displacement = path.displacement
      up = max(up, displacement[0])
      down = max(down, -displacement[0])
      var products: BlockView<Scalar.Lanes>?
      var channel = 0
      if path.length == 1, path.steps[0].isForward {
        (products, channel) = (links.view, path.steps[0].direction)
      } else if path.length > 0 {
        fields.append(links.pathProduct(path))
        products = fields.last!.view
      }
      terms.append(
        Term(
          path: path, products: products, channel: channel,
          entries: layout.neighbours(displacement: displacement),
          backEntries: layout.neighbours(displacement: displacement.map { -$0 })))
    }
    self.terms = terms
    reach = (up, down)
    self.links = links
    self.fields = fields
  }

  /// The site itself, which needs no links.
  static func local(_ layout: Layout) -> Transports {
    Transports(
      terms: [
        Term(
          path: LatticePath([], dimension: layout.dimension), products: nil, channel: 0,
          entries: [], backEntries: [])
      ], reach: (0, 0), links: nil, fields: [])
  }

  private init(
    terms: [Term], reach: (up: Int, down: Int), links: LinkField<Scalar>?,
    fields: [SiteField<Scalar>]
  ) {
    self.terms = terms
    self.reach = reach
    self.links = links
    self.fields = fields
  }
}
