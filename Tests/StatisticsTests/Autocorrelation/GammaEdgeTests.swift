import Statistics
import TestSupport
import Testing

@Suite struct GammaEdgeTests {
  @Test(arguments: [0, 0.1, -1e300, 0x1p-1060])
  func constantSeries(value: Double) throws {
    let result = try GammaMethod().analyse([Double](repeating: value, count: 777))
    #expect(agree(result.value, value, relative: 1e-15))
    #expect(result.error == 0)
    #expect(result.errorOfError == 0)
    #expect(result.integratedAutocorrelationTime == 0.5)
    #expect(result.tauError == 0)
    #expect(result.window == 0)
    #expect(!result.windowReachedLimit)
    #expect(result.normalisedAutocorrelation == [1])
  }

  /// A derived quantity without fluctuations although its observables fluctuate.
  @Test func constantDerivedQuantity() throws {
    var generator = SplitMix64(seed: 5)
    let x = RandomSeries.autoregressive(0.5, count: 1000, using: &generator)
    let data = try Measurements(observables: [x, x.map { 3 - $0 }])
    let result = try GammaMethod().analyse(data) { $0[0] + $0[1] }
    #expect(agree(result.value, 3, relative: 1e-14))
    #expect(result.error < 1e-14)
  }

  @Test func fewSamplesAndBadSamples() {
    #expect(throws: StatisticsError.tooFewSamples(expected: 4, found: 3, replica: 0)) {
      try GammaMethod().analyse([1, 2, 3])
    }
    #expect(throws: StatisticsError.nonFiniteSample(index: 3, observable: 0, replica: 0)) {
      try GammaMethod().analyse([1, 2, 3, .nan, 5])
    }
  }

  @Test func fourSamplesAreEnough() throws {
    let result = try GammaMethod().analyse([1, 2, 2, 1])
    #expect(result.value == 1.5)
    #expect(result.error > 0)
  }

  /// A drift never decorrelates; the number of lags stays below the limit.
  @Test func windowThatNeverCloses() throws {
    let count = 20_000
    let result = try GammaMethod().analyse((0..<count).map(Double.init))
    #expect(result.windowReachedLimit)
    #expect(result.window == 2263)
    #expect(result.normalisedAutocorrelation.count == 2264)
    let short = try GammaMethod(windowLimit: 5).analyse((0..<100).map(Double.init))
    #expect(short.windowReachedLimit)
    #expect(short.window == 5)
  }

  @Test func parametersOutOfRange() {
    let series = [1.0, 2, 1, 3, 2]
    for method in [
      GammaMethod(window: .fixed(5)), GammaMethod(window: .fixed(-1)),
      GammaMethod(window: .automatic(s: 0)), GammaMethod(window: .automatic(s: .nan)),
      GammaMethod(windowLimit: 0), GammaMethod(windowLimit: 5),
    ] {
      #expect(throws: StatisticsError.self) { try method.analyse(series) }
    }
    #expect(throws: StatisticsError.self) {
      try GammaMethod().analyse(Measurements(observables: [series, series]))
    }
  }

  /// `1, -1, 1, -1, ...` has no positive variance of the mean with window 1.
  @Test func pathologicalVariance() {
    let series = (0..<100).map { $0 % 2 == 0 ? 1.0 : -1.0 }
    #expect(throws: StatisticsError.nonPositiveVariance(window: 1)) {
      try GammaMethod(window: .fixed(1)).analyse(series)
    }
  }

  @Test func functionThatIsNotFinite() throws {
    let data = try Measurements([-1, 1, -1, 1])
    #expect(throws: StatisticsError.nonFiniteFunctionValue(place: "at the means")) {
      try GammaMethod().analyse(data) { 1 / $0[0] }
    }
  }

  /// Scaling by powers of two, up to the ends of the range, changes no digit of the ratios.
  @Test(arguments: [0x1p-1000, 0x1p1000])
  func extremeUnits(unit: Double) throws {
    var generator = SplitMix64(seed: 6)
    let series = RandomSeries.autoregressive(0.5, count: 1000, using: &generator)
    let plain = try GammaMethod().analyse(series)
    let scaled = try GammaMethod().analyse(series.map { $0 * unit })
    #expect(scaled.error == plain.error * unit)
    #expect(scaled.integratedAutocorrelationTime == plain.integratedAutocorrelationTime)
    #expect(scaled.normalisedAutocorrelation == plain.normalisedAutocorrelation)
  }

  /// A hand-computed series `1, 2, 4, 1`: mean 2, `Gamma(0) = 6/4`, `Gamma(1) = -2/3`.
  @Test func byHand() throws {
    let naive = try GammaMethod(window: .fixed(0)).analyse([1, 2, 4, 1])
    #expect(naive.value == 2)
    #expect(agree(naive.error, (1.5 * 1.25 / 4).squareRoot(), relative: 1e-15))
    #expect(naive.integratedAutocorrelationTime == 0.5)
    #expect(naive.tauError == 0)
    let one = try GammaMethod(window: .fixed(1)).analyse([1, 2, 4, 1])
    // C = 3/2 - 4/3 = 1/6, C (1 + 3/4) = 7/24, Gamma(0) + C/4 = 37/24.
    #expect(agree(one.error, (7.0 / 96).squareRoot(), relative: 1e-14))
    #expect(agree(one.integratedAutocorrelationTime, 7.0 / 74, relative: 1e-14))
  }
}
