/// Errors of tensors, primitives, parameters, optimisers and what governs a training.
public enum AutodiffError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A shape with a negative extent or with more elements than can be counted.
  case shape([Int])
  case elementCount(shape: [Int], expected: Int, found: Int)
  case shapeMismatch(name: String, expected: [Int], found: [Int])
  /// Shapes that a primitive cannot work on together.
  case operands(of: String, expected: String, found: [[Int]])
  case parameterName(String, reason: String)
  case duplicateParameter(String)
  /// Two sets of tensors do not have the same names; the first difference.
  case parameterNames(expected: String?, found: String?)
  /// A gradient or loss that is not a number or infinite; nothing was changed.
  case nonFinite(name: String, index: Int)
  case setting(name: String, expected: String, found: String)
  /// A saved state that does not fit what it is restored into.
  case state(what: String, expected: String, found: String)

  public var description: String {
    switch self {
    case .shape(let shape):
      "expected extents of 0 or more with a product below 2^63, found the shape \(shape)"
    case .elementCount(let shape, let expected, let found):
      "expected \(expected) values for the shape \(shape), found \(found)"
    case .shapeMismatch(let name, let expected, let found):
      "expected the shape \(expected) of '\(name)', found \(found)"
    case .operands(let primitive, let expected, let found):
      "expected \(expected) of \(primitive), found \(found.map { "\($0)" }.joined(separator: ", "))"
    case .parameterName(let name, let reason):
      "expected a dotted name such as 'layer1.weight', found '\(name)': \(reason)"
    case .duplicateParameter(let name):
      "expected every parameter once, found '\(name)' again"
    case .parameterNames(let expected, let found):
      "expected \(Self.quoted(expected)), found \(Self.quoted(found))"
    case .nonFinite(let name, let index):
      "expected finite numbers in '\(name)', found another at index \(index)"
    case .setting(let name, let expected, let found):
      "expected \(name) to be \(expected), found \(found)"
    case .state(let what, let expected, let found):
      "expected \(what) \(expected) in the saved state, found \(found)"
    }
  }

  private static func quoted(_ name: String?) -> String {
    name.map { "the parameter '\($0)'" } ?? "no further parameter"
  }
}

/// Throws unless a setting is finite and within its range.
func requireSetting(
  _ name: String, _ value: Double, _ isValid: (Double) -> Bool, _ expected: String
) throws(AutodiffError) {
  guard value.isFinite, isValid(value) else {
    throw .setting(name: name, expected: expected, found: "\(value)")
  }
}

/// Throws unless a count is at least its least value.
func requireCount(_ name: String, _ value: Int, atLeast least: Int) throws(AutodiffError) {
  guard value >= least else {
    throw .setting(name: name, expected: "\(least) or more", found: "\(value)")
  }
}
