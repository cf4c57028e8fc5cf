import Statistics
import TestSupport
import Testing

@Suite struct JackknifeTests {
  /// For a mean the jackknife is the naive error, without bias, up to rounding.
  @Test func meanByHand() throws {
    let result = try Jackknife(bins: .length(1)).analyse(Measurements([1, 3, 5, 7]))
    #expect(result.value == 4)
    #expect(agree(result.error, (5.0 / 3).squareRoot(), relative: 1e-15))
    #expect(result.bias.magnitude < 1e-15)
    #expect(agree(result.replicates[0], 5, relative: 1e-15))
    #expect(result.binCount == 4)
  }

  /// The bias of a square is removed exactly: `x^2 - s^2/n` with the unbiased variance `s^2`.
  @Test func biasOfASquare() throws {
    let result = try Jackknife(bins: .length(1)).analyse(Measurements([1, 3, 5, 7])) {
      $0[0] * $0[0]
    }
    #expect(result.value == 16)
    #expect(agree(result.bias, 5.0 / 3, relative: 1e-13))
    #expect(agree(result.biasCorrectedValue, 16 - 5.0 / 3, relative: 1e-14))
  }

  /// White noise, identical in closed form: `(error_Gamma / error_J)^2 = 1 - 1/N^2` for window 0.
  @Test(arguments: [4, 50, 1001])
  func equalsGammaMethodForWhiteNoise(count: Int) throws {
    var generator = SplitMix64(seed: 13)
    let series = RandomSeries.autoregressive(0, count: count, using: &generator)
    let gamma = try GammaMethod(window: .fixed(0)).analyse(series)
    let jackknife = try Jackknife(bins: .length(1)).analyse(Measurements(series))
    let ratio = gamma.error / jackknife.error
    #expect(agree(ratio * ratio, 1 - 1 / Double(count * count), relative: 1e-12))
    #expect(agree(gamma.value, jackknife.value, relative: 1e-12))
  }

  /// A ratio of autocorrelated observables: the jackknife, the Gamma method and the analytic error.
  ///
  /// As in the test of the Gamma method: `error^2 = 2 tau_int/(32 N)`; 300 series, `rho(t) = 0.7^t`.
  @Test func ratioOfTwoObservables() throws {
    let count = 20_000
    let tau = RandomSeries.time(0.7)
    let exact = (2 * tau / 32 / Double(count)).squareRoot()
    var (errors, gammas): ([Double], [Double]) = ([], [])
    var covered = 0.0
    for seed in 0..<300 {
      var generator = SplitMix64(seed: 14_000_000 + UInt64(seed))
      let x = RandomSeries.autoregressive(0.7, count: count, using: &generator)
      let y = RandomSeries.autoregressive(0.7, count: count, using: &generator)
      let data = try Measurements(observables: [
        x.map { 2 + $0 }, zip(x, y).map { 4 + $0 + $1 },
      ])
      let jackknife = try Jackknife(bins: .autocorrelationTime(tau)).analyse(data) {
        $0[0] / $0[1]
      }
      // b = 2.745, (4e4 * b^2)^(1/3) = 67.05.
      #expect(jackknife.binLength == 68)
      errors.append(jackknife.error / exact)
      gammas.append(try GammaMethod().analyse(data) { $0[0] / $0[1] }.error / exact)
      if jackknife.estimate.pull(from: 0.5).magnitude < 1 { covered += 1 }
    }
    let (mean, error) = meanAndError(errors)
    // The bias of the bins, b/(2B) = 2.0 % of the error, is allowed for; four standard errors.
    #expect((mean - 1 + 0.020).magnitude < 4 * error + 0.003)
    #expect((meanAndError(gammas).mean - 1).magnitude < 4 * meanAndError(gammas).error + 0.005)
    #expect((covered / 300 - 0.682689).magnitude < 0.108)
  }

  @Test func binsDoNotCrossReplicas() throws {
    let data = try Measurements(replicaSeries: [[9, 1, 3, 5, 7], [10, 20, 30, 40]])
    let result = try Jackknife(bins: .length(2)).analyse(data)
    // Bin means 2, 6, 15, 35.
    #expect(result.value == 14.5)
    #expect(agree(result.replicates[3], 23.0 / 3, relative: 1e-15))
    let counted = try Jackknife(bins: .count(4)).analyse(data)
    #expect(counted.binLength == 2)
    #expect(counted.binCount == 4)
    #expect(try Jackknife(bins: .count(3)).analyse(data).binLength == 2)
    #expect(try Jackknife(bins: .count(9)).analyse(data).binLength == 1)
  }

  @Test func badBins() throws {
    let data = try Measurements([1, 2, 3, 4])
    #expect(throws: StatisticsError.tooFewBins(expected: 2, found: 1)) {
      try Jackknife(bins: .length(3)).analyse(data)
    }
    #expect(throws: StatisticsError.tooFewBins(expected: 5, found: 4)) {
      try Jackknife(bins: .count(5)).analyse(data)
    }
    for bins in [
      Jackknife.Bins.length(0), .count(1), .count(-1), .autocorrelationTime(-1),
      .autocorrelationTime(.nan),
    ] {
      #expect(throws: StatisticsError.self) { try Jackknife(bins: bins).analyse(data) }
    }
    #expect(throws: StatisticsError.nonFiniteFunctionValue(place: "without bin 3")) {
      try Jackknife(bins: .length(1)).analyse(data) { $0[0] < 2.1 ? .nan : $0[0] }
    }
  }
}
