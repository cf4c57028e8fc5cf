import ComplexModule
import Compute
import RealModule

/// Matrix-valued fields W_c(x) with some channels per site, for instance a gauge transformation (one
/// channel) or untraced loops.
///
/// Under a gauge transformation W(x) -> g(x) W(x) g(x)^dagger.
public struct SiteField<Scalar: LatticeReal>: Sendable {
  public let layout: Layout
  public let group: GaugeGroup
  /// Matrices per site.
  public let channels: Int
  public private(set) var buffer: AlignedBuffer<Scalar.Lanes>

  /// The lattice.
  public var geometry: Geometry { layout.geometry }

  /// Unit matrices in every channel.
  public init(layout: Layout, group: GaugeGroup, channels: Int = 1) {
    self.init(uninitialized: layout, group: group, channels: channels)
    let view = mutableView
    for index in 0..<(layout.blockCount * channels) {
      let block = view.base + index * view.stride
      for k in 0..<view.stride { block[k] = .zero }
      for i in 0..<group.n { block[2 * (i * group.n + i)] = Scalar.Lanes(repeating: 1) }
    }
  }

  /// Unit matrices in every channel on a batch of lattices.
  public init(
    _ geometry: Geometry, group: GaugeGroup, channels: Int = 1, batch: Int = 1
  ) throws(GeometryError) {
    self.init(
      layout: try .shared(geometry, batch: batch, laneCount: Scalar.Lanes.scalarCount),
      group: group, channels: channels)
  }

  package init(uninitialized layout: Layout, group: GaugeGroup, channels: Int) {
    self.layout = layout
    self.group = group
    self.channels = channels
    buffer = AlignedBuffer(
      uninitialized: layout.blockCount * channels * 2 * group.n * group.n)
  }

  /// The matrices as blocks for kernels that only read.
  public var view: BlockView<Scalar.Lanes> {
    BlockView(
      buffer.pointer, perSite: channels, stride: 2 * group.n * group.n, layout: layout.view)
  }

  /// The matrices as blocks for kernels that write; makes this field the only owner of its memory.
  public var mutableView: BlockView<Scalar.Lanes> {
    mutating get {
      if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
      return view
    }
  }

  /// The matrix at a site in serial order.
  public subscript(site: Int, channel: Int = 0, member: Int = 0) -> ComplexMatrix {
    get {
      let (block, lane) = layout.locate(site: site, member: member)
      return ComplexMatrix(lane: lane, of: view.block(block, channel), n: group.n)
    }
    set {
      precondition(newValue.n == group.n, "the matrix must be \(group.n) x \(group.n)")
      let (block, lane) = layout.locate(site: site, member: member)
      newValue.store(lane: lane, of: mutableView.block(block, channel))
    }
  }
}

extension ComplexMatrix {
  /// One lane of a block.
  @inlinable
  public init<V: LaneVector>(lane: Int, of block: UnsafeMutablePointer<V>, n: Int) {
    self.init(n: n) { i, j in
      Complex(
        Double(block[2 * (i * n + j)][lane]), Double(block[2 * (i * n + j) + 1][lane]))
    }
  }

  /// Writes one lane of a block, rounded to its precision.
  @inlinable
  public func store<V: LaneVector>(lane: Int, of block: UnsafeMutablePointer<V>) {
    for (k, z) in elements.enumerated() {
      block[2 * k][lane] = V.Scalar(z.real)
      block[2 * k + 1][lane] = V.Scalar(z.imaginary)
    }
  }
}
