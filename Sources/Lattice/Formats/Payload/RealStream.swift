/// Stored real numbers, one run after the other, read a MiB at a time.
struct RealReader<Source: ByteSource>: ~Copyable {
  private let source: Source
  private let bits: Int
  private let byteOrder: ByteOrder
  private var offset: Int
  private var remaining: Int
  private let raw: UnsafeMutableRawBufferPointer
  private let numbers: UnsafeMutablePointer<Double>
  private var index = 0
  private var count = 0

  /// - Parameter count: numbers that follow the offset.
  init(_ source: Source, offset: Int, count: Int, bits: Int, byteOrder: ByteOrder) {
    self.source = source
    self.bits = bits
    self.byteOrder = byteOrder
    self.offset = offset
    remaining = count
    raw = .allocate(byteCount: 1 << 20, alignment: 64)
    numbers = .allocate(capacity: (1 << 20) / (bits / 8))
  }

  deinit {
    raw.deallocate()
    numbers.deallocate()
  }

  /// The next numbers, at most 65 536; valid until the next call.
  mutating func next(_ wanted: Int) throws(ConfigurationError) -> UnsafePointer<Double> {
    if count - index < wanted {
      // Numbers not yet used are read once more, which keeps runs whole.
      let unused = count - index
      offset -= unused * bits / 8
      remaining += unused
      count = min(raw.count / (bits / 8), remaining)
      guard count >= wanted else {
        throw source.damaged(
          expected: "\(wanted) numbers at byte \(offset)", found: "\(count)")
      }
      let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(count * bits / 8)])
      try source.read(into: part, at: offset)
      decodeReals(UnsafeRawBufferPointer(part), bits: bits, byteOrder: byteOrder, to: numbers)
      offset += part.count
      remaining -= count
      index = 0
    }
    defer { index += wanted }
    return UnsafePointer(numbers + index)
  }
}

/// Sites in the order in which the last direction is fastest, as serial indices (x fastest).
struct TimeFastestSites: Sequence, IteratorProtocol {
  private let extents: [Int]
  private let strides: [Int]
  private var coordinates: [Int]
  private var site = 0
  private var left: Int

  init(_ geometry: Geometry) {
    extents = geometry.extents
    var strides: [Int] = []
    var stride = 1
    for extent in geometry.extents {
      strides.append(stride)
      stride *= extent
    }
    self.strides = strides
    coordinates = [Int](repeating: 0, count: geometry.dimension)
    left = geometry.volume
  }

  mutating func next() -> Int? {
    guard left > 0 else { return nil }
    left -= 1
    defer {
      for mu in extents.indices.reversed() {
        coordinates[mu] += 1
        site += strides[mu]
        if coordinates[mu] < extents[mu] { break }
        site -= extents[mu] * strides[mu]
        coordinates[mu] = 0
      }
    }
    return site
  }
}
