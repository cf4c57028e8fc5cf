import Lattice

/// Feeds bytes to the readers, behind a beginning that leads them to one format.
///
/// Errors are what a hostile file deserves; a crash, a hang or memory beyond the limit is a finding.
func readConfiguration(
  _ data: UnsafePointer<UInt8>, _ size: Int, opening: [UInt8], group: GaugeGroup? = nil,
  extents: [Int]? = nil
) {
  var content = Array(UnsafeBufferPointer(start: data, count: size))
  if !content.starts(with: opening) { content = opening + content }
  let source = MemorySource(name: "fuzz", content)
  do {
    let read = try ConfigurationReader.decode(
      source, as: Double.self, group: group, extents: extents)
    // Plaquettes walk all links, so that memory never written to would show.
    precondition(read.field.plaquette() == read.field.plaquette() || !read.info.warnings.isEmpty)
    _ = try ConfigurationReader.decode(source, as: Float.self, group: group, extents: extents)
  } catch {
    precondition(!error.description.contains("\n"), "an error of more than one line")
  }
  _ = try? ConfigurationReader.inspect(source, group: group, extents: extents)
}
