import Foundation

/// The special functions behind p-values.
///
/// The relative error is below `1e-12` for values that do not underflow, also in the tails, for the
/// incomplete gamma functions up to `a = 1e6`.
public enum SpecialFunctions {
  /// The regularised upper incomplete gamma function.
  ///
  /// `Q(a, x) = (1/Gamma(a)) int_x^inf t^{a-1} e^{-t} dt`, `Q(a, 0) = 1`.
  ///
  /// - Throws: `StatisticsError.invalidParameter` unless `1/2 <= a <= 1e8` and `x >= 0`.
  public static func upperIncompleteGamma(
    _ a: Double, _ x: Double
  ) throws(StatisticsError) -> Double {
    try checkGammaDomain(a, x)
    if x == 0 { return 1 }
    if x == .infinity { return 0 }
    return x < a + 1
      ? 1 - IncompleteGamma.lowerBySeries(a, x) : IncompleteGamma.upperByFraction(a, x)
  }

  /// The regularised lower incomplete gamma function.
  ///
  /// `P(a, x) = (1/Gamma(a)) int_0^x t^{a-1} e^{-t} dt = 1 - Q(a, x)`.
  ///
  /// - Throws: `StatisticsError.invalidParameter` unless `1/2 <= a <= 1e8` and `x >= 0`.
  public static func lowerIncompleteGamma(
    _ a: Double, _ x: Double
  ) throws(StatisticsError) -> Double {
    try checkGammaDomain(a, x)
    if x == 0 { return 0 }
    if x == .infinity { return 1 }
    return x < a + 1
      ? IncompleteGamma.lowerBySeries(a, x) : 1 - IncompleteGamma.upperByFraction(a, x)
  }

  /// The probability that `chi^2` with `k` degrees of freedom is at least `chiSquared`.
  ///
  /// `p = Q(k/2, chi^2/2)`.
  ///
  /// - Throws: `StatisticsError.invalidParameter` below one degree of freedom, above 200 million, or
  ///   for a negative or NaN `chiSquared`.
  public static func chiSquaredTail(
    _ chiSquared: Double, degreesOfFreedom: Int
  ) throws(StatisticsError) -> Double {
    try upperIncompleteGamma(Double(degreesOfFreedom) / 2, chiSquared / 2)
  }

  /// The probability that a standard normal variable is at least `|z|` in magnitude.
  ///
  /// `p = erfc(|z|/sqrt(2))`; NaN for NaN.
  public static func normalTwoSidedTail(_ z: Double) -> Double {
    let x = z.magnitude / 2.0.squareRoot()
    guard x < 27 else { return erfc(x) }
    // In the tail erfc'/erfc = -2x magnifies the rounding of x and of sqrt(2); both are put back.
    let rest = z.magnitude.addingProduct(-x, 2.0.squareRoot()) - x * -9.667293313452913e-17
    return erfc(x) - (2 / Double.pi).squareRoot() * rest * exp(-x * x)
  }

  /// The probability that the limit of Kolmogorov's statistic is at least `lambda`.
  ///
  /// `Q_K(lambda) = 2 sum_{j>=1} (-1)^{j-1} exp(-2 j^2 lambda^2)`, 1 for `lambda <= 0`, NaN for NaN.
  public static func kolmogorovTail(_ lambda: Double) -> Double {
    if lambda <= 0 { return 1 }
    if lambda < 1 { return 1 - kolmogorovCumulative(lambda) }
    let square = -2 * lambda * lambda
    let terms = (exp(square), exp(4 * square), exp(9 * square), exp(16 * square))
    return 2 * (terms.0 - (terms.1 - (terms.2 - terms.3)))
  }

  /// The probability that the limit of Kolmogorov's statistic is below `lambda`.
  ///
  /// `P_K(lambda) = (sqrt(2 pi)/lambda) sum_{j>=1} exp(-(2j-1)^2 pi^2 / (8 lambda^2))`, equal to
  /// `1 - Q_K(lambda)`; 0 for `lambda <= 0`, NaN for NaN.
  public static func kolmogorovCumulative(_ lambda: Double) -> Double {
    if lambda <= 0 { return 0 }
    if lambda >= 1 { return 1 - kolmogorovTail(lambda) }
    let exponent = -Double.pi * Double.pi / (8 * lambda * lambda)
    let sum = exp(exponent) + exp(9 * exponent) + exp(25 * exponent) + exp(49 * exponent)
    return (2 * Double.pi).squareRoot() / lambda * sum
  }

  private static func checkGammaDomain(_ a: Double, _ x: Double) throws(StatisticsError) {
    guard a >= 0.5, a <= 1e8 else {
      throw .invalidParameter(
        name: "a of the incomplete gamma function", expected: "in [0.5, 1e8]", found: "\(a)")
    }
    guard x >= 0 else {
      throw .invalidParameter(
        name: "x of the incomplete gamma function", expected: "not negative", found: "\(x)")
    }
  }
}
