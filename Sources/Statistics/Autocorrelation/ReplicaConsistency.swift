/// The comparison of the values of a quantity on several replicas.
///
/// Source: U. Wolff, hep-lat/0306017, sections 2 and 3.
package struct ReplicaConsistency {
  /// The estimated bias of the value from all replicas together.
  package let bias: Double

  /// The values of the replicas corrected for their bias, `F_r - bias N/N_r`.
  package let corrected: [Double]

  /// The weighted mean of the corrected values.
  package let center: Double

  private let counts: [Int]

  /// Compares `values[r]` from `counts[r]` samples with the value from all; needs two or more.
  ///
  /// The bias of `f` at the mean of `n` samples is `b/n` in leading order, so that
  /// `Fbar - F = b (R - 1)/N`, the bias of `F` being `b/N`.
  package init(values: [Double], counts: [Int], total: Double) {
    let count = Double(counts.reduce(0, +))
    let mean = zip(values, counts).map { $0 * (Double($1) / count) }.compensatedSum
    let bias = (mean - total) / Double(counts.count - 1)
    self.bias = bias
    self.counts = counts
    corrected = zip(values, counts).map { $0 - bias * count / Double($1) }
    center = mean - bias * Double(counts.count)
  }

  /// The probability of a `chi^2` at least as great as found.
  ///
  /// `chi^2 = (1/C) sum_r N_r (F_r - Fbar)^2` with `R - 1` degrees of freedom, where the standard
  /// error from all samples is `error = sqrt(C/N)`.
  package func probability(error: Double) throws(StatisticsError) -> Double {
    let count = Double(counts.reduce(0, +))
    let chiSquared = zip(corrected, counts).map { value, number in
      let pull = (value - center) / error
      return pull * pull * (Double(number) / count)
    }.compensatedSum
    return try SpecialFunctions.chiSquaredTail(
      chiSquared, degreesOfFreedom: counts.count - 1)
  }
}
