import Compute
import Lattice
import Statistics

/// What a check in law found: whether two samples are from one distribution.
public struct LawReport: Sendable, Hashable, CustomStringConvertible {
  public let subject: String
  public let setting: String
  /// The p-value of the two-sided Kolmogorov-Smirnov test.
  public let pValue: Double
  /// The chance of failing though the symmetry holds.
  public let falseAlarmRate: Double
  /// Numbers in each sample.
  public let samples: Int
  public let seed: UInt64
  /// Whether the numbers did not vary, so that the test could not have failed.
  public let isVacuous: Bool

  /// Whether the samples agree and the test could have failed.
  public var holds: Bool { pValue >= falseAlarmRate && !isVacuous }

  /// One line.
  public var description: String {
    let verdict = isVacuous ? "VACUOUS" : holds ? "holds" : "broken"
    return "\(subject) (\(setting)): gauge covariance in law \(verdict); p-value \(pValue) of "
      + "2 x \(samples) samples, false-alarm rate \(falseAlarmRate), seed \(seed)"
  }
}

extension GaugeCheck {
  /// Whether a random map is gauge covariant in law, seen by a gauge-invariant number: the
  /// distributions of f(update(U)) and f(update(U^g)) agree.
  ///
  /// Every sample has random numbers of its own, also across the two sides, so that they are
  /// independent.
  ///
  /// - Parameters:
  ///   - update: a random map, given a seed.
  ///   - observable: a gauge-invariant number.
  public static func covarianceInLaw<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting, samples: Int = 300, falseAlarmRate: Double = 1e-4,
    update: (inout LinkField<Scalar>, _ seed: UInt64) throws -> Void,
    observable: (LinkField<Scalar>) throws -> Double
  ) throws -> LawReport {
    var start = try LinkField<Scalar>(setting.geometry, group: setting.group)
    start.setNearUnit(epsilon: 0.2, seed: setting.seed)
    let g = GaugeTransformationKind.haar.make(for: start, seed: setting.seed)
    let moved = start.transformed(by: g)
    var sides = [[Double]](repeating: [], count: 2)
    for k in 0..<samples {
      for (side, origin) in [start, moved].enumerated() {
        var field = origin
        try update(&field, setting.seed &* 1_000_003 &+ UInt64(2 * k + side))
        sides[side].append(try observable(field))
      }
    }
    let test = try KolmogorovSmirnovTest(sides[0], sides[1])
    let all = sides[0] + sides[1]
    let tolerance = setting.tolerance.value(ulp: Double(Scalar.ulpOfOne))
    let isVacuous = !(all.max()! - all.min()! > tolerance * all.map(\.magnitude).max()!)
    return LawReport(
      subject: name, setting: "\(setting)", pValue: test.pValue, falseAlarmRate: falseAlarmRate,
      samples: samples, seed: setting.seed, isVacuous: isVacuous)
  }
}
