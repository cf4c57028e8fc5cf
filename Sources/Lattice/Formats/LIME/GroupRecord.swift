/// The LIME record of our own, `latticegauge-group`: group, dimension, extents and boundary of the
/// links, since no other record names a group that is not SU(3).
///
///     <?xml version="1.0" encoding="UTF-8"?><latticeGaugeGroup><version>1.0</version>
///     <group>SU(2)</group><n>2</n><dimension>3</dimension><extents>4 4 6</extents>
///     <boundary>periodic periodic open</boundary></latticeGaugeGroup>
///
/// on one line. It stands as a message of its own behind the SciDAC file message.
struct GroupRecord {
  static let type = "latticegauge-group"

  let group: GaugeGroup
  /// x first, time last.
  let extents: [Int]
  /// nil in a record that does not say.
  let boundary: Boundary?

  init(group: GaugeGroup, extents: [Int], boundary: Boundary) {
    self.group = group
    self.extents = extents
    self.boundary = boundary
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
    if let text = xml.value("boundary") {
      do {
        boundary = try Boundary(
          words: text.split(separator: " ").prefix(16).map(String.init), dimension: extents.count)
      } catch {
        throw source.damaged(
          expected: "periodic or open for every direction in \(Self.type)", found: text)
      }
    } else {
      boundary = nil
    }
    self.group = group
    self.extents = extents
  }

  var text: String {
    let lattice = extents.map(String.init).joined(separator: " ")
    let words = boundary.map { "<boundary>\($0.words.joined(separator: " "))</boundary>" } ?? ""
    return """
      <?xml version="1.0" encoding="UTF-8"?><latticeGaugeGroup><version>1.0</version>\
      <group>\(group)</group><n>\(group.n)</n><dimension>\(extents.count)</dimension>\
      <extents>\(lattice)</extents>\(words)</latticeGaugeGroup>
      """
  }
}
