/// LIME files: ILDG, SciDAC, and those that hold links alone.
///
/// The first record `ildg-binary-data` or `scidac-binary-data` is read: numbers big-endian, sites x
/// fastest, then mu, row, column. Records of other types are passed over.
enum LIMEReader {
  static func parse<Source: ByteSource>(
    _ source: Source, _ request: ConfigurationRequest
  ) throws(ConfigurationError) -> ParsedConfiguration {
    let records = try LIMERecord.scan(source)
    let isBinary: (LIMERecord) -> Bool = {
      $0.type == "ildg-binary-data" || $0.type == "scidac-binary-data"
    }
    guard let binary = records.firstIndex(where: isBinary) else {
      let types = records.map(\.type).joined(separator: " ")
      throw source.damaged(
        expected: "a LIME record ildg-binary-data or scidac-binary-data",
        found: types.isEmpty ? "no record" : types)
    }
    let record = records[binary]
    let header = try LIMEHeader(source, records, binary: binary)

    let format: ConfigurationFormat
    let payload: SerialPayload
    if let extents = header.extents {
      format = record.type == "ildg-binary-data" ? .ildg : .scidac
      payload = try described(header, record, try source.geometry(extents), request, source)
    } else {
      format = .lime
      payload = try bare(header, record, request, source)
    }
    var info = ConfigurationInfo(
      file: source.name, format: format, group: payload.group,
      extents: payload.geometry.extents, storedBits: payload.bits, byteOrder: .big)
    info.records = records.map(\.type)
    info.header = header.fields
    if header.checksum == nil { info.warnings.append("the file holds no scidac-checksum record") }
    let others = records.filter(isBinary).count - 1
    if others > 0 {
      info.warnings.append("\(others) further records of binary data are not read")
    }
    return ParsedConfiguration(
      info: info, geometry: payload.geometry, content: .serial(payload),
      checksum: header.checksum ?? .absent,
      statedBoundary: header.boundary?.isOpen.map { $0 } ?? [])
  }

  /// The payload of a file whose records give the lattice; group and precision may still have to
  /// come from its size.
  private static func described<Source: ByteSource>(
    _ header: LIMEHeader, _ record: LIMERecord, _ geometry: Geometry,
    _ request: ConfigurationRequest, _ source: Source
  ) throws(ConfigurationError) -> SerialPayload {
    let groups =
      header.group.map { [$0] } ?? (1...GaugeGroup.maximumN).compactMap { GaugeGroup(n: $0) }
    // 2 N^2 is no square, so at most one pair of N and precision has the right size.
    for group in groups {
      for bits in header.bits.map({ [$0] }) ?? [32, 64] {
        let payload = SerialPayload(
          offset: record.offset, geometry: geometry, group: group, bits: bits, byteOrder: .big)
        guard payload.byteCount == record.length else { continue }
        let matrix = 2 * group.n * group.n * bits / 8
        guard header.matrixBytes ?? matrix == matrix,
          header.matricesPerSite ?? geometry.dimension == geometry.dimension
        else {
          throw source.damaged(
            expected: "\(geometry.dimension) matrices of \(matrix) bytes a site",
            found:
              "\(header.matricesPerSite ?? 0) of \(header.matrixBytes ?? 0) in the SciDAC record")
        }
        return payload
      }
    }
    let what = [header.group.map { "\($0)" }, header.bits.map { "\($0)-bit" }].compactMap { $0 }
    throw source.damaged(
      expected:
        "\(what.joined(separator: " ")) links on \(list(geometry.extents)) in \(record.type)",
      found: "\(record.length) bytes")
  }

  /// The payload of a file that does not say what it holds.
  private static func bare<Source: ByteSource>(
    _ header: LIMEHeader, _ record: LIMERecord, _ request: ConfigurationRequest, _ source: Source
  ) throws(ConfigurationError) -> SerialPayload {
    let request = ConfigurationRequest(
      group: header.group ?? request.group, extents: request.extents)
    let (group, geometry) = try request.required(
      for: source, kind: "a LIME file without ildg-format")
    for bits in header.bits.map({ [$0] }) ?? [64, 32] {
      let payload = SerialPayload(
        offset: record.offset, geometry: geometry, group: group, bits: bits, byteOrder: .big)
      if payload.byteCount == record.length { return payload }
    }
    let bytes = geometry.volume * geometry.dimension * 2 * group.n * group.n * 8
    throw source.damaged(
      expected: "\(bytes) or \(bytes / 2) bytes for \(group) on \(list(geometry.extents))",
      found: "\(record.length) in \(record.type)")
  }
}
