import Compute
import Lattice

/// Real numbers at sites in serial order, [member][channel][site], x fastest: what FFTW transforms.
///
/// Fields of the other modules keep their numbers in lanes; `init(_:)` and `scalarField()` go between.
public struct PositionField<Scalar: FourierReal>: Sendable {
  public let geometry: Geometry
  public let channels: Int
  public let batch: Int
  /// From one channel to the next: the volume and what fills a cache line.
  let stride: Int
  private(set) var buffer: AlignedBuffer<Scalar>

  /// Zero.
  ///
  /// - Throws: `FourierError.parameter` for no channels or an empty batch.
  public init(_ geometry: Geometry, channels: Int = 1, batch: Int = 1) throws(FourierError) {
    guard channels >= 1 else {
      throw .parameter(name: "channels", expected: "1 or more", found: "\(channels)")
    }
    guard batch >= 1 else {
      throw .parameter(name: "batch", expected: "1 or more", found: "\(batch)")
    }
    self.init(uninitialized: geometry, channels: channels, batch: batch)
    buffer.pointer.update(repeating: 0, count: buffer.count)
  }

  init(uninitialized geometry: Geometry, channels: Int, batch: Int) {
    self.geometry = geometry
    self.channels = channels
    self.batch = batch
    stride = Self.padded(geometry.volume)
    buffer = AlignedBuffer(uninitialized: stride * channels * batch)
  }

  /// Whole cache lines of numbers.
  static func padded(_ count: Int) -> Int {
    let line = 64 / MemoryLayout<Scalar>.stride
    return (count + line - 1) / line * line
  }

  /// The numbers of one channel, site by site.
  func pointer(_ channel: Int, _ member: Int) -> UnsafeMutablePointer<Scalar> {
    buffer.pointer + (member * channels + channel) * stride
  }

  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
  }

  /// The number at a site in serial order.
  public subscript(site: Int, channel: Int = 0, member: Int = 0) -> Scalar {
    get {
      check(site, channel, member)
      return pointer(channel, member)[site]
    }
    set {
      check(site, channel, member)
      makeUnique()
      pointer(channel, member)[site] = newValue
    }
  }

  private func check(_ site: Int, _ channel: Int, _ member: Int) {
    precondition(
      (0..<geometry.volume).contains(site) && (0..<channels).contains(channel)
        && (0..<batch).contains(member),
      "site \(site), channel \(channel), member \(member) of \(shapeDescription)")
  }

  /// Lattice, channels and batch in words.
  var shapeDescription: String { "\(batch) x \(channels) channels on \(geometry)" }
}

extension PositionField {
  /// The numbers of a field in lanes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public init(_ field: ScalarField<Scalar>) {
    let layout = field.layout
    self.init(uninitialized: field.geometry, channels: field.channels, batch: layout.batch)
    let view = field.view
    let target = SendablePointer(buffer.pointer)
    let (channels, stride) = (channels, stride)
    forEachLane(layout, channels) { block, lane, site, member in
      let p = target.pointer + member * channels * stride + site
      let source = UnsafeMutableRawPointer(view.block(block, 0)).assumingMemoryBound(
        to: Scalar.self)
      for c in 0..<channels { p[c * stride] = source[c * layout.laneCount + lane] }
    }
    withExtendedLifetime((field, self)) {}
  }

  /// The same numbers in lanes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func scalarField() -> ScalarField<Scalar> {
    // The lattice and batch are ones that exist.
    let layout = try! Layout.shared(
      geometry, batch: batch, laneCount: Scalar.Lanes.scalarCount)
    var field = ScalarField<Scalar>(layout: layout, channels: channels)
    let view = field.mutableView
    let source = SendablePointer(buffer.pointer)
    let (channels, stride) = (channels, stride)
    forEachLane(layout, channels) { block, lane, site, member in
      let p = source.pointer + member * channels * stride + site
      let target = UnsafeMutableRawPointer(view.block(block, 0)).assumingMemoryBound(
        to: Scalar.self)
      for c in 0..<channels { target[c * layout.laneCount + lane] = p[c * stride] }
    }
    withExtendedLifetime(self) {}
    return field
  }
}

/// Every lane in use with its site and member.
@inline(__always)
private func forEachLane(
  _ layout: Layout, _ work: Int,
  _ body: @Sendable (_ block: Int, _ lane: Int, _ site: Int, _ member: Int) -> Void
) {
  let (laneSite, laneMember) = (layout.laneSite, layout.laneMember)
  let perGroup = layout.siteBlocks
  let used = (0..<layout.outerBatch).map { layout.usedLaneBits(block: $0 * perGroup) }
  parallelFor(layout.blockCount, grain: max(16, 65536 / (layout.laneCount * work))) { range in
    for block in range {
      let group = block / perGroup
      let first = Int(layout.blockSitePointer[block - group * perGroup])
      let bits = used[group]
      for lane in 0..<layout.laneCount where bits >> UInt32(lane) & 1 == 1 {
        body(
          block, lane, first + Int(laneSite[lane]),
          group * layout.batchLanes + Int(laneMember[lane]))
      }
    }
  }
}
