import Compute

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bridge++ text: one number a line, slowest first t, z, y, x, mu, row, column, (re, im); no header.
struct TextPayload {
  let geometry: Geometry
  let group: GaugeGroup

  /// Whether the first bytes of a file can be a list of numbers.
  static func recognise(_ head: [UInt8]) -> Bool {
    var hasDigit = false
    for byte in head {
      switch byte {
      case 48...57: hasDigit = true
      case 9, 10, 13, 32, 43, 45, 46, 69, 101: break
      default: return false
      }
    }
    return hasDigit
  }

  static func parse<Source: ByteSource>(
    _ source: Source, _ request: ConfigurationRequest
  ) throws(ConfigurationError) -> ParsedConfiguration {
    let (group, geometry) = try request.required(for: source, kind: "a text of numbers")
    let payload = TextPayload(geometry: geometry, group: group)
    // Every number takes a digit and a separator, the last one perhaps without.
    guard source.size >= 2 * payload.count - 1 else {
      throw source.damaged(
        expected: "\(payload.count) numbers for \(group) on \(list(geometry.extents))",
        found: "a file of \(source.size) bytes")
    }
    var info = ConfigurationInfo(
      file: source.name, format: .bridge, group: group, extents: geometry.extents,
      storedBits: 64, byteOrder: .little)
    info.warnings.append("a text file holds no checksum")
    return ParsedConfiguration(info: info, geometry: geometry, content: .text(payload))
  }

  var numbersPerSite: Int { geometry.dimension * 2 * group.n * group.n }
  var count: Int { geometry.volume * numbersPerSite }

  func load<Scalar: LatticeReal, Source: ByteSource>(
    _ source: Source, into field: inout LinkField<Scalar>, inspection: inout LinkInspection
  ) throws(ConfigurationError) {
    try forEachSite(source) { site, numbers in
      inspection.inspect(numbers.baseAddress!, links: geometry.dimension, n: group.n)
      field.importSites(site..<(site + 1), from: numbers)
    }
  }

  /// Which directions are open.
  func boundary<Source: ByteSource>(_ source: Source) throws(ConfigurationError) -> Boundary {
    var leaving = LeavingLinks(geometry)
    let matrix = 2 * group.n * group.n
    try forEachSite(source) { site, numbers in
      for mu in 0..<geometry.dimension {
        leaving.see(site: site, mu: mu) {
          (0..<matrix).allSatisfy { numbers[mu * matrix + $0] == 0 }
        }
      }
    }
    return leaving.boundary
  }

  /// Calls `body` with the numbers of every site in serial order.
  private func forEachSite<Source: ByteSource>(
    _ source: Source, _ body: (Int, UnsafeBufferPointer<Double>) -> Void
  ) throws(ConfigurationError) {
    var text = NumberScanner(source)
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: numbersPerSite)
    defer { numbers.deallocate() }
    for site in 0..<geometry.volume {
      for k in 0..<numbersPerSite {
        guard let number = try text.next() else {
          throw source.damaged(
            expected: "\(count) numbers", found: "\(site * numbersPerSite + k)")
        }
        numbers[k] = number
      }
      body(site, UnsafeBufferPointer(numbers))
    }
    guard try text.next() == nil else {
      throw source.damaged(expected: "\(count) numbers", found: "more")
    }
  }
}

/// The numbers of a text, one after the other.
struct NumberScanner<Source: ByteSource> {
  /// No number that a program prints is longer.
  private static var longest: Int { 128 }

  private let source: Source
  private var buffer: [UInt8] = []
  private var index = 0
  private var offset = 0
  private var token: [CChar] = []

  init(_ source: Source) { self.source = source }

  /// The next number; nil at the end of the text.
  ///
  /// - Throws: `.damaged` for a word that is no finite decimal number.
  mutating func next() throws(ConfigurationError) -> Double? {
    token.removeAll(keepingCapacity: true)
    while let byte = try nextByte() {
      switch byte {
      case 9, 10, 13, 32:
        if !token.isEmpty { return try number() }
      case 48...57, 43, 45, 46, 69, 101:
        guard token.count < Self.longest else { throw noNumber() }
        token.append(CChar(byte))
      default:
        token.append(63)
        throw noNumber()
      }
    }
    return token.isEmpty ? nil : try number()
  }

  private mutating func number() throws(ConfigurationError) -> Double {
    token.append(0)
    // Only digits, signs, points and exponents come here, so the C library reads plain decimals.
    var end: UnsafeMutablePointer<CChar>?
    let (value, used) = token.withUnsafeMutableBufferPointer { buffer in
      let value = strtod(buffer.baseAddress!, &end)
      return (value, end.map { $0 - buffer.baseAddress! } ?? 0)
    }
    guard used == token.count - 1, value.isFinite else { throw noNumber() }
    return value
  }

  private func noNumber() -> ConfigurationError {
    let text = String(
      decoding: token.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return source.damaged(
      expected: "a number", found: "\"\(text)\" before byte \(offset - buffer.count + index)")
  }

  private mutating func nextByte() throws(ConfigurationError) -> UInt8? {
    if index == buffer.count {
      buffer = try source.bytes(at: offset, upTo: 1 << 18)
      offset += buffer.count
      index = 0
      if buffer.isEmpty { return nil }
    }
    defer { index += 1 }
    return buffer[index]
  }
}
