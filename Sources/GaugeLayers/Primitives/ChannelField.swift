import Autodiff
import Compute
import Lattice

/// A field with some channels per site, whose derivative is a field of the same kind: matrices
/// (`SiteField`) or real numbers (`ScalarField`).
///
/// What holds for both, such as sums, residual connections and concatenation, is written once for it.
public protocol ChannelField<Scalar>: PerturbableValue where Cotangent == Self {
  associatedtype Scalar: LatticeReal
  var layout: Layout { get }
  var channels: Int { get }
  /// The values as blocks for kernels that only read.
  var view: BlockView<Scalar.Lanes> { get }
  /// The values as blocks for kernels that write.
  var mutableView: BlockView<Scalar.Lanes> { mutating get }
  /// Zero with another number of channels, of the same lattice, batch and group.
  func zeros(channels: Int) -> Self
  /// self += factor x
  mutating func add(_ x: Self, times factor: Scalar)
  /// The sum over sites, channels and batch members of the products of real components.
  func sumOfProducts(_ x: Self) -> Double
  /// Lattice, batch and group in words, for messages.
  var placeDescription: String { get }
}

extension SiteField: ChannelField {
  public func zeros(channels: Int) -> SiteField {
    SiteField(zeros: layout, group: group, channels: channels)
  }

  /// Re tr(self^dagger x), summed over sites, channels and batch members.
  public func sumOfProducts(_ x: SiteField) -> Double { realInnerProduct(x) }

  public var placeDescription: String { "\(group) on \(geometry), batch \(layout.batch)" }
}

extension ScalarField: ChannelField {
  public func zeros(channels: Int) -> ScalarField {
    ScalarField(layout: layout, channels: channels)
  }

  public func sumOfProducts(_ x: ScalarField) -> Double { innerProduct(x) }

  public var placeDescription: String { "numbers on \(geometry), batch \(layout.batch)" }
}

extension LinkField {
  /// Lattice, batch and group in words, for messages.
  var placeDescription: String { "\(group) on \(geometry), batch \(layout.batch)" }
}

/// Throws unless two fields are of one lattice, batch and group.
func requireSamePlace<First: ChannelField, Second: ChannelField>(
  _ layer: String, _ expected: First, _ found: Second
) throws(LayerError) {
  let isSame =
    expected.layout === found.layout
    && (First.self != Second.self || expected.placeDescription == found.placeDescription)
  guard isSame else {
    throw .lattice(
      layer: layer, expected: expected.placeDescription, found: found.placeDescription)
  }
}

/// Throws unless a weight has the shape it needs.
func requireShape<Scalar>(
  _ layer: String, _ name: String, _ expected: [Int], _ weight: Tensor<Scalar>
) throws(LayerError) {
  guard weight.shape == expected else {
    throw .shape(layer: layer, name: name, expected: expected, found: weight.shape)
  }
}

/// Adds channels of one field to those of another: to[b, target + i] += from[b, source + i].
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func addChannels<Scalar: LatticeReal>(
  _ scalar: Scalar.Type, _ from: BlockView<Scalar.Lanes>, at source: Int,
  to target: BlockView<Scalar.Lanes>, at place: Int, count: Int, layout: Layout
) {
  let vectors = count * from.stride
  forEachBlockRange(layout, work: 3 * vectors, scratch: 1, of: Scalar.Lanes.self) {
    group, blocks, _ in
    let first = group * layout.siteBlocks
    for b in (first + blocks.lowerBound)..<(first + blocks.upperBound) {
      let (p, q) = (target.block(b, place), from.block(b, source))
      for k in 0..<vectors { p[k] = p[k] + q[k] }
    }
  }
}
