import Compute

/// Real fields s_c(x) with some channels per site, in the layout of the links: traces, gates, densities.
public struct ScalarField<Scalar: LatticeReal>: Sendable {
  public let layout: Layout
  /// Numbers per site.
  public let channels: Int
  public private(set) var buffer: AlignedBuffer<Scalar.Lanes>

  /// The lattice.
  public var geometry: Geometry { layout.geometry }

  /// Zero.
  public init(layout: Layout, channels: Int = 1) {
    self.layout = layout
    self.channels = channels
    buffer = AlignedBuffer(repeating: .zero, count: layout.blockCount * channels)
  }

  /// Zero on a batch of lattices.
  public init(_ geometry: Geometry, channels: Int = 1, batch: Int = 1) throws(GeometryError) {
    self.init(
      layout: try .shared(geometry, batch: batch, laneCount: Scalar.Lanes.scalarCount),
      channels: channels)
  }

  package init(uninitialized layout: Layout, channels: Int) {
    self.layout = layout
    self.channels = channels
    buffer = AlignedBuffer(uninitialized: layout.blockCount * channels)
  }

  /// The numbers as blocks for kernels that only read.
  public var view: BlockView<Scalar.Lanes> {
    BlockView(buffer.pointer, perSite: channels, stride: 1, layout: layout.view)
  }

  /// The numbers as blocks for kernels that write; makes this field the only owner of its memory.
  public var mutableView: BlockView<Scalar.Lanes> {
    mutating get {
      if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
      return view
    }
  }

  /// The number at a site in serial order.
  public subscript(site: Int, channel: Int = 0, member: Int = 0) -> Double {
    get {
      let (block, lane) = layout.locate(site: site, member: member)
      return Double(view.block(block, channel)[0][lane])
    }
    set {
      let (block, lane) = layout.locate(site: site, member: member)
      mutableView.block(block, channel)[0][lane] = Scalar(newValue)
    }
  }
}
