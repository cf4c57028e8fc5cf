import Foundation

extension SpecialFunctions {
  /// The regularised incomplete beta function.
  ///
  /// `I_x(a, b) = (1/B(a, b)) int_0^x t^{a-1} (1-t)^{b-1} dt`, by the continued fraction of NIST Digital
  /// Library of Mathematical Functions, 8.17.22, in the modified method of Lentz; relative error below `1e-10`
  /// for `a + b` up to `1e5`, as long as nothing underflows.
  ///
  /// - Throws: `StatisticsError.invalidParameter` unless `a` and `b` are in `(0, 1e8]` and `x` in `[0, 1]`.
  public static func incompleteBeta(
    _ a: Double, _ b: Double, _ x: Double
  ) throws(StatisticsError) -> Double {
    for (name, value) in [("a", a), ("b", b)] where !(value > 0 && value <= 1e8) {
      throw .invalidParameter(
        name: "\(name) of the incomplete beta function", expected: "in (0, 1e8]", found: "\(value)")
    }
    guard (0...1).contains(x) else {
      throw .invalidParameter(
        name: "x of the incomplete beta function", expected: "in [0, 1]", found: "\(x)")
    }
    if x == 0 || x == 1 { return x }
    return x < (a + 1) / (a + b + 2)
      ? betaByFraction(a, b, x) : 1 - betaByFraction(b, a, 1 - x)
  }

  /// The probability that a variable of Fisher's F distribution is at least `f`.
  ///
  /// `p = I_{n/(n + m f)}(n/2, m/2)` with `m` degrees of freedom of the numerator and `n` of the
  /// denominator.
  ///
  /// - Throws: `StatisticsError.invalidParameter` for degrees of freedom that are not positive or a negative
  ///   or NaN `f`.
  public static func fTail(
    _ f: Double, numerator m: Double, denominator n: Double
  ) throws(StatisticsError) -> Double {
    guard f >= 0 else {
      throw .invalidParameter(name: "F", expected: "not negative", found: "\(f)")
    }
    if f == .infinity { return 0 }
    return try incompleteBeta(n / 2, m / 2, n / (n + m * f))
  }

  /// The probability that a non-central F variable is at most `f`.
  ///
  /// `P = sum_k e^{-l/2} (l/2)^k / k! I_x(m/2 + k, n/2)`, `x = m f/(n + m f)`, with the sum of squared means
  /// `l` in units of the variance.
  ///
  /// - Throws: As `fTail`, and for a non-centrality outside `[0, 1e4]`.
  public static func nonCentralF(
    _ f: Double, numerator m: Double, denominator n: Double, nonCentrality l: Double
  ) throws(StatisticsError) -> Double {
    guard f >= 0, (0...1e4).contains(l) else {
      throw .invalidParameter(
        name: "F and its non-centrality", expected: "not negative, and at most 1e4",
        found: "\(f) and \(l)")
    }
    let x = f == .infinity ? 1 : m * f / (n + m * f)
    // From the largest weight outwards, where nothing underflows.
    let mode = Int(l / 2)
    func weight(_ k: Int) -> Double {
      l == 0 ? (k == 0 ? 1 : 0) : exp(Double(k) * log(l / 2) - l / 2 - lgamma(Double(k) + 1))
    }
    var sum = CompensatedSum()
    for upwards in [true, false] {
      var k = upwards ? mode : mode - 1
      while k >= 0 {
        let w = weight(k)
        if w < 1e-14 { break }
        sum.add(w * (try incompleteBeta(m / 2 + Double(k), n / 2, x)))
        k += upwards ? 1 : -1
      }
    }
    return sum.value
  }

  private static func betaByFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    if d.magnitude < tiny { d = tiny }
    d = 1 / d
    var fraction = d
    for step in 1...100_000 {
      let m = Double(step)
      for coefficient in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 + coefficient * d
        if d.magnitude < tiny { d = tiny }
        c = 1 + coefficient / c
        if c.magnitude < tiny { c = tiny }
        d = 1 / d
        fraction *= c * d
      }
      if (c * d - 1).magnitude < 1e-15 { break }
    }
    let logarithm =
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return exp(logarithm) / a * fraction
  }
}
