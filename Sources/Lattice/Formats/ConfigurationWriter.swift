import Compute

/// Writes gauge configurations in the formats whose `isWritable` is true.
///
/// A file appears under its name only when all of it is written (`writeFileAtomically`). The same
/// field and options give the same bytes: no time stamp is written unless `metadata` brings one.
public struct ConfigurationWriter: Sendable {
  public struct Options: Sendable {
    /// Width of a stored real number: 32 rounds to nearest, 64 keeps every bit.
    public var bits: Int = 64
    /// NERSC only: LIME files are big-endian by their standard, npy files little-endian.
    public var byteOrder: ByteOrder = .big
    /// NERSC only: leave the third row of every matrix out.
    public var twoRow = false
    /// Further header fields: ensemble, sequence number, beta and the like. NERSC headers take
    /// them as lines, LIME files in `scidac-record-xml`; `date` goes where QIO writes the date and
    /// `lfn` into `ildg-data-lfn`. Npy headers have no place for them.
    public var metadata: [String: String] = [:]

    public init() {}
  }

  /// Writes the links of one batch member.
  ///
  /// - Throws: `.usage` for a format that is not written or does not cover the field's group,
  ///   dimension or the options; what `writeFileAtomically` throws.
  public static func write<Scalar: LatticeReal>(
    _ field: LinkField<Scalar>, member: Int = 0, to path: String, format: ConfigurationFormat,
    options: Options = Options()
  ) throws(ConfigurationError) {
    precondition((0..<field.batch).contains(member), "member \(member) of \(field.batch)")
    guard options.bits == 32 || options.bits == 64 else {
      throw ConfigurationError(
        .usage, file: path, expected: "32 or 64 bits", found: "\(options.bits)")
    }
    switch format {
    case .nersc:
      try NERSCWriter(field, member: member, path: path, options: options).write()
    case .ildg, .scidac:
      try LIMEWriter(field, member: member, path: path, format: format, options: options).write()
    case .npy:
      try NumPyWriter.write(field, member: member, to: path, bits: options.bits)
    case .milc, .lime, .bridge:
      throw ConfigurationError(
        .usage, file: path, expected: "a format that is written: nersc, ildg, scidac or npy",
        found: format.rawValue)
    }
  }
}
