/// The comparison of two independent means, each with its own error.
///
/// The errors may come from autocorrelated data, as those of `GammaResult.estimate`.
public struct MeanComparison: Sendable, Hashable, Codable {
  /// The difference of the means in units of its error.
  ///
  /// `z = (x_1 - x_2)/sqrt(e_1^2 + e_2^2)`; 0 for equal means and an infinity for different ones where
  /// both errors are zero.
  public let z: Double

  /// The two-sided p-value, `erfc(|z|/sqrt(2))`.
  ///
  /// It takes the errors for exact: where they are known to 10 % themselves, p-values of `1e-3` and
  /// below are too small by a factor that grows with `|z|`.
  public let pValue: Double

  /// Compares two estimates.
  ///
  /// - Throws: `StatisticsError.nonFiniteSample` with "replica" 0 or 1 for an estimate with a value or
  ///   an error that is NaN or infinite.
  public init(_ first: Estimate, _ second: Estimate) throws(StatisticsError) {
    for (index, estimate) in [first, second].enumerated()
    where !(estimate.value.isFinite && estimate.error.isFinite) {
      throw .nonFiniteSample(index: 0, observable: 0, replica: index)
    }
    // Halved and scaled, so that neither the difference nor the squares overflow or underflow.
    let greater = Swift.max(first.error, second.error)
    let lesser = Swift.min(first.error, second.error)
    let ratio = greater > 0 ? lesser / greater : 0
    let difference = 0.5 * first.value - 0.5 * second.value
    let error = (1 + ratio * ratio).squareRoot() * (0.5 * greater)
    z = first.value == second.value ? 0 : difference / error
    pValue = SpecialFunctions.normalTwoSidedTail(z)
  }
}
