import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct TwoSampleTestTests {
  /// Against an independent implementation of the exact distribution, `m = 7`, `n = 10`.
  @Test func knownExample() throws {
    let first = [0.1, 0.4, 0.7, 1.2, 1.9, 2.2, 3.1]
    let second = [0.5, 1.5, 2.5, 3.5, 3.7, 4.0, 4.4, 5.0, 5.5, 6.1]
    let test = try KolmogorovSmirnovTest(first, second)
    #expect(agree(test.statistic, 0.7, relative: 1e-15))
    #expect(agree(test.pValue, 0.02169888934594817, relative: 1e-12))
    #expect(test.isExact)
  }

  /// Separated samples: 2 of the `binomial(m+n, m)` ways, here with p far below 2^-53.
  @Test func separatedSamples() throws {
    let test = try KolmogorovSmirnovTest((0..<40).map(Double.init), (50..<90).map(Double.init))
    #expect(test.statistic == 1)
    // binomial(80, 40) = 107507208733336176461620
    #expect(agree(test.pValue, 2 / 107_507_208_733_336_176_461_620.0, relative: 1e-12))
  }

  /// The conditional distribution with equal values, against all deals of the pool by brute force.
  @Test func tiesAgainstAllPermutations() throws {
    let pool: [Double] = [1, 1, 2, 2, 2, 3, 4, 4, 5]
    for chosen in [0b000001011, 0b110010001, 0b000100110] {
      let (first, second) = deal(pool, chosen)
      let test = try KolmogorovSmirnovTest(first, second)
      var (all, extreme) = (0, 0)
      for mask in 0..<(1 << pool.count) where mask.nonzeroBitCount == chosen.nonzeroBitCount {
        let (one, other) = deal(pool, mask)
        all += 1
        if distance(one, other) >= test.statistic - 1e-12 { extreme += 1 }
      }
      #expect(agree(test.statistic, distance(first, second), relative: 1e-14))
      #expect(agree(test.pValue, Double(extreme) / Double(all), relative: 1e-13))
    }
  }

  /// The exact and the asymptotic p-value just below and above the limit differ by a few per cent.
  @Test func asymptoticMatchesExact() throws {
    var generator = SplitMix64(seed: 3)
    let first = (0..<3000).map { _ in generator.uniform() }
    let second = (0..<3000).map { _ in generator.uniform() + 0.025 }
    let exact = try KolmogorovSmirnovTest(first, second)
    let asymptotic = SpecialFunctions.kolmogorovTail(1500.0.squareRoot() * exact.statistic)
    #expect(exact.isExact)
    #expect(agree(exact.pValue, asymptotic, relative: 0.01))
    let large = try KolmogorovSmirnovTest(first + first, second)
    #expect(!large.isExact)
    #expect(agree(large.statistic, exact.statistic, relative: 1e-14))
  }

  /// The rate of false alarms: `P(p <= alpha) <= alpha`, exact because of the discrete statistic.
  ///
  /// 4000 pairs of 30 and 40 uniform numbers; the bound is exceeded by four binomial standard
  /// deviations in fewer than 4 of 100 000 sets of seeds.
  @Test(arguments: [0.01, 0.05, 0.2])
  func falseAlarms(level: Double) throws {
    var generator = SplitMix64(seed: 4)
    let trials = 4000
    var alarms = 0.0
    for _ in 0..<trials {
      let first = (0..<30).map { _ in generator.uniform() }
      let second = (0..<40).map { _ in generator.uniform() }
      if try KolmogorovSmirnovTest(first, second).pValue <= level { alarms += 1 }
    }
    let deviation = (level * (1 - level) / Double(trials)).squareRoot()
    let rate = alarms / Double(trials)
    #expect(rate < level + 4 * deviation)
    #expect(rate > 0.75 * level - 4 * deviation)
  }

  @Test func badSamples() {
    #expect(throws: StatisticsError.tooFewSamples(expected: 1, found: 0, replica: 1)) {
      try KolmogorovSmirnovTest([1], [])
    }
    #expect(throws: StatisticsError.nonFiniteSample(index: 1, observable: 0, replica: 0)) {
      try KolmogorovSmirnovTest([1, .nan], [1])
    }
  }

  private func deal(_ pool: [Double], _ mask: Int) -> ([Double], [Double]) {
    let chosen = pool.indices.filter { mask >> $0 & 1 == 1 }
    let rest = pool.indices.filter { mask >> $0 & 1 == 0 }
    return (chosen.map { pool[$0] }, rest.map { pool[$0] })
  }

  private func distance(_ first: [Double], _ second: [Double]) -> Double {
    (first + second).map { x in
      let one = Double(first.count { $0 <= x }) / Double(first.count)
      let other = Double(second.count { $0 <= x }) / Double(second.count)
      return (one - other).magnitude
    }.max() ?? 0
  }
}
