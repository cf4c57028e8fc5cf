/// The numbers of a file under one guess of how they are stored.
struct StoredLinks {
  enum Axis: String, CaseIterable {
    case site, mu, row
    case column = "col"
    case part = "re/im"
  }

  let bits: Int
  let byteOrder: ByteOrder
  let offset: Int
  let n: Int
  let storedRows: Int
  /// Slowest first.
  let axes: [Axis]
  private let strides: (site: Int, mu: Int, row: Int, column: Int, part: Int)

  init(
    bits: Int, byteOrder: ByteOrder, offset: Int, group: GaugeGroup, storedRows: Int, axes: [Axis],
    geometry: Geometry
  ) {
    self.bits = bits
    self.byteOrder = byteOrder
    self.offset = offset
    n = group.n
    self.storedRows = storedRows
    self.axes = axes
    var stride = 1
    var strides = (site: 0, mu: 0, row: 0, column: 0, part: 0)
    for axis in axes.reversed() {
      switch axis {
      case .site: (strides.site, stride) = (stride, stride * geometry.volume)
      case .mu: (strides.mu, stride) = (stride, stride * geometry.dimension)
      case .row: (strides.row, stride) = (stride, stride * storedRows)
      case .column: (strides.column, stride) = (stride, stride * group.n)
      case .part: (strides.part, stride) = (stride, stride * 2)
      }
    }
    self.strides = strides
  }

  /// One matrix, [row][column][re, im], or its hermitian adjoint.
  func load<Source: ByteSource>(
    rank: Int, mu: Int, dagger: Bool, from source: Source, _ m: UnsafeMutablePointer<Double>
  ) throws(ConfigurationError) {
    for row in 0..<storedRows {
      for column in 0..<n {
        let (a, b) = dagger ? (column, row) : (row, column)
        for part in 0..<2 {
          let index =
            rank * strides.site + mu * strides.mu + row * strides.row + column * strides.column
            + part * strides.part
          let value = try number(index, source)
          m[2 * (a * n + b) + part] = dagger && part == 1 ? -value : value
        }
      }
    }
    if storedRows < n { complete(m, dagger: dagger) }
  }

  private func number<Source: ByteSource>(
    _ index: Int, _ source: Source
  ) throws(ConfigurationError) -> Double {
    var value = 0.0
    if bits == 64 {
      var word: UInt64 = 0
      try read(&word, offset + 8 * index, source)
      value = Double(bitPattern: byteOrder == .big ? word.bigEndian : word.littleEndian)
    } else {
      var word: UInt32 = 0
      try read(&word, offset + 4 * index, source)
      value = Double(
        Float(bitPattern: byteOrder == .big ? word.bigEndian : word.littleEndian))
    }
    return value
  }

  private func read<Word: FixedWidthInteger, Source: ByteSource>(
    _ word: inout Word, _ position: Int, _ source: Source
  ) throws(ConfigurationError) {
    try withUnsafeMutableBytes(of: &word) { bytes throws(ConfigurationError) in
      try source.read(into: bytes, at: position)
    }
  }

  private func complete(_ m: UnsafeMutablePointer<Double>, dagger: Bool) {
    // The third row of U is conj(row 0 x row 1); of U^dagger that is the third column, conjugated.
    let (rowStep, columnStep) = dagger ? (2, 2 * n) : (2 * n, 2)
    for k in 0..<3 {
      let (i, j) = (columnStep * ((k + 1) % 3), columnStep * ((k + 2) % 3))
      let (a, b) = (m, m + rowStep)
      let out = m + 2 * rowStep + columnStep * k
      out[0] = a[i] * b[j] - a[i + 1] * b[j + 1] - a[j] * b[i] + a[j + 1] * b[i + 1]
      out[1] = -(a[i] * b[j + 1] + a[i + 1] * b[j] - a[j] * b[i + 1] - a[j + 1] * b[i])
    }
  }
}
