import Compute

/// Where the links of a file lie and how they are stored, for every format that keeps the serial
/// order [site][mu][row][column][re, im] with x fastest among sites.
struct SerialPayload {
  /// The first byte of the links.
  var offset: Int
  let geometry: Geometry
  let group: GaugeGroup
  /// Width of a real number: 32 or 64.
  let bits: Int
  var byteOrder: ByteOrder
  /// Whether the third row of every SU(3) matrix is left out.
  var twoRow = false

  /// Stored matrices have this many rows of N numbers.
  var storedRows: Int { twoRow ? group.n - 1 : group.n }
  var storedNumbersPerSite: Int { geometry.dimension * 2 * storedRows * group.n }
  var fullNumbersPerSite: Int { geometry.dimension * 2 * group.n * group.n }
  var bytesPerSite: Int { storedNumbersPerSite * bits / 8 }
  /// Never overflows: 2^32 sites of 8 directions with 16 x 16 matrices are 2^47 bytes.
  var byteCount: Int { geometry.volume * bytesPerSite }

  /// Sites of about a MiB.
  private var chunk: Int { max(1, min(geometry.volume, (1 << 20) / bytesPerSite)) }

  /// Feeds all stored bytes to a checksum, and says which directions are open.
  @discardableResult
  func verify<Source: ByteSource>(
    _ source: Source, into checksum: inout PayloadChecksum
  ) throws(ConfigurationError) -> Boundary {
    var leaving = LeavingLinks(geometry)
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: chunk * bytesPerSite, alignment: 64)
    defer { raw.deallocate() }
    for start in stride(from: 0, to: geometry.volume, by: chunk) {
      let count = min(chunk, geometry.volume - start)
      let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(count * bytesPerSite)])
      try source.read(into: part, at: offset + start * bytesPerSite)
      checksum.add(UnsafeRawBufferPointer(part), bytesPerSite: bytesPerSite)
      leaving.see(
        UnsafeRawBufferPointer(part), sites: start..<(start + count), bits: bits,
        byteOrder: byteOrder)
    }
    return leaving.boundary
  }

  /// Reads all links into a field, and feeds what was stored to a checksum and to an inspection.
  ///
  /// A chunk of sites is in memory at a time.
  @specialized(where Scalar == Double, Source == FileSource)
  @specialized(where Scalar == Float, Source == FileSource)
  func load<Scalar: LatticeReal, Source: ByteSource>(
    _ source: Source, into field: inout LinkField<Scalar>, checksum: inout PayloadChecksum,
    inspection: inout LinkInspection
  ) throws(ConfigurationError) {
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: chunk * bytesPerSite, alignment: 64)
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: chunk * fullNumbersPerSite)
    let rows = UnsafeMutableBufferPointer<Double>.allocate(
      capacity: twoRow ? chunk * storedNumbersPerSite : 1)
    defer {
      raw.deallocate()
      numbers.deallocate()
      rows.deallocate()
    }
    for start in stride(from: 0, to: geometry.volume, by: chunk) {
      let count = min(chunk, geometry.volume - start)
      let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(count * bytesPerSite)])
      try source.read(into: part, at: offset + start * bytesPerSite)
      checksum.add(UnsafeRawBufferPointer(part), bytesPerSite: bytesPerSite)
      decodeReals(
        UnsafeRawBufferPointer(part), bits: bits, byteOrder: byteOrder,
        to: (twoRow ? rows : numbers).baseAddress!)
      let links = count * geometry.dimension
      if twoRow {
        completeThirdRows(rows.baseAddress!, count: links, to: numbers.baseAddress!)
      }
      inspection.inspect(UnsafePointer(numbers.baseAddress!), links: links, n: group.n)
      field.importSites(start..<(start + count), from: UnsafeBufferPointer(numbers))
    }
  }
}
