import Lattice

/// What all configurations of an ensemble share with the first: group, lattice and boundary.
struct EnsembleIdentity {
  private(set) var first: ConfigurationInfo?

  /// Takes the first, and compares the others with it.
  ///
  /// - Throws: `ConfigurationError` naming what differs.
  mutating func require(_ info: ConfigurationInfo) throws {
    let first = first ?? info
    guard Self.text(info) == Self.text(first) else {
      throw ConfigurationError(
        .usage, file: info.file, expected: "\(Self.text(first)) as in the first file",
        found: Self.text(info))
    }
    self.first = first
  }

  static func text(_ info: ConfigurationInfo) -> String {
    "\(info.group) on \(info.extents), boundary \(info.boundary)"
  }
}
