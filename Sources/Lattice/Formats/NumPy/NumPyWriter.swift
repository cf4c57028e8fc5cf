import Compute

/// Writes links as a NumPy array of complex numbers, `<c16` or `<c8`, in C order with axes
/// [mu, x, y, z, t, a, b].
enum NumPyWriter {
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  static func write<Scalar: LatticeReal>(
    _ field: LinkField<Scalar>, member: Int, to path: String, bits: Int
  ) throws(ConfigurationError) {
    let n = field.group.n
    let matrix = 2 * n * n
    let layout = field.layout
    let lanes = Scalar.Lanes.scalarCount
    let capacity = max(matrix, (1 << 17) / matrix * matrix)
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: capacity)
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: capacity * bits / 8, alignment: 64)
    defer {
      numbers.deallocate()
      raw.deallocate()
    }
    try writeFileAtomically(path) { writer throws(ConfigurationError) in
      try writer.write(
        NumPyHeader.header(
          type: bits == 64 ? "<c16" : "<c8",
          shape: [field.dimension] + field.geometry.extents + [n, n]))
      let base = UnsafeRawPointer(field.view.base).assumingMemoryBound(to: Scalar.self)
      var filled = 0
      func flush() throws(ConfigurationError) {
        let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(filled * bits / 8)])
        encodeReals(
          UnsafeBufferPointer(rebasing: numbers[..<filled]), bits: bits, byteOrder: .little,
          to: part)
        try writer.write(UnsafeRawBufferPointer(part))
        filled = 0
      }
      for mu in 0..<field.dimension {
        for site in TimeFastestSites(field.geometry) {
          if filled == capacity { try flush() }
          let (block, lane) = layout.locate(site: site, member: member)
          let p = base + (block * field.dimension + mu) * matrix * lanes + lane
          for k in 0..<matrix { numbers[filled + k] = Double(p[k * lanes]) }
          filled += matrix
        }
      }
      try flush()
    }
  }
}
