/// What the XML records of a LIME file say about its links: `ildg-format`, SciDAC's private
/// records, and the record of our own, `latticegauge-group`. They must agree with one another.
struct LIMEHeader {
  var extents: [Int]?
  var bits: Int?
  var group: GaugeGroup?
  /// Bytes of a stored matrix and matrices a site, from SciDAC.
  var matrixBytes: Int?
  var matricesPerSite: Int?
  var checksum: StoredChecksum?
  var fields: [String: String] = [:]
  var boundary: Boundary?

  /// Reads the records around one binary record.
  ///
  /// - Throws: `.damaged` where a record is unreadable or contradicts another.
  init<Source: ByteSource>(
    _ source: Source, _ records: [LIMERecord], binary: Int
  ) throws(ConfigurationError) {
    for (index, record) in records.enumerated() {
      switch record.type {
      case "ildg-format":
        try readILDG(XMLText(try record.text(in: source)), source)
      case "scidac-private-file-xml":
        try readFile(XMLText(try record.text(in: source)), source)
      case "scidac-private-record-xml" where index < binary:
        try readRecord(XMLText(try record.text(in: source)), source)
      case GroupRecord.type:
        try readGroup(try record.text(in: source), source)
      case "scidac-checksum" where index > binary && checksum == nil:
        try readChecksum(XMLText(try record.text(in: source)), source)
      case "scidac-file-xml", "scidac-record-xml", "ildg-data-lfn":
        fields[record.type] = trimmed(try record.text(in: source))
      default: break
      }
    }
  }

  private mutating func readILDG<Source: ByteSource>(
    _ xml: XMLText, _ source: Source
  ) throws(ConfigurationError) {
    for name in ["version", "field", "precision", "lx", "ly", "lz", "lt"] {
      fields["ildg-format/\(name)"] = xml.value(name)
    }
    var extents: [Int] = []
    for name in ["lx", "ly", "lz", "lt"] {
      extents.append(try number(xml, name, "ildg-format", source))
    }
    try agree(&self.extents, extents, "the lattice", source) { list($0) }
    if xml.contains("precision") {
      let bits = try number(xml, "precision", "ildg-format", source)
      guard bits == 32 || bits == 64 else {
        throw source.damaged(
          expected: "precision 32 or 64 in ildg-format", found: "\(bits)")
      }
      try agree(&self.bits, bits, "the precision", source) { "\($0)" }
    }
    if let field = xml.value("field") {
      guard field.hasSuffix("gauge"), let group = GaugeGroup(name: String(field.dropLast(5)))
      else {
        throw source.damaged(expected: "the field su3gauge in ildg-format", found: field)
      }
      try agree(&self.group, group, "the group", source) { "\($0)" }
    }
  }

  private mutating func readFile<Source: ByteSource>(
    _ xml: XMLText, _ source: Source
  ) throws(ConfigurationError) {
    guard let text = xml.value("dims") else { return }
    fields["scidac/dims"] = text
    let extents = try numbers(text, "dims", source)
    if xml.contains("spacetime") {
      let dimension = try number(xml, "spacetime", "scidac-private-file-xml", source)
      guard dimension == extents.count else {
        throw source.damaged(
          expected: "\(dimension) extents in scidac-private-file-xml",
          found: "\(extents.count)")
      }
    }
    if let volfmt = xml.value("volfmt"), volfmt != "0" {
      throw source.damaged(
        expected: "a single file (volfmt 0) in scidac-private-file-xml", found: volfmt)
    }
    try agree(&self.extents, extents, "the lattice", source) { list($0) }
  }

  private mutating func readRecord<Source: ByteSource>(
    _ xml: XMLText, _ source: Source
  ) throws(ConfigurationError) {
    let name = "scidac-private-record-xml"
    for tag in ["date", "datatype", "precision", "colors", "typesize", "datacount"] {
      fields["scidac/\(tag)"] = xml.value(tag)
    }
    if let precision = xml.value("precision") {
      guard precision == "F" || precision == "D" else {
        throw source.damaged(expected: "precision F or D in \(name)", found: precision)
      }
      try agree(&bits, precision == "F" ? 32 : 64, "the precision", source) { "\($0)" }
    }
    if xml.contains("colors") {
      let n = try number(xml, "colors", name, source)
      guard let group = GaugeGroup(n: n) else {
        throw source.damaged(
          expected: "1 to \(GaugeGroup.maximumN) colors in \(name)", found: "\(n)")
      }
      try agree(&self.group, group, "the group", source) { "\($0)" }
    }
    if xml.contains("typesize") { matrixBytes = try number(xml, "typesize", name, source) }
    if xml.contains("datacount") { matricesPerSite = try number(xml, "datacount", name, source) }
  }

  private mutating func readGroup<Source: ByteSource>(
    _ text: String, _ source: Source
  ) throws(ConfigurationError) {
    let record = try GroupRecord(text, source)
    fields["latticegauge/group"] = "\(record.group)"
    fields["latticegauge/boundary"] = record.boundary?.description
    boundary = record.boundary
    try agree(&group, record.group, "the group", source) { "\($0)" }
    try agree(&extents, record.extents, "the lattice", source) { list($0) }
  }

  private mutating func readChecksum<Source: ByteSource>(
    _ xml: XMLText, _ source: Source
  ) throws(ConfigurationError) {
    var sums: [UInt32] = []
    for name in ["suma", "sumb"] {
      let text = xml.value(name) ?? "nothing"
      guard let value = UInt32(text, radix: 16) else {
        throw source.damaged(
          expected: "\(name) of up to 8 hexadecimal digits in scidac-checksum", found: text)
      }
      sums.append(value)
    }
    checksum = StoredChecksum(kind: .scidac, a: sums[0], b: sums[1])
  }

  private func agree<Value: Equatable, Source: ByteSource>(
    _ known: inout Value?, _ value: Value, _ what: String, _ source: Source,
    _ text: (Value) -> String
  ) throws(ConfigurationError) {
    if let other = known, other != value {
      throw source.damaged(
        expected: "one value of \(what) in all records",
        found: "\(text(other)) and \(text(value))")
    }
    known = value
  }

  private func number<Source: ByteSource>(
    _ xml: XMLText, _ name: String, _ record: String, _ source: Source
  ) throws(ConfigurationError) -> Int {
    let text = xml.value(name) ?? "nothing"
    guard let value = Int(text) else {
      throw source.damaged(expected: "a whole number for \(name) in \(record)", found: text)
    }
    return value
  }

  private func numbers<Source: ByteSource>(
    _ text: String, _ name: String, _ source: Source
  ) throws(ConfigurationError) -> [Int] {
    var values: [Int] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }) {
      guard let value = Int(word), values.count < 16 else {
        throw source.damaged(expected: "up to 16 whole numbers for \(name)", found: text)
      }
      values.append(value)
    }
    return values
  }
}
