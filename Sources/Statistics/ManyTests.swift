/// The correction of p-values for the number of tests made.
///
/// All functions return adjusted p-values in the order of the input: a test is rejected at level
/// `alpha` where its adjusted p-value is at most `alpha`. An empty list gives an empty list.
public enum ManyTests {
  /// The p-values after Bonferroni.
  ///
  /// `p'_i = min(1, m p_i)` for `m` tests. The probability of any false rejection is at most `alpha`
  /// whatever the dependence of the tests.
  ///
  /// - Throws: `StatisticsError.invalidParameter` for a p-value outside `[0, 1]` or NaN.
  public static func bonferroni(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
    try check(pValues)
    return pValues.map { Swift.min(1, Double(pValues.count) * $0) }
  }

  /// The p-values after Holm.
  ///
  /// With `p_(1) <= ... <= p_(m)`: `p'_(i) = max_{k<=i} min(1, (m - k + 1) p_(k))`. The same guarantee
  /// as Bonferroni's, and never less powerful.
  ///
  /// - Throws: `StatisticsError.invalidParameter` for a p-value outside `[0, 1]` or NaN.
  ///
  /// Source: S. Holm, Scand. J. Statist. 6 (1979) 65.
  public static func holm(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
    try check(pValues)
    var adjusted = pValues
    var greatest = 0.0
    for (rank, index) in ascending(pValues).enumerated() {
      let factor = Double(pValues.count - rank)
      greatest = Swift.max(greatest, Swift.min(1, factor * pValues[index]))
      adjusted[index] = greatest
    }
    return adjusted
  }

  /// The p-values after Benjamini and Hochberg, for the false discovery rate.
  ///
  /// With `p_(1) <= ... <= p_(m)`: `p'_(i) = min_{k>=i} min(1, (m/k) p_(k))`. The expected share of
  /// false ones among the rejected tests is at most `alpha` for independent or positively dependent
  /// tests.
  ///
  /// - Throws: `StatisticsError.invalidParameter` for a p-value outside `[0, 1]` or NaN.
  ///
  /// Source: Y. Benjamini and Y. Hochberg, J. R. Statist. Soc. B 57 (1995) 289.
  public static func benjaminiHochberg(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
    try check(pValues)
    var adjusted = pValues
    var least = 1.0
    for (rank, index) in ascending(pValues).enumerated().reversed() {
      least = Swift.min(least, Double(pValues.count) * pValues[index] / Double(rank + 1))
      adjusted[index] = least
    }
    return adjusted
  }

  private static func ascending(_ pValues: [Double]) -> [Int] {
    pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  }

  private static func check(_ pValues: [Double]) throws(StatisticsError) {
    for (index, pValue) in pValues.enumerated() where !(0...1).contains(pValue) {
      throw .invalidParameter(name: "p-value \(index)", expected: "in [0, 1]", found: "\(pValue)")
    }
  }
}
