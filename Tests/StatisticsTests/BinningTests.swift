import Statistics
import TestSupport
import Testing

@Suite struct BinningTests {
  @Test func byHand() throws {
    let binning = try Binning([9, 1, 3, 5, 7])
    #expect(binning.mean == 5)
    // One sample is left out at the start.
    #expect(try binning.binMeans(length: 2) == [2, 6])
    let errors = try binning.errors(lengths: [1, 2])
    // Squares 16 + 16 + 4 + 0 + 4 = 40, error^2 = 40/20; bins 2 and 6: 8/2.
    #expect(agree(errors[0].error, 2.0.squareRoot(), relative: 1e-15))
    #expect(errors[1].error == 2)
    #expect(agree(errors[1].errorOfError, 2.0.squareRoot(), relative: 1e-15))
    #expect(errors.map(\.binCount) == [5, 2])
  }

  @Test func badLengths() throws {
    let binning = try Binning([1, 2, 3, 4])
    #expect(throws: StatisticsError.tooFewBins(expected: 2, found: 1)) {
      try binning.binMeans(length: 3)
    }
    #expect(throws: StatisticsError.self) { try binning.binMeans(length: 0) }
    #expect(throws: StatisticsError.self) { try Binning([1, 2, .nan, 4]) }
    #expect(throws: StatisticsError.self) { try Binning([1, 2, 3]) }
    #expect(throws: StatisticsError.self) { try BinLength.recommended(tau: 0, sampleCount: 10) }
    #expect(throws: StatisticsError.self) { try BinLength.recommended(tau: 1, sampleCount: 3) }
  }

  @Test func recommendedLength() throws {
    #expect(try BinLength.recommended(tau: 0.5, sampleCount: 100_000) == 1)
    #expect(try BinLength.recommended(tau: 0.1, sampleCount: 100_000) == 1)
    // b = 2 - 1/8, (2e5 * b^2)^(1/3) = 88.92.
    #expect(try BinLength.recommended(tau: 2, sampleCount: 100_000) == 89)
    #expect(try BinLength.recommended(tau: 1e9, sampleCount: 100_000) == 50_000)
  }

  /// The plateau equals the error of the Gamma method and the truth; `rho(t) = 0.6^t`.
  ///
  /// 300 series of 20 000: on average the binned error is below the truth by at most the bias that the
  /// rule allows, half of the statistical error; the difference of both methods stays within their
  /// errors.
  @Test func plateauEqualsGammaMethod() throws {
    var (binned, blocked, ratios): ([Double], [Double], [Double]) = ([], [], [])
    let exact = (4.0 / 20_000).squareRoot()
    var allowed = 0.0
    for seed in 0..<300 {
      var generator = SplitMix64(seed: 10_000_000 + UInt64(seed))
      let series = RandomSeries.autoregressive(0.6, count: 20_000, using: &generator)
      let plateau = try Binning(series).binnedError()
      let fixedPoint = try Blocking(series).fixedPoint()
      let gamma = try GammaMethod().analyse(series)
      #expect(plateau.reachedPlateau && fixedPoint.reachedPlateau)
      #expect(agree(plateau.estimate.value, gamma.value, relative: 1e-12))
      binned.append(plateau.estimate.error / exact)
      blocked.append(fixedPoint.estimate.error / exact)
      ratios.append(plateau.estimate.error / gamma.error)
      allowed = plateau.binned.errorOfError / exact
    }
    let (mean, error) = meanAndError(binned)
    #expect(mean < 1 + 4 * error)
    #expect(mean > 1 - 4 * error - allowed / 2)
    #expect((meanAndError(blocked).mean - mean).magnitude < 0.01)
    #expect((meanAndError(ratios).mean - mean).magnitude < 0.01)
  }

  /// The mean of the binned variance at a given length against the exact finite-length formula.
  ///
  /// `n sigma_B^2 = v_B` with `v_B = (1/B) [(1+a)/(1-a) - 2a(1 - a^B)/(B (1-a)^2)]`; 300 series, four
  /// standard errors and the correlation of neighbouring bins, `1/n` in relative terms.
  @Test(arguments: [1, 4, 10, 40])
  func biasOfShortBins(length: Int) throws {
    let (a, count) = (0.6, 4000)
    let decayed = (0..<length).reduce(1.0) { power, _ in power * a }
    let b = Double(length)
    let exact = ((1 + a) / (1 - a) - 2 * a * (1 - decayed) / (b * (1 - a) * (1 - a))) / b
    var variances: [Double] = []
    for seed in 0..<300 {
      var generator = SplitMix64(seed: 11_000_000 + UInt64(seed))
      let series = RandomSeries.autoregressive(a, count: count, using: &generator)
      let binned = try Binning(series).binnedError(plateau: .binLength(length)).binned
      variances.append(binned.error * binned.error * Double(binned.binCount) / exact)
    }
    let (mean, error) = meanAndError(variances)
    #expect((mean - 1).magnitude < 4 * error + Double(4 * length) / Double(count))
  }

  @Test func shortSeriesIsFlagged() throws {
    let plateau = try Binning((0..<64).map(Double.init)).binnedError()
    #expect(!plateau.reachedPlateau)
    #expect(plateau.binned.binCount == 4)
    let constant = try Binning([2, 2, 2, 2, 2]).binnedError()
    #expect(constant.reachedPlateau)
    #expect(constant.estimate == Estimate(value: 2, error: 0))
  }
}
