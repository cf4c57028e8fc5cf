/// The file formats of gauge configurations; the raw value is their name on the command line.
public enum ConfigurationFormat: String, Sendable, CaseIterable {
  /// NERSC ("Gauge Connection") archive: a text header and SU(3) links in 4 dimensions.
  case nersc
  /// ILDG: LIME with an `ildg-format` record; SU(3) in 4 dimensions.
  case ildg
  /// SciDAC (QIO) LIME: any group and dimension.
  case scidac
  /// A NumPy array with axes [mu, x, y, z, t, a, b].
  case npy
  /// MILC version 5, single precision; read only.
  case milc
  /// LIME that holds links and nothing that says what they are; read only.
  case lime
  /// Bridge++ text, one number a line; read only.
  case bridge

  /// Whether `ConfigurationWriter` writes it.
  public var isWritable: Bool {
    switch self {
    case .nersc, .ildg, .scidac, .npy: true
    case .milc, .lime, .bridge: false
    }
  }
}

/// The order of the bytes of a number in a file.
public enum ByteOrder: String, Sendable, CaseIterable {
  case big, little
}

/// What the file says about its own integrity; a wrong checksum is an error, never a status.
public enum ChecksumStatus: String, Sendable {
  /// A checksum is stored, and the links agree with it.
  case ok
  /// The file holds none.
  case absent
}
