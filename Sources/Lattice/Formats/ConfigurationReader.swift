import Compute

/// Reads gauge configurations of every format in `ConfigurationFormat`.
///
/// The format is recognised from the content, never from the name. Before memory is taken for the
/// links, the size of the file is compared with what the header makes it. Links are kept as
/// stored, never reunitarised; what the file claims about them (checksum, plaquette, link trace)
/// is verified.
public enum ConfigurationReader {
  /// Reads the links of a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - group: the gauge group; needed for files that do not name it (bare LIME, text).
  ///   - extents: x first, time last; needed for the same files.
  ///   - verifyingMeans: whether plaquette and link trace have to be those of the header; the checksum has to
  ///     be in any case.
  /// - Throws: `ConfigurationError`: `.usage` where group or lattice are needed and missing,
  ///   `.missing`, `.inputOutput`, and `.damaged` for everything that is wrong with the file, or
  ///   where it contradicts `group` or `extents`.
  public static func read<Scalar: LatticeReal>(
    _ path: String, as: Scalar.Type = Scalar.self, group: GaugeGroup? = nil,
    extents: [Int]? = nil, verifyingMeans: Bool = true
  ) throws(ConfigurationError) -> Configuration<Scalar> {
    try decode(
      FileSource(path), as: Scalar.self, group: group, extents: extents,
      verifyingMeans: verifyingMeans)
  }

  /// Reads what a file says about itself and verifies its checksum, without keeping the links.
  ///
  /// Plaquette and link trace of a NERSC header are verified by `read` only.
  public static func info(
    _ path: String, group: GaugeGroup? = nil, extents: [Int]? = nil
  ) throws(ConfigurationError) -> ConfigurationInfo {
    try inspect(FileSource(path), group: group, extents: extents)
  }

  /// `read` for any source of bytes.
  package static func decode<Scalar: LatticeReal, Source: ByteSource>(
    _ source: Source, as: Scalar.Type, group: GaugeGroup?, extents: [Int]?,
    verifyingMeans: Bool = true
  ) throws(ConfigurationError) -> Configuration<Scalar> {
    let request = ConfigurationRequest(group: group, extents: extents)
    var parsed = try parse(source, request)
    if !verifyingMeans { parsed.claims = [] }
    let field = try parsed.load(source, as: Scalar.self)
    return Configuration(field: field, info: parsed.info)
  }

  /// `info` for any source of bytes.
  package static func inspect<Source: ByteSource>(
    _ source: Source, group: GaugeGroup?, extents: [Int]?
  ) throws(ConfigurationError) -> ConfigurationInfo {
    var parsed = try parse(source, ConfigurationRequest(group: group, extents: extents))
    try parsed.verify(source)
    return parsed.info
  }

  static func parse<Source: ByteSource>(
    _ source: Source, _ request: ConfigurationRequest
  ) throws(ConfigurationError) -> ParsedConfiguration {
    let head = try source.bytes(at: 0, upTo: 4096)
    let parsed: ParsedConfiguration
    if head.isEmpty {
      throw source.damaged(expected: "a configuration", found: "an empty file")
    } else if NERSCHeader.recognise(head) {
      parsed = try NERSCReader.parse(source)
    } else if LIMERecord.recognise(head) {
      parsed = try LIMEReader.parse(source, request)
    } else if NumPyHeader.recognise(head) {
      parsed = try NumPyPayload.parse(source)
    } else if let order = MILCReader.recognise(head) {
      parsed = try MILCReader.parse(source, order: order)
    } else if TextPayload.recognise(head) {
      parsed = try TextPayload.parse(source, request)
    } else {
      let start = head.prefix(8).map { String($0, radix: 16) }.joined(separator: " ")
      throw source.damaged(
        expected: "a configuration (NERSC, LIME, MILC, npy or a text of numbers)",
        found: "an unknown format that begins with bytes \(start)")
    }
    try request.check(parsed.info)
    return parsed
  }
}
