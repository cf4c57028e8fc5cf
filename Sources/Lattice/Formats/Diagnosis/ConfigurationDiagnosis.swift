/// Finds out how the links lie in a file that no reader understands.
///
/// All widths, byte orders, places of a header and orders of the axes are tried for matrices that are
/// unitary; then all orders of sites and directions, and the adjoint, for a plaquette that cannot
/// come from unrelated links.
public enum ConfigurationDiagnosis {
  /// One way to read the file.
  public struct Finding: Sendable {
    /// Width of a real number.
    public var bits: Int
    public var byteOrder: ByteOrder
    /// The axes in words, slowest first, such as `t z y x mu row col re/im (fastest last)`.
    public var order: String
    /// Whether the stored matrices are the adjoints (or transposes: the plaquette is the same).
    public var dagger: Bool
    /// Bytes in front of the links.
    public var offset: Int
    /// The largest Frobenius norm of U U^dagger - 1 among the links looked at.
    public var unitarityViolation: Double
    /// Mean Re tr P / N of the sites looked at (all of a small lattice).
    public var plaquette: Double
    /// Unitary, with a plaquette of at least five standard deviations of unrelated links.
    public var sensible: Bool
  }

  /// Findings, the best first; sites or directions that only bear other names are listed behind
  /// the usual order.
  ///
  /// - Parameters:
  ///   - group: where nil, U(1) and SU(2) to SU(5) are tried.
  ///   - extents: x first, time last; needed unless the file is readable after all.
  /// - Throws: `.usage` without a lattice; `.missing`, `.inputOutput`, `.damaged` for a file too
  ///   small to hold the links in any way.
  public static func diagnose(
    _ path: String, group: GaugeGroup?, extents: [Int]?
  ) throws(ConfigurationError) -> [Finding] {
    try diagnose(FileSource(path), group: group, extents: extents)
  }

  /// `diagnose` for any source of bytes.
  package static func diagnose<Source: ByteSource>(
    _ source: Source, group: GaugeGroup?, extents: [Int]?
  ) throws(ConfigurationError) -> [Finding] {
    let known = try? ConfigurationReader.parse(
      source, ConfigurationRequest(group: group, extents: extents))
    guard let extents = extents ?? known?.info.extents else {
      throw ConfigurationError(
        .usage, file: source.name, expected: "--lattice to try it on the file", found: "none")
    }
    let geometry: Geometry
    do {
      geometry = try Geometry(extents)
    } catch {
      throw ConfigurationError(
        .usage, file: source.name, expected: "a lattice in --lattice", found: "\(error)")
    }
    let groups =
      (group ?? known?.info.group).map { [$0] } ?? (1...5).compactMap { GaugeGroup(n: $0) }
    if TextPayload.recognise(try source.bytes(at: 0, upTo: 4096)) {
      let numbers = try binary(source)
      return try DiagnosisSearch(numbers, geometry, groups).findings()
    }
    if source.size <= inMemory {
      let copy = MemorySource(
        name: source.name, try source.bytes(at: 0, upTo: source.size))
      return try DiagnosisSearch(copy, geometry, groups).findings()
    }
    return try DiagnosisSearch(source, geometry, groups).findings()
  }

  /// Files up to this size are held in memory for the search.
  private static let inMemory = 1 << 28

  /// The numbers of a text as little-endian doubles.
  private static func binary<Source: ByteSource>(
    _ source: Source
  ) throws(ConfigurationError) -> MemorySource {
    guard source.size <= inMemory else {
      throw source.damaged(expected: "a text of up to 256 MiB", found: "\(source.size) bytes")
    }
    var scanner = NumberScanner(source)
    var bytes: [UInt8] = []
    while let number = try scanner.next() {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return MemorySource(name: source.name, bytes)
  }
}
