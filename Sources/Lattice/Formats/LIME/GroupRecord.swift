/// The LIME record of our own, `latticegauge-group`: group, dimension and extents of the links, since
/// no other record names a group that is not SU(3).
///
///     <?xml version="1.0" encoding="UTF-8"?><latticeGaugeGroup><version>1.0</version>
///     <group>SU(2)</group><n>2</n><dimension>3</dimension><extents>4 4 6</extents>
///     </latticeGaugeGroup>
///
/// on one line. It stands as a message of its own behind the SciDAC file message.
struct GroupRecord {
  static let type = "latticegauge-group"

  let group: GaugeGroup
  /// x first, time last.
  let extents: [Int]

  init(group: GaugeGroup, extents: [Int]) {
    self.group = group
    self.extents = extents
  }

  /// - Throws: `.damaged` for a record that contradicts itself.
  init<Source: ByteSource>(_ text: String, _ source: Source) throws(ConfigurationError) {
    let xml = XMLText(text)
    let name = xml.value("group") ?? "nothing"
    guard let group = GaugeGroup(name: name), xml.value("n").map({ Int($0) == group.n }) ?? true
    else {
      throw source.damaged(
        expected: "a group and its N in \(Self.type)",
        found: "\(name) with N \(xml.value("n") ?? "nothing")")
    }
    let words = (xml.value("extents") ?? "").split(separator: " ").prefix(16)
    let extents = words.compactMap { Int($0) }
    guard extents.count == words.count,
      xml.value("dimension").map({ Int($0) == extents.count })
        ?? true
    else {
      throw source.damaged(
        expected: "as many extents as dimensions in \(Self.type)",
        found: "\(words.joined(separator: " ")) in \(xml.value("dimension") ?? "?")")
    }
    self.group = group
    self.extents = extents
  }

  var text: String {
    let lattice = extents.map(String.init).joined(separator: " ")
    return """
      <?xml version="1.0" encoding="UTF-8"?><latticeGaugeGroup><version>1.0</version>\
      <group>\(group)</group><n>\(group.n)</n><dimension>\(extents.count)</dimension>\
      <extents>\(lattice)</extents></latticeGaugeGroup>
      """
  }
}
