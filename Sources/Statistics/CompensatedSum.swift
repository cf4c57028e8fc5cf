/// A compensated sum of floating-point numbers after Neumaier.
///
/// The rounding error of each addition is recovered exactly by Knuth's branch-free TwoSum and added
/// up apart:
/// `|value - sum x_i| <= eps |sum x_i| + O(n^2 eps^2) sum |x_i|`, with `eps = 2^-53`,
/// so the result does not depend on the order of the terms but for the second term, which is far
/// below the last digit for any series that fits in memory.
///
/// Source: A. Neumaier, Z. Angew. Math. Mech. 54 (1974) 39.
struct CompensatedSum {
  private var high = 0.0
  private var low = 0.0

  init() {}

  /// The sum of all terms so far, rounded once.
  var value: Double { high + low }

  /// Adds one term.
  @inline(__always)
  mutating func add(_ term: Double) {
    let sum = high + term
    let rounded = sum - high
    low += (high - (sum - rounded)) + (term - rounded)
    high = sum
  }
}

extension Sequence where Element == Double {
  /// The compensated sum of the elements.
  package var compensatedSum: Double {
    var sum = CompensatedSum()
    for term in self {
      sum.add(term)
    }
    return sum.value
  }
}

extension Collection where Element == Double {
  /// The mean from a compensated sum, NaN for an empty collection.
  package var compensatedMean: Double { compensatedSum / Double(count) }

  /// The compensated sum of the squared distances from `center`.
  func squaredDeviations(from center: Double) -> Double {
    var sum = CompensatedSum()
    for element in self {
      let deviation = element - center
      sum.add(deviation * deviation)
    }
    return sum.value
  }
}
