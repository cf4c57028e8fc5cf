import Statistics
import TestSupport
import Testing

@Suite struct BlockingTests {
  @Test func byHand() throws {
    let blocking = try Blocking([1, 3, 5, 7])
    #expect(blocking.mean == 4)
    #expect(blocking.levels.map(\.binLength) == [1, 2])
    // c_0 = 5, error^2 = 5/3; blocks 2 and 6: c_0 = 4, error^2 = 4/1.
    #expect(agree(blocking.levels[0].error, (5.0 / 3).squareRoot(), relative: 1e-15))
    #expect(blocking.levels[1].error == 2)
    #expect(agree(blocking.levels[0].errorOfError, (5.0 / 18).squareRoot(), relative: 1e-15))
  }

  /// Block lengths are bin lengths: the errors are those of binning, also for odd counts.
  @Test(arguments: [1024, 1000, 777])
  func equalsBinning(count: Int) throws {
    var generator = SplitMix64(seed: 12)
    let series = RandomSeries.autoregressive(0.5, count: count, using: &generator)
    let levels = try Blocking(series).levels
    let bins = try Binning(series).errors(lengths: levels.map(\.binLength))
    for (level, bin) in zip(levels, bins) {
      #expect(level.binCount == bin.binCount)
      #expect(agree(level.error, bin.error, relative: 1e-12))
    }
    #expect(levels.last?.binCount ?? 0 < 4)
  }

  @Test func badSeries() {
    #expect(throws: StatisticsError.tooFewSamples(expected: 4, found: 2, replica: 0)) {
      try Blocking([1, 2])
    }
  }
}
