import Compute

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes NERSC archive files.
struct NERSCWriter<Scalar: LatticeReal> {
  private let field: LinkField<Scalar>
  private let member: Int
  private let path: String
  private let options: ConfigurationWriter.Options

  /// - Throws: `.usage` for other groups than SU(3) and other dimensions than 4.
  init(
    _ field: LinkField<Scalar>, member: Int, path: String, options: ConfigurationWriter.Options
  ) throws(ConfigurationError) {
    guard field.group == .su3, field.dimension == 4 else {
      throw ConfigurationError(
        .usage, file: path,
        expected: "SU(3) in 4 dimensions for NERSC (take scidac or npy for others)",
        found: "\(field.group) in \(field.dimension)")
    }
    self.field = field
    self.member = member
    self.path = path
    self.options = options
  }

  func write() throws(ConfigurationError) {
    var payload = SerialPayload(
      offset: 0, geometry: field.geometry, group: field.group, bits: options.bits,
      byteOrder: options.byteOrder, twoRow: options.twoRow)
    let (header, checksumOffset) = self.header()
    payload.offset = header.count
    try writeFileAtomically(path) { writer throws(ConfigurationError) in
      try writer.write(header)
      var checksum = PayloadChecksum(.nersc(options.byteOrder))
      try payload.store(field, member: member, to: &writer, checksum: &checksum)
      let digits = hexadecimal(checksum.a)
      let text = String(repeating: "0", count: 8 - digits.count) + digits
      try writer.overwrite(Array(text.utf8), at: checksumOffset)
    }
  }

  /// The header with 8 zeros for the checksum, and where they stand.
  private func header() -> (bytes: [UInt8], checksumOffset: Int) {
    // Links rounded to 32 bits have another plaquette in the 8th digit.
    let digits: Int32 = options.bits == 64 && MemoryLayout<Scalar>.size == 8 ? 12 : 7
    var fields: [(String, String)] = [
      ("HDR_VERSION", "1.0"),
      ("DATATYPE", options.twoRow ? "4D_SU3_GAUGE" : "4D_SU3_GAUGE_3x3"),
      ("STORAGE_FORMAT", "1.0"),
    ]
    for (k, extent) in field.geometry.extents.enumerated() {
      fields.append(("DIMENSION_\(k + 1)", "\(extent)"))
    }
    fields.append(("LINK_TRACE", decimal(field.linkTrace(member: member), digits)))
    fields.append(("PLAQUETTE", decimal(field.plaquette(member: member), digits)))
    for k in 1...4 {
      let isOpen = field.boundary.isOpen[k - 1]
      fields.append(
        ("BOUNDARY_\(k)", isOpen ? "OPEN" : options.metadata["BOUNDARY_\(k)"] ?? "PERIODIC"))
    }
    fields.append(("CHECKSUM", "00000000"))
    let order = options.byteOrder == .big ? "BIG" : "LITTLE"
    fields.append(("FLOATING_POINT", "IEEE\(options.bits)\(order)"))
    let reserved = Set(fields.map(\.0) + ["END_HEADER", "BEGIN_HEADER"])
    for (name, value) in options.metadata.sorted(by: { $0.key < $1.key }) {
      let key = String(
        name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      guard !key.isEmpty, !reserved.contains(key) else { continue }
      fields.append(
        (key, printable(value.utf8).split(whereSeparator: \.isNewline).joined(separator: " ")))
    }
    var bytes = Array("BEGIN_HEADER\n".utf8)
    var offset = 0
    for (key, value) in fields {
      if key == "CHECKSUM" { offset = bytes.count + "CHECKSUM = ".utf8.count }
      bytes += Array("\(key) = \(value)\n".utf8)
    }
    return (bytes + Array("END_HEADER\n".utf8), offset)
  }

  /// A number with so many decimals.
  private func decimal(_ value: Double, _ digits: Int32) -> String {
    var text = [CChar](repeating: 0, count: 64)
    _ = withVaList([digits, value]) { vsnprintf(&text, 64, "%.*f", $0) }
    return String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
