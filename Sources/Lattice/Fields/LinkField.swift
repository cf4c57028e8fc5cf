import Compute

/// SU(N) link variables U_mu(x) on a batch of periodic lattices.
///
/// `U_mu(x)` transports from x + mu to x: under a gauge transformation
/// U_mu(x) -> g(x) U_mu(x) g(x + mu)^dagger. A value type: copies share memory until one of them is
/// written to.
public struct LinkField<Scalar: LatticeReal>: Sendable {
  /// Where sites lie in memory.
  public let layout: Layout
  /// The gauge group.
  public let group: GaugeGroup
  public private(set) var buffer: AlignedBuffer<Scalar.Lanes>

  /// The lattice.
  public var geometry: Geometry { layout.geometry }
  /// Number of lattices side by side.
  public var batch: Int { layout.batch }
  /// Number of directions.
  public var dimension: Int { layout.dimension }

  /// Unit links ("cold start").
  ///
  /// - Throws: `GeometryError.batch` for a batch below 1.
  public init(_ geometry: Geometry, group: GaugeGroup, batch: Int = 1) throws(GeometryError) {
    self.init(
      layout: try Layout.shared(geometry, batch: batch, laneCount: Scalar.Lanes.scalarCount),
      group: group)
  }

  /// Unit links in a given layout.
  public init(layout: Layout, group: GaugeGroup) {
    self.init(uninitialized: layout, group: group)
    setCold()
  }

  /// Links whose memory is still undefined.
  package init(uninitialized layout: Layout, group: GaugeGroup) {
    self.layout = layout
    self.group = group
    buffer = AlignedBuffer(
      uninitialized: layout.blockCount * layout.dimension * 2 * group.n * group.n)
  }

  /// Sets every link to the unit matrix.
  public mutating func setCold() {
    let n = group.n
    let view = mutableView
    for index in 0..<(layout.blockCount * dimension) {
      let block = view.base + index * view.stride
      for k in 0..<view.stride { block[k] = .zero }
      for i in 0..<n { block[2 * (i * n + i)] = Scalar.Lanes(repeating: 1) }
    }
  }

  /// The links as blocks for kernels that only read.
  public var view: BlockView<Scalar.Lanes> {
    BlockView(
      buffer.pointer, perSite: dimension, stride: 2 * group.n * group.n, layout: layout.view)
  }

  /// The links as blocks for kernels that write; makes this field the only owner of its memory.
  public var mutableView: BlockView<Scalar.Lanes> {
    mutating get {
      if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
      return view
    }
  }

  /// The link at a site in serial order.
  public subscript(site: Int, mu: Int, member: Int = 0) -> ComplexMatrix {
    get {
      let (block, lane) = layout.locate(site: site, member: member)
      return ComplexMatrix(lane: lane, of: view.block(block, mu), n: group.n)
    }
    set {
      precondition(newValue.n == group.n, "the matrix must be \(group.n) x \(group.n)")
      let (block, lane) = layout.locate(site: site, member: member)
      newValue.store(lane: lane, of: mutableView.block(block, mu))
    }
  }
}
