import Compute

extension SerialPayload {
  /// Writes the links of a member, a chunk of sites at a time, and feeds the bytes to a checksum.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func store<Scalar: LatticeReal>(
    _ field: LinkField<Scalar>, member: Int, to writer: inout BufferedFileWriter,
    checksum: inout PayloadChecksum
  ) throws(ConfigurationError) {
    let chunk = max(1, min(geometry.volume, (1 << 20) / bytesPerSite))
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: chunk * bytesPerSite, alignment: 64)
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: chunk * fullNumbersPerSite)
    defer {
      raw.deallocate()
      numbers.deallocate()
    }
    for start in stride(from: 0, to: geometry.volume, by: chunk) {
      let count = min(chunk, geometry.volume - start)
      field.exportSites(start..<(start + count), member: member, to: numbers)
      if twoRow {
        // In place: every number moves towards the front.
        dropThirdRows(
          numbers.baseAddress!, count: count * geometry.dimension, to: numbers.baseAddress!)
      }
      let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(count * bytesPerSite)])
      encodeReals(
        UnsafeBufferPointer(rebasing: numbers[..<(count * storedNumbersPerSite)]), bits: bits,
        byteOrder: byteOrder, to: part)
      checksum.add(UnsafeRawBufferPointer(part), bytesPerSite: bytesPerSite)
      try writer.write(UnsafeRawBufferPointer(part))
    }
  }
}
