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

  /// - Throws: `.planeCount` unless there are d (d - 1) / 2 couplings, one for every plane mu < nu;
  ///   `.coupling` if one is not finite.
  static func requirePlaneCouplings(
    _ couplings: [Double], dimension: Int
  ) throws(ActionError) {
    guard couplings.count == dimension * (dimension - 1) / 2 else {
      throw .planeCount(expected: dimension * (dimension - 1) / 2, found: couplings.count)
    }
    for beta in couplings where !beta.isFinite { throw .coupling(name: "beta", found: beta) }
  }
}
