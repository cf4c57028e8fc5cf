/// What a detection found, as it stands in JSON.
public struct DetectionResult: Sendable, Hashable, Codable {
  /// One test of one irreducible part of one observable.
  public struct Test: Sendable, Hashable, Codable {
    public let symmetry: TestedSymmetry
    public let observable: String
    /// The irreducible representation, by its name in its group.
    public let irrep: String
    /// F of Pillai's trace, divided by the inflation of the variance; nil without a verdict.
    public let statistic: Double?
    /// (1 + count)/(1 + draws).
    public let pValue: Double?
    /// The same, corrected for all tests of the report.
    public let correctedP: Double?
    /// |irrep mean| / |scalar mean|, or over the root mean square of a sample.
    public let effect: Double?
    public let effectError: Double?
    public let upperBound95: Double?
    public let verdict: Verdict
    /// Whether `effect` is in units of the scalar mean; else in units of the root mean square of a sample.
    public let effectIsRelativeToScalar: Bool
    /// The bins of this observable.
    public let bins: Int
    public let binLength: Int
    /// The integrated autocorrelation time in configurations.
    public let autocorrelation: Double
    /// What else is to be said: how many more configurations are needed, or where a wall stands.
    public var note: String?
    /// The place of the largest deviation, for profiles.
    public var place: Place?
  }

  public enum Verdict: String, Sendable, Hashable, Codable {
    case broken
    case notSeenBroken = "not seen broken"
    case trivial
    case tooLittleData = "too little data"
  }

  /// Where along a direction a profile deviates most.
  public struct Place: Sendable, Hashable, Codable {
    /// The direction, x, y, z or t.
    public let direction: String
    /// The slice of the largest deviation; a wall between two slices lies at a half.
    public let slice: Double
    /// The distance from it that 95 % of resampled ensembles keep.
    public let uncertainty: Double
    /// The deviation of that slice from the median, relative to the mean of all slices.
    public let deviation: Double
  }

  /// A largest subgroup that is not rejected.
  public struct SurvivingGroup: Sendable, Hashable, Codable {
    /// Its name; where it has none, its order in words.
    public let name: String
    /// The number of different actions on the axes.
    public let order: Int
    /// The index in the group that was tested.
    public let index: Int
    public let generators: [String]
    /// Whether charge conjugation by itself was tested and is left.
    public let withChargeConjugation: Bool
    /// The p-value of the hypothesis that all of it is a symmetry.
    public let pValue: Double
  }

  /// Whether a subgroup that was named beforehand is left.
  public struct Expectation: Sendable, Hashable, Codable {
    public let name: String
    /// Whether every tested subgroup that contains it is rejected.
    public let isRejected: Bool
  }

  public var tests: [Test]
  public var survivingGroups: [SurvivingGroup]
  /// Symmetries and elements that the observables cannot see, and what was left out.
  public var notTested: [String]
  public var configurations: Int
  /// The fewest bins of a tested observable.
  public var bins: Int
  /// The longest integrated autocorrelation time of a tested observable, in configurations.
  public var autocorrelation: Double
  /// The description of the centre, where it was asked for.
  public var center: CenterDescription?

  /// What became of the subgroup that was expected, where one was.
  public var expectation: Expectation?

  /// The name of the group whose subgroups were tested; nil where none was.
  public var testedGroup: String?
  /// The number of draws behind each p-value.
  public var draws: Int
  public var seed: UInt64
}

extension DetectionResult {
  /// A result without tests, for an ensemble of which nothing can be tested.
  package static func untested(
    configurations: Int, by detector: SymmetryDetector
  ) -> DetectionResult {
    DetectionResult(
      tests: [], survivingGroups: [], notTested: [], configurations: configurations, bins: 0,
      autocorrelation: 0.5, center: nil, expectation: nil, testedGroup: nil,
      draws: detector.draws, seed: detector.seed)
  }
}

extension DetectionResult.Verdict: CustomStringConvertible {
  public var description: String { rawValue }
}
