/// What the caller says about a file: needed where the file does not say it itself, and compared
/// with the header where it does.
struct ConfigurationRequest {
  var group: GaugeGroup?
  var extents: [Int]?

  /// Refuses a header that says something else than what was asked for.
  ///
  /// - Throws: `.damaged`.
  func check(_ info: ConfigurationInfo) throws(ConfigurationError) {
    if let group, group != info.group {
      throw ConfigurationError(
        .damaged, file: info.file, expected: "links of \(group) as asked for",
        found: "\(info.group) in the file")
    }
    if let extents, extents != info.extents {
      throw ConfigurationError(
        .damaged, file: info.file, expected: "a lattice \(list(extents)) as asked for",
        found: "\(list(info.extents)) in the file")
    }
  }

  /// Group and lattice for a file that names neither.
  ///
  /// - Throws: `.usage` where one is missing or is no lattice.
  func required<Source: ByteSource>(
    for source: Source, kind: String
  ) throws(ConfigurationError) -> (GaugeGroup, Geometry) {
    guard let group, let extents else {
      let missing =
        switch (group, extents) {
        case (nil, nil): "neither"
        case (nil, _): "no --group"
        default: "no --lattice"
        }
      throw ConfigurationError(
        .usage, file: source.name,
        expected: "--group and --lattice, since \(kind) does not name them", found: missing)
    }
    do {
      return (group, try Geometry(extents))
    } catch {
      throw ConfigurationError(
        .usage, file: source.name, expected: "a lattice in --lattice", found: "\(error)")
    }
  }
}

/// Extents as the command line takes them: `8,8,8,4`.
func list(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: ",") }

extension ByteSource {
  /// The lattice of a header.
  ///
  /// - Throws: `.damaged` for extents that make none.
  func geometry(_ extents: [Int]) throws(ConfigurationError) -> Geometry {
    do {
      return try Geometry(extents)
    } catch {
      throw damaged(expected: "the extents of a lattice", found: "\(list(extents)): \(error)")
    }
  }

  /// Refuses a file whose size is not what its header makes it.
  func requireSize(_ expected: Int, of what: String) throws(ConfigurationError) {
    guard size == expected else {
      throw damaged(expected: "\(expected) bytes for \(what)", found: "\(size)")
    }
  }
}
