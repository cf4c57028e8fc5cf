import Statistics
import TestSupport
import Testing

@Suite struct ManyTestsTests {
  /// By hand, m = 5: sorted 0.01, 0.02, 0.03, 0.04, 0.5.
  let pValues = [0.04, 0.01, 0.5, 0.02, 0.03]

  @Test func bonferroni() throws {
    expectClose(try ManyTests.bonferroni(pValues), [0.2, 0.05, 1, 0.1, 0.15])
  }

  @Test func holm() throws {
    // 5 * 0.01 = 0.05, 4 * 0.02 = 0.08, 3 * 0.03 = 0.09, 2 * 0.04 = 0.08 -> 0.09, 1 * 0.5.
    expectClose(try ManyTests.holm(pValues), [0.09, 0.05, 0.5, 0.08, 0.09])
  }

  @Test func benjaminiHochberg() throws {
    // 5/1 * 0.01 = 5/2 * 0.02 = 5/3 * 0.03 = 5/4 * 0.04 = 0.05, 0.5.
    expectClose(try ManyTests.benjaminiHochberg(pValues), [0.05, 0.05, 0.5, 0.05, 0.05])
    // 3 * 0.01 = 0.03, 3/2 * 0.04 = 0.06 -> 0.045, 3/3 * 0.045.
    expectClose(try ManyTests.benjaminiHochberg([0.01, 0.04, 0.045]), [0.03, 0.045, 0.045])
  }

  @Test func edges() throws {
    #expect(try ManyTests.holm([]) == [])
    #expect(try ManyTests.bonferroni([0.3]) == [0.3])
    #expect(try ManyTests.holm([0.3]) == [0.3])
    #expect(try ManyTests.benjaminiHochberg([0, 1]) == [0, 1])
    for bad in [-0.1, 1.1, .nan] {
      #expect(
        throws: StatisticsError.invalidParameter(
          name: "p-value 1", expected: "in [0, 1]", found: "\(bad)")
      ) {
        try ManyTests.holm([0.5, bad])
      }
    }
  }

  /// Twenty true null hypotheses, 20 000 times: the share of families with a rejection at 5 %.
  ///
  /// Exact `1 - (1 - 0.05/20)^20 = 0.04883` for Bonferroni and Holm, 0.05 for Benjamini-Hochberg
  /// (uniform independent p-values). Four binomial standard deviations, 0.0062: a false alarm in 6 of
  /// 100 000 sets of seeds for each.
  @Test func rateOfFalseRejections() throws {
    var generator = SplitMix64(seed: 20)
    var (bonferroni, holm, discovery) = (0.0, 0.0, 0.0)
    let families = 20_000
    for _ in 0..<families {
      let pValues = (0..<20).map { _ in generator.uniform() }
      if try ManyTests.bonferroni(pValues).contains(where: { $0 <= 0.05 }) { bonferroni += 1 }
      if try ManyTests.holm(pValues).contains(where: { $0 <= 0.05 }) { holm += 1 }
      let adjusted = try ManyTests.benjaminiHochberg(pValues)
      if adjusted.contains(where: { $0 <= 0.05 }) { discovery += 1 }
    }
    #expect((bonferroni / Double(families) - 0.04883).magnitude < 0.0062)
    #expect(holm == bonferroni)
    #expect((discovery / Double(families) - 0.05).magnitude < 0.0062)
  }

  private func expectClose(_ found: [Double], _ expected: [Double]) {
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { agree($0, $1, relative: 1e-15) })
  }
}
