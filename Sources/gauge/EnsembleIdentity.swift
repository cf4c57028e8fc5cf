import Lattice

/// What the configurations of one ensemble have in common.
struct EnsembleIdentity {
  private let lattice: String
  private let couplings: String?

  /// - Parameter couplings: whether what a file says of its action has to agree too.
  init(_ info: ConfigurationInfo, couplings: Bool = false) {
    lattice = "\(info.group) on \(info.extents), boundary \(info.boundary)"
    let metadata = info.metadata
    // Files of other codes do not say it.
    guard couplings, metadata["action"] != nil else {
      self.couplings = nil
      return
    }
    let keys = ["action", "beta", "xi0", "couplings", "c1", "theta", "boundaryWeight"]
    self.couplings = keys.compactMap { key in metadata[key].map { "\(key) \($0)" } }
      .joined(separator: ", ")
  }

  /// - Throws: `ConfigurationError` naming what another configuration has different.
  func require(_ info: ConfigurationInfo) throws(ConfigurationError) {
    let other = EnsembleIdentity(info, couplings: couplings != nil)
    func refuse(_ expected: String, _ found: String) -> ConfigurationError {
      ConfigurationError(
        .usage, file: info.file, expected: "\(expected) as in the first file", found: found)
    }
    guard other.lattice == lattice else { throw refuse(lattice, other.lattice) }
    if let couplings, let found = other.couplings, found != couplings {
      throw refuse(couplings, found)
    }
  }
}
