/// Errors of Fourier transforms and of what is built on them.
public enum FourierError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two fields that have to agree in lattice, channels or batch do not.
  case shape(expected: String, found: String)
  /// More modes than the lattice has.
  case modes(direction: Int, largest: Int, found: Int)
  /// FFTW made no plan.
  case noPlan(extents: [Int])
  /// Wisdom that cannot be read or written.
  case wisdom(path: String, reason: String)
  /// A parameter out of its range.
  case parameter(name: String, expected: String, found: String)
  /// A gauge cannot be fixed on these links.
  case gaugeFixing(expected: String, found: String)

  public var description: String {
    switch self {
    case .shape(let expected, let found): "expected \(expected), found \(found)"
    case .modes(let direction, let largest, let found):
      "modes of direction \(direction): expected 0 to \(largest), found \(found)"
    case .noPlan(let extents):
      "FFTW made no plan for \(extents.map(String.init).joined(separator: "x"))"
    case .wisdom(let path, let reason): "wisdom in \(path): \(reason)"
    case .parameter(let name, let expected, let found):
      "\(name): expected \(expected), found \(found)"
    case .gaugeFixing(let expected, let found):
      "gauge fixing: expected \(expected), found \(found)"
    }
  }
}
