import Compute

/// Everything a configuration file says about itself, and what of it was verified.
public struct ConfigurationInfo: Sendable {
  /// The path as it was given.
  public var file: String
  /// Recognised from the content.
  public var format: ConfigurationFormat
  /// The gauge group of the links.
  public var group: GaugeGroup
  /// Extents, x first, time last.
  public var extents: [Int]
  /// Which directions are open: those in which all links that leave the last slice are zero.
  public var boundary: Boundary
  /// Width of a stored real number: 32 or 64.
  public var storedBits: Int
  /// Byte order of the stored numbers; `little` for text.
  public var byteOrder: ByteOrder
  /// Whether only two of three rows of every SU(3) link are stored.
  public var twoRow: Bool
  /// Whether a checksum was there to verify.
  public var checksum: ChecksumStatus
  /// What a careful user wants to know and no reason to refuse the file, one line each.
  public var warnings: [String] = []
  /// Types of the LIME records in their order; empty for other formats.
  public var records: [String] = []
  /// Header fields as read.
  public var header: [String: String] = [:]
  /// Verified checksums in hexadecimal: `nersc`, `milc29`, `milc31`, `scidac-a`, `scidac-b`.
  public var checksums: [String: String] = [:]

  init(
    file: String, format: ConfigurationFormat, group: GaugeGroup, extents: [Int],
    storedBits: Int, byteOrder: ByteOrder, twoRow: Bool = false
  ) {
    self.file = file
    self.format = format
    self.group = group
    self.extents = extents
    boundary = .periodic(extents.count)
    self.storedBits = storedBits
    self.byteOrder = byteOrder
    self.twoRow = twoRow
    checksum = .absent
  }
}

/// Links read from a file, with what the file says about them.
public struct Configuration<Scalar: LatticeReal>: Sendable {
  /// The links as stored, never reunitarised; one batch member.
  public var field: LinkField<Scalar>
  public var info: ConfigurationInfo
}
