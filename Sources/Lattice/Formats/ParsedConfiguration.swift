import Compute

/// A header that was understood and found to agree with the size of its file, links still unread.
struct ParsedConfiguration {
  /// How to come by the links.
  enum Content {
    case serial(SerialPayload)
    case array(NumPyPayload)
    case text(TextPayload)
  }

  var info: ConfigurationInfo
  let geometry: Geometry
  let content: Content
  var checksum = StoredChecksum.absent
  var claims: [HeaderClaim] = []
  /// Whether a direction is open as the header says; nil where it says nothing.
  var statedBoundary: [Bool?] = []

  /// Verifies the checksum and finds the boundary without keeping the links.
  mutating func verify<Source: ByteSource>(_ source: Source) throws(ConfigurationError) {
    switch content {
    case .serial(let payload):
      var sum = PayloadChecksum(checksum.kind)
      info.boundary = try payload.verify(source, into: &sum)
      if checksum.kind != .none { try checksum.verify(sum, info: &info) }
    case .array(let payload): info.boundary = try payload.boundary(source)
    case .text(let payload): info.boundary = try payload.boundary(source)
    }
    compareBoundary()
  }

  /// Warns where the header says another boundary than the links.
  private mutating func compareBoundary() {
    for (mu, (stated, isOpen)) in zip(statedBoundary, info.boundary.isOpen).enumerated() {
      guard let stated, stated != isOpen else { continue }
      info.warnings.append(
        stated
          ? "the header says open in direction \(mu), but links that leave the last slice are not "
            + "zero; read as periodic"
          : "the header says periodic in direction \(mu), but all links that leave the last slice "
            + "are zero; read as open")
    }
  }

  /// Reads the links and verifies everything the header claims about them.
  mutating func load<Scalar: LatticeReal, Source: ByteSource>(
    _ source: Source, as: Scalar.Type
  ) throws(ConfigurationError) -> LinkField<Scalar> {
    let layout: Layout
    do {
      layout = try Layout.shared(geometry, batch: 1, laneCount: Scalar.Lanes.scalarCount)
    } catch {
      throw source.damaged(expected: "a lattice", found: "\(error)")
    }
    // The idle lanes of small lattices must hold unit links, so start cold.
    var field =
      layout.isFull
      ? LinkField<Scalar>(uninitialized: layout, group: info.group)
      : LinkField<Scalar>(layout: layout, group: info.group)
    var inspection = LinkInspection()
    switch content {
    case .serial(let payload):
      var sum = PayloadChecksum(checksum.kind)
      try payload.load(source, into: &field, checksum: &sum, inspection: &inspection)
      try checksum.verify(sum, info: &info)
    case .array(let payload):
      try payload.load(source, into: &field, inspection: &inspection)
    case .text(let payload):
      try payload.load(source, into: &field, inspection: &inspection)
    }
    field.setBoundary(field.boundaryOfContent())
    info.boundary = field.boundary
    let missing = (0..<geometry.dimension).reduce(0) {
      $0 + geometry.volume - field.boundary.linkCount($1, in: geometry)
    }
    try inspection.report(into: &info, missing: missing)
    compareBoundary()
    for claim in claims { try claim.verify(field, info: info) }
    return field
  }
}
