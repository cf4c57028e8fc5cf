/// The comparison of two samples of independent data by the two-sided Kolmogorov-Smirnov test.
///
/// `D = sup_x |F_1(x) - F_2(x)|` with the empirical distributions of `m` and `n` samples. Data from a
/// Markov chain have to be thinned to independence before, else p-values are too small.
public struct KolmogorovSmirnovTest: Sendable, Hashable, Codable {
  /// The greatest product `m n` for which the p-value is exact.
  public static let exactLimit = 10_000_000

  /// The greatest distance of the empirical distributions, `D`.
  public let statistic: Double

  /// The probability of a distance at least as great, if both samples are from one distribution.
  public let pValue: Double

  /// True where the p-value is exact, false where it is the asymptotic one.
  public let isExact: Bool

  /// Compares two samples.
  ///
  /// For `m n <= 10^7` the p-value is the exact conditional one: the share of the
  /// `(m+n)!/(m! n!)` ways to deal the pooled data into two samples that give at least the same `D`,
  /// also where values are equal. It is computed in `O(m n)` without cancellation, so that tiny
  /// p-values have their digits. Beyond, `p = Q_K(sqrt(m n/(m+n)) D)`, whose relative error at the
  /// limit is a few per cent for `p` around 0.05 and `m, n` without common factors, less for `m = n`,
  /// and which is conservative for data with equal values.
  ///
  /// - Throws: `StatisticsError.tooFewSamples` for an empty sample, `.nonFiniteSample` for NaN or
  ///   infinity; "replica" 0 and 1 stand for the first and the second sample.
  ///
  /// Source: J. L. Hodges, Ark. Mat. 3 (1958) 469; the limit by N. Smirnov (1939).
  public init(_ first: [Double], _ second: [Double]) throws(StatisticsError) {
    for (index, sample) in [first, second].enumerated() {
      guard !sample.isEmpty else {
        throw .tooFewSamples(expected: 1, found: 0, replica: index)
      }
      if let position = sample.firstIndex(where: { !$0.isFinite }) {
        throw .nonFiniteSample(index: position, observable: 0, replica: index)
      }
    }
    let walk = PooledWalk(first.sorted(), second.sorted())
    let (m, n) = (Double(first.count), Double(second.count))
    statistic = Double(walk.greatest) / (m * n)
    isExact = m * n <= Double(Self.exactLimit)
    if isExact {
      pValue = walk.exactTail(first.count, second.count)
    } else {
      pValue = SpecialFunctions.kolmogorovTail((m / (m + n) * n).squareRoot() * statistic)
    }
  }
}

/// The walk over the pooled order statistics of two sorted samples.
private struct PooledWalk {
  /// The greatest `|i n - j m|` after `i` and `j` values of the samples, `m n D`.
  var greatest: UInt = 0

  /// True at `i + j` where the pooled value there is smaller than the next one.
  var ends: [Bool]

  init(_ first: [Double], _ second: [Double]) {
    let (m, n) = (first.count, second.count)
    ends = [Bool](repeating: true, count: m + n + 1)
    var (i, j) = (0, 0)
    while i < m || j < n {
      let value =
        i < m && (j == n || first[i] <= second[j]) ? first[i] : second[j]
      let start = i + j
      while i < m, first[i] == value { i += 1 }
      while j < n, second[j] == value { j += 1 }
      for inside in (start + 1)..<(i + j) { ends[inside] = false }
      greatest = Swift.max(greatest, (i * n - j * m).magnitude)
    }
  }

  /// The share of the walks to `(m, n)` that touch `|i n - j m| >= greatest` at an end of values.
  ///
  /// A walk to `(i, j)` comes from `(i-1, j)` with probability `i/(i+j)`, hence the share `u` obeys
  /// `u(i, j) = (i u(i-1, j) + j u(i, j-1))/(i + j)`, and `u = 1` beyond the boundary: only positive
  /// terms.
  func exactTail(_ m: Int, _ n: Int) -> Double {
    var row = [Double](repeating: 0, count: n + 1)
    for i in 0...m {
      for j in 0...n {
        if ends[i + j], (i * n - j * m).magnitude >= greatest {
          row[j] = 1
        } else if i + j > 0 {
          let left = j > 0 ? Double(j) * row[j - 1] : 0
          row[j] = (Double(i) * row[j] + left) / Double(i + j)
        }
      }
    }
    return row[n]
  }
}
