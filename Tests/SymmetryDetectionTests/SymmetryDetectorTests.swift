import Foundation
import Groups
import SymmetryDetection
import Testing

@Suite("The test of an ensemble for symmetries")
struct SymmetryDetectorTests {
  static let group = try! FiniteGroup(named: "B4")
  static let planes = try! Representation.planes(group)

  /// Plaquettes of the six planes with those along t raised: xi0 = 1 + anisotropy, in the units of compact
  /// U(1) on 6^4 at beta 0.9, where the difference of temporal and spatial plaquettes has the deviation
  /// 0.0137 per configuration, the slope 0.68 and tau 0.58.
  static func plaquettes(
    _ anisotropy: Double, count: Int, seed: UInt64, tau: Double = 0.58
  ) throws -> SampledObservable {
    let half = 0.68 * anisotropy / 2
    // Planes xy, xz, xt, yz, yt, zt.
    let mean = [-1.0, -1, 1, -1, 1, 1].map { 0.6 + half * $0 }
    // The difference is (1, ..., -1, ...)/3 on the planes, of norm sqrt(2/3).
    let deviation = 0.0137 / (2.0 / 3).squareRoot()
    var deviations: [String: Double] = [:]
    for irrep in group.irreps { deviations[irrep.name] = deviation }
    let ensemble = try SyntheticEnsemble(
      planes, mean: mean, deviations: deviations, autocorrelationTime: tau)
    return try SampledObservable(
      name: "plaquettes", representation: planes,
      samples: ensemble.samples(count: count, seed: seed))
  }

  static func found(_ anisotropy: Double, count: Int, ensembles: Int = 20) throws -> Int {
    try (1...ensembles).count { seed in
      try SymmetryDetector(draws: 999, subgroupDraws: 19).detect([
        plaquettes(anisotropy, count: count, seed: UInt64(seed))
      ]).tests.contains { $0.verdict == .broken }
    }
  }

  @Test("An anisotropy of 2 % leaves exactly Oh x T in at least 16 of 20 ensembles of 100")
  func anisotropyOfTwoPercent() throws {
    // The true group is rejected in one of 20: 16 or more with probability 0.997, and the seeds are fixed.
    let detector = SymmetryDetector(draws: 999, subgroupDraws: 499)
    let exact = try (1...20).count { seed in
      let result = try detector.detect([Self.plaquettes(0.02, count: 100, seed: UInt64(seed))])
      #expect(result.tests.contains { $0.verdict == .broken })
      return result.survivingGroups.count == 1 && result.survivingGroups[0].name == "Oh x T"
        && result.survivingGroups[0].order == 96 && result.survivingGroups[0].index == 4
    }
    #expect(exact >= 16)
  }

  @Test("An anisotropy of 1 % is found at 100 configurations, of 0.5 % at 400")
  func smallAnisotropies() throws {
    // Powers of 0.9: 16 or more of 20 with probability 0.96, and the seeds are fixed.
    #expect(try Self.found(0.01, count: 100) >= 16)
    #expect(try Self.found(0.005, count: 400) >= 16)
  }

  @Test("The effect is the ratio of means, and its bound and error agree with it")
  func effect() throws {
    let result = try SymmetryDetector(draws: 99, subgroupDraws: 19).detect([
      Self.plaquettes(0.02, count: 4000, seed: 1)
    ])
    let test = try #require(result.tests.first { $0.irrep == "(31|-)" })
    // |irrep mean| = sqrt(6) * 0.0068, |scalar mean| = sqrt(6) * 0.6.
    let effect = try #require(test.effect)
    let error = try #require(test.effectError)
    #expect((effect - 0.0068 / 0.6).magnitude < 5 * error)
    #expect(error < 0.0005)
    #expect(test.effectIsRelativeToScalar)
    #expect(try #require(test.upperBound95) > effect)
    #expect(test.pValue == 0.01)
    let other = try #require(result.tests.first { $0.irrep == "(22|-)" })
    #expect(other.verdict == .notSeenBroken)
    #expect(try #require(other.upperBound95) < 0.002)
  }

  @Test(
    "Symmetric ensembles are rejected in 5 % of cases by each test and by all", arguments: [0.5, 2])
  func calibration(tau: Double) throws {
    // 400 ensembles at a nominal 5 %: 20 +- 4.4; the bounds are 3.4 deviations off, one in 1500.
    var counts: [String: Int] = [:]
    var family = 0
    for seed in 1...400 {
      let result = try SymmetryDetector(draws: 199, subgroupDraws: 19).detect([
        Self.plaquettes(0, count: 100, seed: UInt64(seed), tau: tau)
      ])
      for test in result.tests where try #require(test.pValue) <= 0.05 {
        counts[test.irrep, default: 0] += 1
      }
      if result.tests.contains(where: { $0.verdict == .broken }) { family += 1 }
      #expect(result.tests.allSatisfy { $0.verdict != .trivial && $0.verdict != .tooLittleData })
    }
    #expect(counts.keys.sorted() == ["(22|-)", "(31|-)"])
    for (_, count) in counts { #expect((5...35).contains(count)) }
    #expect((5...35).contains(family))
  }

  @Test("A subgroup that is expected is rejected or not, and one of another group is refused")
  func expectation() throws {
    let observable = try Self.plaquettes(0.03, count: 100, seed: 1)
    let detector = SymmetryDetector(draws: 99, subgroupDraws: 199)
    let time = try Self.group.subgroup(.anisotropic)
    let left = try detector.detect([observable], expecting: time).expectation
    #expect(left?.isRejected == false && left?.name == "Oh x T")
    let all = try detector.detect([observable], expecting: Self.group.whole).expectation
    #expect(all?.isRejected == true)
    let other = try FiniteGroup(named: "B3").whole
    #expect(throws: DetectionError.self) {
      try detector.detect([observable], expecting: other)
    }
  }

  @Test("A result survives JSON, and has the documented keys")
  func json() throws {
    let result = try SymmetryDetector(draws: 99, subgroupDraws: 99).detect([
      Self.plaquettes(0.02, count: 100, seed: 1)
    ])
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(DetectionResult.self, from: data) == result)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    for key in [
      "tests", "survivingGroups", "notTested", "configurations", "bins", "autocorrelation",
    ] {
      #expect(object[key] != nil, "\(key)")
    }
    let test = try #require((object["tests"] as? [[String: Any]])?.first)
    for key in [
      "symmetry", "irrep", "statistic", "pValue", "correctedP", "effect", "effectError",
      "upperBound95", "verdict",
    ] {
      #expect(test[key] != nil, "\(key)")
    }
    let group = try #require((object["survivingGroups"] as? [[String: Any]])?.first)
    for key in ["name", "order", "generators", "withChargeConjugation"] {
      #expect(group[key] != nil, "\(key)")
    }
  }

  @Test("The same seed gives the same numbers, another one others")
  func reproducible() throws {
    let observable = try Self.plaquettes(0.005, count: 100, seed: 1)
    let first = try SymmetryDetector(draws: 199, subgroupDraws: 99, seed: 1).detect([observable])
    let again = try SymmetryDetector(draws: 199, subgroupDraws: 99, seed: 1).detect([observable])
    let other = try SymmetryDetector(draws: 199, subgroupDraws: 99, seed: 2).detect([observable])
    #expect(first == again)
    #expect(first.tests.map(\.pValue) != other.tests.map(\.pValue))
    #expect(first.tests.map(\.statistic) == other.tests.map(\.statistic))
  }
}
