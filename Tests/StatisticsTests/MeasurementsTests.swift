import Statistics
import TestSupport
import Testing

@Suite struct MeasurementsTests {
  @Test func tooFewSamples() {
    let error = StatisticsError.tooFewSamples(expected: 4, found: 3, replica: 1)
    #expect(throws: error) { try Measurements(replicaSeries: [[1, 2, 3, 4], [1, 2, 3]]) }
    #expect(error.description == "expected at least 4 samples in replica 1, found 3")
    #expect(throws: StatisticsError.tooFewSamples(expected: 4, found: 0, replica: 0)) {
      try Measurements([])
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func nonFiniteSample(bad: Double) {
    #expect(throws: StatisticsError.nonFiniteSample(index: 2, observable: 1, replica: 0)) {
      try Measurements(observables: [[1, 2, 3, 4], [1, 2, bad, bad]])
    }
  }

  @Test func raggedArrays() {
    #expect(throws: StatisticsError.noData) { try Measurements(replicas: []) }
    #expect(throws: StatisticsError.noData) { try Measurements(replicas: [[]]) }
    #expect(
      throws: StatisticsError.lengthMismatch(expected: 4, found: 5, observable: 1, replica: 0)
    ) {
      try Measurements(observables: [[1, 2, 3, 4], [1, 2, 3, 4, 5]])
    }
    #expect(throws: StatisticsError.observableCountMismatch(expected: 1, found: 2, replica: 1)) {
      try Measurements(replicas: [[[1, 2, 3, 4]], [[1, 2, 3, 4], [1, 2, 3, 4]]])
    }
  }

  @Test func meansAreWeightedByLength() throws {
    let data = try Measurements(replicaSeries: [[1, 1, 1, 1], [4, 4, 4, 4, 4, 4, 4, 4]])
    #expect(try data.means() == [3])
    #expect(data.sampleCount == 12)
    #expect(data.sampleCounts == [4, 8])
  }

  @Test func overflowIsAnError() {
    #expect(throws: StatisticsError.overflow(quantity: "the sum of the samples")) {
      try Measurements([1e308, 1e308, 1e308, 1e308]).means()
    }
  }

  /// Cancelling terms, whose plain sum is wrong, and 10 000 permutations of one series.
  @Test func sumsDoNotDependOnTheOrder() {
    #expect([1, 1e100, 1, -1e100].compensatedSum == 2)
    var generator = SplitMix64(seed: 1)
    var series = (0..<1000).map { _ in 0.59 + 1e-3 * generator.normal() }
    let sum = series.compensatedSum
    for _ in 0..<10_000 {
      series.shuffle(using: &generator)
      #expect(series.compensatedSum == sum)
    }
  }
}
