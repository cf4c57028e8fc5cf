/// NERSC archive files: links of SU(3) in 4 dimensions, whole or in two rows.
///
/// The checksum, the plaquette and the link trace of the header are verified where they are given.
enum NERSCReader {
  static func parse<Source: ByteSource>(
    _ source: Source
  ) throws(ConfigurationError) -> ParsedConfiguration {
    let header = try NERSCHeader(source)
    let type = try header.required("DATATYPE", in: source)
    guard let (n, twoRow) = NERSCHeader.matrices(type), let group = GaugeGroup(n: n) else {
      throw source.damaged(
        expected: "DATATYPE 4D_SU3_GAUGE or 4D_SU3_GAUGE_3x3 in the NERSC header", found: type)
    }
    var extents: [Int] = []
    for k in 1...4 {
      let text = try header.required("DIMENSION_\(k)", in: source)
      guard let extent = Int(text) else {
        throw source.damaged(expected: "a whole number for DIMENSION_\(k)", found: text)
      }
      extents.append(extent)
    }
    let geometry = try source.geometry(extents)

    let text = try header.required("FLOATING_POINT", in: source)
    let storage: (bits: Int, order: ByteOrder?)
    switch text {
    case "IEEE32BIG": storage = (32, .big)
    case "IEEE64BIG": storage = (64, .big)
    case "IEEE32LITTLE": storage = (32, .little)
    case "IEEE64LITTLE": storage = (64, .little)
    case "IEEE32": storage = (32, nil)
    case "IEEE64": storage = (64, nil)
    default:
      throw source.damaged(
        expected: "FLOATING_POINT IEEE32 or IEEE64, BIG or LITTLE, in the NERSC header",
        found: text)
    }
    var payload = SerialPayload(
      offset: header.end, geometry: geometry, group: group, bits: storage.bits,
      byteOrder: storage.order ?? .big, twoRow: twoRow)
    try source.requireSize(
      header.end + payload.byteCount, of: "\(type) in \(text) on \(list(extents))")

    let stored = try checksum(header, source)
    if storage.order == nil {
      payload.byteOrder = try guessOrder(payload, stored, source)
    }
    var info = ConfigurationInfo(
      file: source.name, format: .nersc, group: group, extents: extents,
      storedBits: storage.bits, byteOrder: payload.byteOrder, twoRow: twoRow)
    info.header = header.fields
    if stored == nil { info.warnings.append("the NERSC header holds no checksum") }
    var stated = [Bool?](repeating: nil, count: 4)
    for k in 1...4 {
      guard let boundary = header.fields["BOUNDARY_\(k)"] else { continue }
      switch boundary.uppercased() {
      case "PERIODIC": stated[k - 1] = false
      case "OPEN": stated[k - 1] = true
      default:
        info.warnings.append("BOUNDARY_\(k) is \(boundary); the links are kept as stored")
      }
    }
    return ParsedConfiguration(
      info: info, geometry: geometry, content: .serial(payload),
      checksum: stored.map { StoredChecksum(kind: .nersc(payload.byteOrder), a: $0, b: 0) }
        ?? .absent,
      claims: try claims(header, source), statedBoundary: stated)
  }

  private static func checksum<Source: ByteSource>(
    _ header: NERSCHeader, _ source: Source
  ) throws(ConfigurationError) -> UInt32? {
    guard let text = header.fields["CHECKSUM"] else { return nil }
    let digits = text.lowercased().hasPrefix("0x") ? String(text.dropFirst(2)) : text
    guard let value = UInt32(digits, radix: 16) else {
      throw source.damaged(
        expected: "a CHECKSUM of up to 8 hexadecimal digits in the NERSC header", found: text)
    }
    return value
  }

  private static func claims<Source: ByteSource>(
    _ header: NERSCHeader, _ source: Source
  ) throws(ConfigurationError) -> [HeaderClaim] {
    var claims: [HeaderClaim] = []
    let keys: [(String, HeaderClaim.Quantity)] = [
      ("PLAQUETTE", .plaquette), ("LINK_TRACE", .linkTrace),
    ]
    for (key, quantity) in keys {
      guard let text = header.fields[key] else { continue }
      guard let claim = HeaderClaim(quantity, text: text) else {
        throw source.damaged(expected: "a number for \(key) in the NERSC header", found: text)
      }
      claims.append(claim)
    }
    return claims
  }

  /// Old headers say `IEEE32` alone: the checksum tells which byte order it is.
  private static func guessOrder<Source: ByteSource>(
    _ payload: SerialPayload, _ stored: UInt32?, _ source: Source
  ) throws(ConfigurationError) -> ByteOrder {
    guard let stored else {
      throw source.damaged(
        expected: "a byte order or a checksum in the NERSC header", found: "neither")
    }
    for order in [ByteOrder.big, .little] {
      var sum = PayloadChecksum(.nersc(order))
      try payload.verify(source, into: &sum)
      if sum.a == stored { return order }
    }
    throw source.damaged(
      expected: "checksum \(hexadecimal(stored)) as the file says",
      found: "another in its links in either byte order")
  }
}
