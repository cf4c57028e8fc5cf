import Compute

/// SU(N) link variables U_mu(x) on a batch of lattices, periodic or open in every direction.
///
/// `U_mu(x)` transports from x + mu to x: under a gauge transformation
/// U_mu(x) -> g(x) U_mu(x) g(x + mu)^dagger. A value type: copies share memory until one of them is
/// written to.
///
/// In an open direction the links that leave the last slice do not exist: they are stored as zero
/// matrices, so that whatever contains them vanishes, and stay zero.
public struct LinkField<Scalar: LatticeReal>: Sendable {
  /// Where sites lie in memory.
  public let layout: Layout
  /// The gauge group.
  public let group: GaugeGroup
  public private(set) var buffer: AlignedBuffer<Scalar.Lanes>
  /// Which directions are open.
  public private(set) var boundary: Boundary

  /// The lattice.
  public var geometry: Geometry { layout.geometry }
  /// Number of lattices side by side.
  public var batch: Int { layout.batch }
  /// Number of directions.
  public var dimension: Int { layout.dimension }

  /// Unit links ("cold start").
  ///
  /// - Parameter boundary: periodic by default.
  /// - Throws: `GeometryError.batch` for a batch below 1.
  public init(
    _ geometry: Geometry, group: GaugeGroup, batch: Int = 1, boundary: Boundary? = nil
  ) throws(GeometryError) {
    self.init(
      layout: try Layout.shared(geometry, batch: batch, laneCount: Scalar.Lanes.scalarCount),
      group: group, boundary: boundary)
  }

  /// Unit links in a given layout, periodic by default.
  public init(layout: Layout, group: GaugeGroup, boundary: Boundary? = nil) {
    self.init(uninitialized: layout, group: group, boundary: boundary)
    setCold()
  }

  /// Links whose memory is still undefined; whoever fills it calls `clearMissingLinks()`.
  package init(uninitialized layout: Layout, group: GaugeGroup, boundary: Boundary? = nil) {
    let boundary = boundary ?? .periodic(layout.dimension)
    precondition(
      boundary.dimension == layout.dimension, "a boundary needs the dimension of the lattice")
    self.layout = layout
    self.group = group
    self.boundary = boundary
    buffer = AlignedBuffer(
      uninitialized: layout.blockCount * layout.dimension * 2 * group.n * group.n)
  }

  /// Opens and closes directions: links that leave the last slice become zero where a direction is
  /// opened and unit matrices where it is closed.
  public mutating func setBoundary(_ boundary: Boundary) {
    precondition(boundary.dimension == dimension, "a boundary needs the dimension of the lattice")
    let closed = zip(self.boundary.isOpen, boundary.isOpen).map { $0 && !$1 }
    self.boundary = boundary
    setUnitLeavingLinks(closed)
    clearMissingLinks()
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
    clearMissingLinks()
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

  /// The link at a site in serial order; one that does not exist is zero and takes no other value.
  public subscript(site: Int, mu: Int, member: Int = 0) -> ComplexMatrix {
    get {
      let (block, lane) = layout.locate(site: site, member: member)
      return ComplexMatrix(lane: lane, of: view.block(block, mu), n: group.n)
    }
    set {
      precondition(newValue.n == group.n, "the matrix must be \(group.n) x \(group.n)")
      precondition(
        boundary.hasLink(mu, at: site, in: geometry) || newValue.elements.allSatisfy { $0 == 0 },
        "the link leaves the last slice of an open direction and does not exist")
      let (block, lane) = layout.locate(site: site, member: member)
      newValue.store(lane: lane, of: mutableView.block(block, mu))
    }
  }
}
