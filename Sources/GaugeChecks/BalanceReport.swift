import Statistics

/// How long a statistical check of an updater runs.
public struct SamplingEffort: Sendable, Hashable {
  /// Independent lattices side by side.
  public var replicas: Int
  /// Updates of each lattice that are measured.
  public var updates: Int
  /// Updates of each lattice before.
  public var thermalization: Int

  public init(replicas: Int = 512, updates: Int = 500, thermalization: Int = 50) {
    precondition(replicas >= 1 && updates >= 8 && thermalization >= 0, "an effort of some size")
    (self.replicas, self.updates, self.thermalization) = (replicas, updates, thermalization)
  }
}

/// What a comparison of the expectation values of an updater found.
public struct BalanceReport: Sendable, Hashable, CustomStringConvertible {
  /// The name of the updater.
  public let subject: String
  /// What it is compared with: "exact values" or the name of another updater.
  public let reference: String
  public let setting: String
  public let comparisons: [Comparison]
  /// The chance of failing though the updater is right, all comparisons together.
  public let falseAlarmRate: Double
  /// Measurements: replicas times updates.
  public let samples: Int
  public let seed: UInt64

  /// One expectation value.
  public struct Comparison: Sendable, Hashable {
    public let observable: String
    /// With an error that includes autocorrelations.
    public let found: Estimate
    /// Of no error where it is exact.
    public let expected: Estimate
    /// The integrated autocorrelation time in updates.
    public let autocorrelationTime: Double
    /// Whether the summation window of the errors closed.
    public let isResolved: Bool
    /// found - expected in units of the error.
    public let pull: Double
    /// Two-sided.
    public let pValue: Double
    /// The smallest shift that this comparison finds with a probability of 90 %.
    public let resolution: Double
  }

  /// The smallest p-value after Holm's correction for the number of comparisons.
  public var pValue: Double {
    (try? ManyTests.holm(comparisons.map(\.pValue)).min()) ?? 0
  }

  /// Whether an updater moved nothing, or moved so slowly that errors are not known.
  public var isUnresolved: Bool {
    comparisons.isEmpty || comparisons.contains { !$0.isResolved || !($0.found.error > 0) }
  }

  /// Whether all expectation values agree.
  public var holds: Bool { pValue >= falseAlarmRate && !isUnresolved }

  /// The largest pull.
  public var largestPull: Double { comparisons.map { abs($0.pull) }.max() ?? .infinity }

  /// One line.
  public var description: String {
    let verdict = isUnresolved ? "UNRESOLVED" : holds ? "holds" : "broken"
    let values = comparisons.map {
      "\($0.observable) \($0.found) for \($0.expected) (\($0.pull) errors, tau "
        + "\($0.autocorrelationTime), finds \($0.resolution))"
    }
    return "\(subject) (\(setting)): balance with \(reference) \(verdict), p-value \(pValue) of "
      + "\(samples) samples, false-alarm rate \(falseAlarmRate), seed \(seed); "
      + values.joined(separator: ", ")
  }
}

/// What a comparison of decisions of a Metropolis test with their probabilities found.
public struct AcceptanceReport: Sendable, Hashable, CustomStringConvertible {
  /// The name of the updater.
  public let subject: String
  public let setting: String
  public let decisions: Int
  /// The share that was accepted.
  public let acceptance: Double
  /// Decisions that cannot be: a probability of 1 rejected, of 0 accepted.
  public let impossible: Int
  /// Decisions and links that do not agree: links of a rejected move that changed, or of an accepted
  /// one that did not.
  public let inconsistent: Int
  /// <exp(-dH)>, 1 in equilibrium if the moves are reversible and preserve the measure.
  public let weight: Estimate
  public let tests: [Test]
  /// The chance of failing though the updater is right, all tests together.
  public let falseAlarmRate: Double
  public let seed: UInt64

  public struct Test: Sendable, Hashable {
    public let name: String
    /// In standard deviations; for a chi^2 of bins, of the normal distribution with its p-value.
    public let pull: Double
    public let pValue: Double
    /// The pull that a mistake of 1 % would give: probabilities times 1.01, or one in a hundred
    /// rejected moves accepted, whichever this test is made for; nil where it is made for neither.
    public let pullOfOnePercent: Double?
  }

  /// The smallest p-value after Holm's correction for the number of tests.
  public var pValue: Double { (try? ManyTests.holm(tests.map(\.pValue)).min()) ?? 0 }

  /// Whether there are no decisions between yes and no, so that the check could not have failed.
  public var isVacuous: Bool { tests.isEmpty }

  /// Whether decisions have their probabilities.
  public var holds: Bool {
    pValue >= falseAlarmRate && impossible == 0 && inconsistent == 0 && !isVacuous
  }

  /// The largest pull.
  public var largestPull: Double { tests.map { abs($0.pull) }.max() ?? 0 }

  /// One line.
  public var description: String {
    let verdict = isVacuous ? "VACUOUS" : holds ? "holds" : "broken"
    let pulls = tests.map { test in
      "\(test.name) \(test.pull) sigma"
        + (test.pullOfOnePercent.map { " (1 % would give \($0))" } ?? "")
    }
    return "\(subject) (\(setting)): acceptance \(verdict), p-value \(pValue) of \(decisions) "
      + "decisions, \(acceptance) accepted, \(impossible) impossible, \(inconsistent) not carried "
      + "out, false-alarm rate \(falseAlarmRate), seed \(seed); \(pulls.joined(separator: ", ")); "
      + "<exp(-dH)> \(weight)"
  }
}
