/// What keeps a check from saying anything of a symmetry: the code itself, or a check that could not
/// have failed.
public enum CheckProblem: Sendable, Hashable, CustomStringConvertible {
  /// The plan has nothing to check, or no such lattice exists.
  case plan(String)
  /// The closure threw an error, in words.
  case threw(String)
  /// An output that is nan or infinite.
  case notFinite(place: SymmetryReport.Place, value: Double)
  /// Outputs of two shapes for inputs of one.
  case changedShape(expected: String, found: String)
  /// Two outputs for one input.
  case notDeterministic(place: SymmetryReport.Place, difference: Double)
  /// All inputs gave one output within rounding, so that no breaking could have been seen.
  case constantOutput(values: [Double])
  /// Differences too inaccurate to say anything.
  case unresolved(String)

  public var description: String {
    switch self {
    case .plan(let reason): "the plan cannot be carried out: \(reason)"
    case .threw(let error): "the closure threw an error: \(error)"
    case .notFinite(let place, let value): "the closure returned \(value) at \(place)"
    case .changedShape(let expected, let found):
      "the closure changed the shape of its output: expected \(expected), found \(found)"
    case .notDeterministic(let place, let difference):
      "the closure is not deterministic: called twice with the same input, it differed by "
        + "\(difference) relative at \(place)"
    case .constantOutput(let values):
      "the check could not have failed: every input gave the output "
        + "\(values.prefix(3).map { "\($0)" }.joined(separator: ", "))\(values.count > 3 ? ", ..." : "")"
        + ", constant within rounding; leave out groups or lattices where that is right"
    case .unresolved(let reason): "the check is not accurate enough to say anything: \(reason)"
    }
  }
}
