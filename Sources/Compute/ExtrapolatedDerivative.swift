/// A derivative along U -> exp(s X) U from values by Richardson's extrapolation of central
/// differences, D_k = (S(h_k) - S(-h_k)) / (2 h_k) with h_k = h_0 / 2^k; of the table the number with
/// the smallest estimate of its error is taken (C. J. F. Ridders, Adv. Eng. Softw. 4 (1982) 75).
package struct ExtrapolatedDerivative {
  package let value: Double
  /// The largest difference to the neighbours of the number in the table.
  package let error: Double
  /// The smallest step that went into it.
  package let step: Double
  /// The largest magnitude of S.
  package let largestValue: Double

  package init<Failure: Error>(
    firstStep: Double, levels: Int, _ function: (Double) throws(Failure) -> Double
  ) throws(Failure) {
    var best = (value: Double.nan, error: Double.infinity, step: firstStep)
    var (row, largest, h) = ([Double](), 0.0, firstStep)
    for level in 0..<levels {
      let (right, left) = (try function(h), try function(-h))
      largest = max(largest, abs(right), abs(left))
      var next = [(right - left) / (2 * h)]
      var factor = 4.0
      for k in 0..<level {
        next.append(next[k] + (next[k] - row[k]) / (factor - 1))
        let error = max(abs(next[k + 1] - next[k]), abs(next[k + 1] - row[k]))
        if error < best.error { best = (next[k + 1], error, h) }
        factor *= 4
      }
      row = next
      h /= 2
    }
    (value, error, step, largestValue) = (best.value, best.error, best.step, largest)
  }
}
