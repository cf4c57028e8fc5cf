/// What a suite found: that a property holds in all settings of a plan, where it is broken first and in
/// the smallest example, or what kept the suite from seeing.
public struct SuiteReport: Sendable, Hashable, CustomStringConvertible {
  /// What was examined.
  public let subject: String
  /// What it was examined for, such as "gauge invariance".
  public let property: String
  public let outcome: Outcome
  /// Settings (lattice, group, precision) that were gone through.
  public let settings: Int
  /// Settings in which the output was constant, so that they said nothing.
  public var silentSettings = 0
  /// Calls of the closure.
  public let calls: Int
  public let seed: UInt64

  public enum Outcome: Sendable, Hashable {
    /// Nothing above the tolerance; what came nearest to it.
    case holds(Deviation)
    /// The first setting in which the property is broken, and the smallest example found.
    case broken(Deviation, smallest: Deviation)
    /// Nothing can be said of the property.
    case problem(CheckProblem, setting: String, input: String)
  }

  /// One comparison.
  public struct Deviation: Sendable, Hashable, CustomStringConvertible {
    /// The lattice, group and precision.
    public let setting: String
    public let input: String
    /// What was done to the input, in words.
    public let transformation: String
    /// Where the output moved, in words.
    public let place: String
    /// How far, relative to the scale of the output.
    public let relative: Double
    /// What rounding may do.
    public let tolerance: Double
    public let expected: [Double]
    public let found: [Double]

    /// In tolerances.
    public var excess: Double { relative / tolerance }

    public var description: String {
      "\(setting): \(place) is off by \(short(relative)) relative, tolerance \(short(tolerance)), "
        + "under \(transformation) of \(input): expected \(list(expected)), found \(list(found))"
    }

    private func short(_ x: Double) -> String {
      guard x.isFinite, x != 0 else { return "\(x)" }
      var (value, exponent) = (x, 0)
      while abs(value) >= 10 { (value, exponent) = (value / 10, exponent + 1) }
      while abs(value) < 1 { (value, exponent) = (value * 10, exponent - 1) }
      let rounded = (value * 100).rounded() / 100
      return exponent == 0 ? "\(rounded)" : "\(rounded)e\(exponent)"
    }

    private func list(_ values: [Double]) -> String {
      values.count == 1
        ? "\(values[0])"
        : "[" + values.prefix(4).map { "\($0)" }.joined(separator: ", ")
          + (values.count > 4 ? ", ...]" : "]")
    }
  }

  /// Whether the property holds everywhere, and could have been seen broken.
  public var holds: Bool { if case .holds = outcome { true } else { false } }

  /// Whether it is broken beyond doubt, by a thousand tolerances.
  public var isBroken: Bool {
    if case .broken(let first, let smallest) = outcome {
      return max(first.excess, smallest.excess) > 1000
    }
    return false
  }

  /// What kept the suite from seeing, if anything did.
  public var problem: CheckProblem? {
    if case .problem(let problem, _, _) = outcome { problem } else { nil }
  }

  /// The first breaking, if there is one.
  public var found: Deviation? {
    if case .broken(let first, _) = outcome { first } else { nil }
  }

  /// The smallest example of the breaking, if there is one.
  public var smallest: Deviation? {
    if case .broken(_, let smallest) = outcome { smallest } else { nil }
  }

  /// The whole finding, a line each for what was found, the smallest example and how to repeat it.
  public var description: String {
    let tail = "\(settings) settings, \(calls) calls, seed \(seed)"
    switch outcome {
    case .holds(let nearest):
      let silent = silentSettings == 0 ? "" : " (\(silentSettings) with constant output)"
      return "\(subject): \(property) holds; \(tail)\(silent); nearest to the tolerance: \(nearest)"
    case .broken(let first, let smallest):
      return """
        \(subject): \(property) is BROKEN
          smallest example: \(smallest)
          found first: \(first)
          repeats with CheckPlan(seed: \(seed)); \(tail)
        """
    case .problem(let problem, let setting, let input):
      let place = [setting, input].filter { !$0.isEmpty }.joined(separator: ", ")
      return "\(subject): \(property) was not examined; \(problem)"
        + (place.isEmpty ? "" : " (\(place))") + "; \(tail)"
    }
  }
}
