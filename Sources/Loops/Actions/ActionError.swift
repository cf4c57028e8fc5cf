import Lattice

/// Errors of actions and their couplings.
public enum ActionError: Error, Equatable, Sendable, CustomStringConvertible {
  case coupling(name: String, found: Double)
  case planeCount(expected: Int, found: Int)
  case dimension(action: String, expected: Int, found: Int)
  /// An action that is not defined for a group or dimension, or that an algorithm cannot do.
  case unsupported(action: String, by: String, reason: String)

  public var description: String {
    switch self {
    case .coupling("xi0", let found):
      "xi0 must be a positive finite number, found \(found)"
    case .coupling(let name, let found): "\(name) must be a finite number, found \(found)"
    case .planeCount(let expected, let found):
      "expected one coupling for each of \(expected) planes, found \(found)"
    case .dimension(let action, let expected, let found):
      "the action '\(action)' was made for \(expected) dimensions, the lattice has \(found)"
    case .unsupported(let action, let by, let reason):
      "\(by) cannot do the action '\(action)': \(reason)"
    }
  }
}
