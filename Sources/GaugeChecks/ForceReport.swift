/// What a comparison of the force of an action with its value found.
public struct ForceReport: Sendable, Hashable, CustomStringConvertible {
  /// The name of the action.
  public let subject: String
  public let setting: String
  /// The largest deviation of -sum tr(X F) from dS/ds, along random directions on all links and on
  /// single links, in units of a typical slope; infinite where a number is not finite.
  public let deviation: Double
  /// What rounding may do: 1000 u + (64 u (|S| + |F|) / h + 10 e) / typical slope, with u the unit
  /// roundoff, h the smallest step and e the error estimate of the extrapolation.
  public let tolerance: Double
  /// The single link and generator with the largest deviation, if a deviation was found there.
  public let place: Place?
  /// The slope of the value where the deviation is largest.
  public let expected: Double
  /// The slope by the force there.
  public let found: Double
  /// The worst direction as words, such as "a random direction on all links, input 0".
  public let direction: String
  /// How many directions were compared.
  public let directions: Int
  public let seed: UInt64
  /// Whether the action was asked to have no force at all.
  public let isPiecewiseConstant: Bool
  /// Whether the action has neither slopes nor a force: such a check could not have failed.
  public let isVacuous: Bool
  /// Whether differences were too inaccurate to say anything, as of a value that is not smooth.
  public let isUnresolved: Bool

  /// A link and a generator.
  public struct Place: Sendable, Hashable, CustomStringConvertible {
    /// The coordinates of the site.
    public let site: [Int]
    public let direction: Int
    public let component: AlgebraComponent

    public var description: String { "site \(site), direction \(direction), \(component)" }
  }

  /// Whether force and value agree and the check could have failed.
  public var holds: Bool { deviation <= tolerance && !isVacuous && !isUnresolved }

  /// Whether they disagree by a thousand tolerances.
  public var isBroken: Bool { deviation > 1000 * tolerance && !isVacuous }

  /// One line.
  public var description: String {
    let verdict =
      isVacuous
      ? "VACUOUS" : isUnresolved ? "UNRESOLVED" : holds ? "matches" : isBroken ? "wrong" : "unclear"
    let kind = isPiecewiseConstant ? "force of a piecewise constant action" : "force"
    let line =
      "\(subject) (\(setting)): \(kind) \(verdict); relative deviation \(deviation), tolerance "
      + "\(tolerance), \(directions) directions, seed \(seed)"
    if deviation == 0 { return line }
    return line + "; \(place.map { "\($0), " } ?? "")\(direction): expected \(expected), found "
      + "\(found)"
  }
}
