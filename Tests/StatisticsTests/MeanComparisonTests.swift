import Statistics
import TestSupport
import Testing

@Suite struct MeanComparisonTests {
  @Test func byHand() throws {
    let test = try MeanComparison(
      Estimate(value: 1.0, error: 0.3), Estimate(value: 2.0, error: 0.4))
    #expect(agree(test.z, -2, relative: 1e-15))
    #expect(agree(test.pValue, 0.045500263896358414401, relative: 1e-13))
  }

  @Test func edges() throws {
    let exact = Estimate(value: 1, error: 0)
    let equal = try MeanComparison(exact, exact)
    #expect(equal.z == 0)
    #expect(equal.pValue == 1)
    let different = try MeanComparison(exact, Estimate(value: 2, error: 0))
    #expect(different.z == -.infinity)
    #expect(different.pValue == 0)
    let great = try MeanComparison(
      Estimate(value: 1.5e308, error: 1e308), Estimate(value: -1.5e308, error: 1e308))
    #expect(agree(great.z, 3 / 2.0.squareRoot(), relative: 1e-14))
    #expect(throws: StatisticsError.nonFiniteSample(index: 0, observable: 0, replica: 1)) {
      try MeanComparison(exact, Estimate(value: .nan, error: 1))
    }
  }

  /// The rate of false alarms at 5 % for two autocorrelated series with `tau_int` 0.5 and 4.5.
  ///
  /// 1000 pairs; four binomial standard deviations are 0.028. The errors, known to 4 and 8 %, raise the
  /// rate by 0.002 only.
  @Test func falseAlarms() throws {
    var alarms = 0.0
    for seed in 0..<1000 {
      var generator = SplitMix64(seed: 900_000 + UInt64(seed))
      let fast = RandomSeries.autoregressive(0, count: 2000, using: &generator)
      let slow = RandomSeries.autoregressive(0.8, count: 4000, using: &generator)
      let test = try MeanComparison(
        GammaMethod().analyse(fast).estimate, GammaMethod().analyse(slow).estimate)
      if test.pValue <= 0.05 { alarms += 1 }
    }
    #expect((alarms / 1000 - 0.05).magnitude < 0.028)
  }
}
