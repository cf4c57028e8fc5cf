import LatticeSymmetry

/// Errors of layers whose inputs or weights do not fit, thrown when they are composed.
public enum LayerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A path that was to be a loop and does not end where it starts.
  case openPath(String, lattice: String, displacement: [Int])
  case pathDimension(path: String, expected: Int, found: Int)
  /// A layer that would have no output.
  case noChannels(layer: String)
  case channels(layer: String, expected: Int, found: Int)
  /// A channel that is asked for and does not exist.
  case channel(layer: String, channel: Int, channels: Int)
  /// Two fields that are not of one lattice, batch and group.
  case lattice(layer: String, expected: String, found: String)
  /// A weight of a wrong shape; -1 stands for any extent.
  case shape(layer: String, name: String, expected: [Int], found: [Int])
  /// A network that cannot be composed as described.
  case network(String)
  case setting(layer: String, name: String, expected: String, found: String)
  /// Channels that carry another representation of the symmetries than a layer reads.
  case representation(layer: String, expected: String, found: String)
  /// A symmetry that cannot act where a layer declares it.
  case symmetry(layer: String, LatticeSymmetryError)

  public var description: String {
    switch self {
    case .openPath(let path, let lattice, let displacement):
      "loops: expected a path that closes on \(lattice), found '\(path)', "
        + "which ends at \(displacement)"
    case .pathDimension(let path, let expected, let found):
      "loops: expected a path in \(expected) dimensions, found '\(path)' in \(found)"
    case .noChannels(let layer): "\(layer): expected one channel or more, found none"
    case .channels(let layer, let expected, let found):
      "\(layer): expected \(expected) channels, found \(found)"
    case .channel(let layer, let channel, let channels):
      "\(layer): expected a channel below \(channels), found \(channel)"
    case .lattice(let layer, let expected, let found):
      "\(layer): expected a field of \(expected), found one of \(found)"
    case .shape(let layer, let name, let expected, let found):
      "\(layer): expected the shape \(expected) of '\(name)', found \(found)"
    case .network(let text): "network: \(text)"
    case .setting(let layer, let name, let expected, let found):
      "\(layer): expected \(name) to be \(expected), found \(found)"
    case .representation(let layer, let expected, let found):
      "\(layer): expected \(expected), found \(found)"
    case .symmetry(let layer, let error): "\(layer): \(error)"
    }
  }
}
