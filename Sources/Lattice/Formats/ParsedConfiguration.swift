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

  /// Verifies the checksum without keeping the links.
  mutating func verify<Source: ByteSource>(_ source: Source) throws(ConfigurationError) {
    guard checksum.kind != .none, case .serial(let payload) = content else { return }
    var sum = PayloadChecksum(checksum.kind)
    try payload.verify(source, into: &sum)
    try checksum.verify(sum, info: &info)
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
    try inspection.report(into: &info)
    for claim in claims { try claim.verify(field, info: info) }
    return field
  }
}
