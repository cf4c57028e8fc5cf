import Compute

/// Writes ILDG and SciDAC files with the records that QIO writes, in its order.
struct LIMEWriter<Scalar: LatticeReal> {
  private let field: LinkField<Scalar>
  private let member: Int
  private let path: String
  private let format: ConfigurationFormat
  private let options: ConfigurationWriter.Options

  /// - Throws: `.usage` for ILDG of other groups than SU(3) or other dimensions than 4, and for
  ///   options that the standard excludes.
  init(
    _ field: LinkField<Scalar>, member: Int, path: String, format: ConfigurationFormat,
    options: ConfigurationWriter.Options
  ) throws(ConfigurationError) {
    guard format == .scidac || (field.group == .su3 && field.dimension == 4) else {
      throw ConfigurationError(
        .usage, file: path,
        expected: "SU(3) in 4 dimensions for ILDG (take scidac or npy for others)",
        found: "\(field.group) in \(field.dimension)")
    }
    guard options.byteOrder == .big, !options.twoRow else {
      throw ConfigurationError(
        .usage, file: path, expected: "big-endian full matrices for \(format.rawValue)",
        found: options.twoRow ? "two rows" : "little-endian")
    }
    self.field = field
    self.member = member
    self.path = path
    self.format = format
    self.options = options
  }

  func write() throws(ConfigurationError) {
    let payload = SerialPayload(
      offset: 0, geometry: field.geometry, group: field.group, bits: options.bits,
      byteOrder: .big)
    try writeFileAtomically(path) { writer throws(ConfigurationError) in
      try record(&writer, "scidac-private-file-xml", fileXML, begins: true)
      try record(&writer, "scidac-file-xml", xml("<title>gauge configuration</title>"), ends: true)
      if format == .scidac {
        let group = GroupRecord(
          group: field.group, extents: field.geometry.extents, boundary: field.boundary)
        try record(&writer, GroupRecord.type, group.text, begins: true, ends: true)
      }
      try record(&writer, "scidac-private-record-xml", recordXML, begins: true)
      try record(&writer, "scidac-record-xml", infoXML)
      if format == .ildg {
        try record(&writer, "ildg-format", ildgXML)
        if let name = options.metadata["lfn"] {
          try record(&writer, "ildg-data-lfn", printable(name.utf8))
        }
      }
      let length = payload.byteCount
      try writer.write(
        LIMERecord.header(
          type: format == .ildg ? "ildg-binary-data" : "scidac-binary-data", length: length,
          beginsMessage: false, endsMessage: false))
      var checksum = PayloadChecksum(.scidac)
      try payload.store(field, member: member, to: &writer, checksum: &checksum)
      try writer.write([UInt8](repeating: 0, count: (8 - length % 8) % 8))
      let sums = "<suma>\(hexadecimal(checksum.a))</suma><sumb>\(hexadecimal(checksum.b))</sumb>"
      try record(
        &writer, "scidac-checksum",
        xml("<scidacChecksum><version>1.0</version>\(sums)</scidacChecksum>"), ends: true)
    }
  }

  /// A text record, ended by 0 as QIO does.
  private func record(
    _ writer: inout BufferedFileWriter, _ type: String, _ text: String, begins: Bool = false,
    ends: Bool = false
  ) throws(ConfigurationError) {
    let bytes = Array(text.utf8) + [0]
    try writer.write(
      LIMERecord.header(
        type: type, length: bytes.count, beginsMessage: begins, endsMessage: ends))
    try writer.write(bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8))
  }

  private func xml(_ text: String) -> String { #"<?xml version="1.0" encoding="UTF-8"?>"# + text }

  private var fileXML: String {
    let dims = field.geometry.extents.map { "\($0) " }.joined()
    return xml(
      "<scidacFile><version>1.1</version><spacetime>\(field.dimension)</spacetime>"
        + "<dims>\(dims)</dims><volfmt>0</volfmt></scidacFile>")
  }

  private var recordXML: String {
    let n = field.group.n
    let precision = options.bits == 64 ? "D" : "F"
    let date = options.metadata["date"].map { "<date>\(XMLText.escaped(oneLine($0)))</date>" } ?? ""
    return xml(
      "<scidacRecord><version>1.1</version>\(date)<recordtype>0</recordtype>"
        + "<datatype>QDP_\(precision)\(n)_ColorMatrix</datatype><precision>\(precision)</precision>"
        + "<colors>\(n)</colors><typesize>\(2 * n * n * options.bits / 8)</typesize>"
        + "<datacount>\(field.dimension)</datacount></scidacRecord>")
  }

  private var infoXML: String {
    let lines = options.metadata.sorted { $0.key < $1.key }
      .filter { $0.key != "date" && $0.key != "lfn" }
      .map { XMLText.escaped("\(oneLine($0.key)) = \"\(oneLine($0.value))\"\n") }
    return xml("<info>\(lines.joined())</info>")
  }

  private var ildgXML: String {
    let x = field.geometry.extents
    let namespace = "http://www.lqcd.org/ildg"
    return xml(
      "<ildgFormat xmlns=\"\(namespace)\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
        + "xsi:schemaLocation=\"\(namespace) \(namespace)/filefmt.xsd\"><version>1.0</version>"
        + "<field>su3gauge</field><precision>\(options.bits)</precision><lx>\(x[0])</lx>"
        + "<ly>\(x[1])</ly><lz>\(x[2])</lz><lt>\(x[3])</lt></ildgFormat>")
  }

  private func oneLine(_ text: String) -> String {
    String(printable(text.utf8).map { $0.isNewline ? " " : $0 })
  }
}
