/// What a check of one symmetry found: what moved, where, by how much and under which seed.
public struct SymmetryReport: Sendable, Hashable, CustomStringConvertible {
  /// What was asked: "invariance", "covariance of a site field", "covariance of a map", ...
  public let check: String
  /// The name of the observable or updater.
  public let subject: String
  /// The symmetry: "gauge", "translation", "charge conjugation, even", ...
  public let symmetry: String
  /// The lattice and group, such as "SU(3) on 2x3x4".
  public let setting: String
  /// The largest deviation, relative to the scale of the output; infinite for NaN and for outputs of
  /// different shape.
  public let deviation: Double
  /// What rounding may do.
  public let tolerance: Double
  /// Where the deviation is largest.
  public let place: Place
  /// Which transformation of which input gave it, such as "localised on one site, input 2".
  public let transformation: String
  /// The numbers there that were expected: the transform of the output, [re, im, ...] of a matrix.
  public let expected: [Double]
  /// The numbers there that were found: the output of the transformed input.
  public let found: [Double]
  /// The seed of the check.
  public let seed: UInt64
  /// Whether independent random inputs gave the same output (or zero): such a check could not have
  /// failed, so it counts as failed.
  public let isVacuous: Bool
  /// Whether the symmetry is declared and has to hold, or is not and has to be seen broken.
  public var isDeclared = true

  /// A place in an output.
  public enum Place: Sendable, Hashable, CustomStringConvertible {
    /// The index of a number of an observable.
    case output(Int)
    /// The coordinates of a site and a channel.
    case site([Int], channel: Int)
    /// The coordinates of a site and the direction of a link.
    case link([Int], direction: Int)
    /// The coordinates of a site and the direction of the momentum of a link.
    case momentum([Int], direction: Int)

    public var description: String {
      switch self {
      case .output(let index): "output \(index)"
      case .site(let x, let channel): "site \(x), channel \(channel)"
      case .link(let x, let direction): "site \(x), direction \(direction)"
      case .momentum(let x, let direction): "momentum at site \(x), direction \(direction)"
      }
    }
  }

  /// Whether the symmetry holds within the tolerance and the check could have failed.
  public var holds: Bool { deviation <= tolerance && !isVacuous }

  /// Whether the symmetry is broken beyond doubt, by a thousand tolerances.
  public var isBroken: Bool { deviation > 1000 * tolerance && !isVacuous }

  /// Whether a declared symmetry holds, or one that is not declared is broken beyond doubt.
  public var isAsDeclared: Bool { isDeclared ? holds : isBroken }

  /// The report as one that expects the symmetry to be broken.
  public var undeclared: SymmetryReport {
    var copy = self
    copy.isDeclared = false
    return copy
  }

  /// One line.
  public var description: String {
    let verdict = isVacuous ? "VACUOUS" : holds ? "holds" : isBroken ? "broken" : "unclear"
    let wish = isDeclared ? "declared" : "not declared"
    let line =
      "\(subject) (\(setting)): \(symmetry) \(check) \(verdict), \(wish); relative deviation "
      + "\(deviation), tolerance \(tolerance)"
    if deviation == 0 { return line + ", seed \(seed)" }
    let (a, b) = (Self.short(expected), Self.short(found))
    return line + " at \(place) under \(transformation), seed \(seed): expected \(a), found \(b)"
  }

  private static func short(_ values: [Double]) -> String {
    values.count == 1
      ? "\(values[0])" : "[" + values.prefix(2).map { "\($0)" }.joined(separator: ", ") + ", ...]"
  }
}

/// How far rounding may move an output.
public enum SymmetryTolerance: Sendable, Hashable {
  /// 1e-10 relative in double precision, 1e-4 in single.
  case standard
  /// A relative deviation.
  case relative(Double)
  /// The unit roundoff of the precision times a number of operations in sequence, and 8 for safety.
  case operations(Int)

  /// The tolerance for numbers whose unit roundoff is `ulp`.
  public func value(ulp: Double) -> Double {
    switch self {
    case .standard: ulp < 1e-10 ? 1e-10 : 1e-4
    case .relative(let value): value
    case .operations(let count): 8 * ulp * Double(count)
    }
  }
}
