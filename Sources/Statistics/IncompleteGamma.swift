import Foundation

/// The series and the continued fraction of the regularised incomplete gamma functions.
///
/// Both need a number of terms of order `sqrt(a)` near `x = a`.
/// Source: NIST Digital Library of Mathematical Functions, 8.11.4 and 8.9.2; the common factor after
/// C. Loader, Fast and accurate computation of binomial probabilities (2000).
enum IncompleteGamma {
  /// The lower function `P(a, x)`, for `0 < x < a + 1`.
  ///
  /// `P = x^a e^{-x} / Gamma(a+1) * sum_{n>=0} x^n / ((a+1) ... (a+n))`.
  static func lowerBySeries(_ a: Double, _ x: Double) -> Double {
    var sum = CompensatedSum()
    var term = 1.0
    var denominator = a
    sum.add(term)
    while term > sum.value * 1e-18 {
      denominator += 1
      term *= x / denominator
      sum.add(term)
    }
    return factor(a, x) * sum.value
  }

  /// The upper function `Q(a, x)`, for `x >= a + 1`.
  ///
  /// `Q = a x^a e^{-x} / Gamma(a+1) * 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...)))`, by the
  /// modified method of Lentz. It converges for all `x >= a + 1`; the number of steps is bounded all
  /// the same.
  static func upperByFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for step in 1...1_000_000 {
      let coefficient = Double(step) * (a - Double(step))
      b += 2
      d = coefficient * d + b
      if d.magnitude < tiny { d = tiny }
      c = b + coefficient / c
      if c.magnitude < tiny { c = tiny }
      d = 1 / d
      let ratio = c * d
      fraction *= ratio
      if (ratio - 1).magnitude <= .ulpOfOne { break }
    }
    return a * factor(a, x) * fraction
  }

  /// The common factor `x^a e^{-x} / Gamma(a + 1)` without loss of digits for great `a`.
  ///
  /// `exp(-a phi(x/a - 1) - delta(a)) / sqrt(2 pi a)`, `phi(u) = u - ln(1 + u)`, with the rest
  /// `delta` of Stirling's formula.
  static func factor(_ a: Double, _ x: Double) -> Double {
    exp(-a * excess((x - a) / a) - stirlingRest(a)) / (2 * Double.pi * a).squareRoot()
  }

  /// The function `u - ln(1 + u)`, without cancellation for small `u`.
  static func excess(_ u: Double) -> Double {
    guard u.magnitude < 0.5 else { return u - log1p(u) }
    // ln(1 + u) = 2 (v + v^3/3 + v^5/5 + ...) with v = u/(2 + u), and u - 2v = u v.
    let v = u / (2 + u)
    var power = v
    var sum = 0.0
    for odd in stride(from: 3.0, through: 41, by: 2) {
      power *= v * v
      sum += power / odd
    }
    return u * v - 2 * sum
  }

  /// The rest `delta(a) = ln Gamma(a+1) - ln(2 pi a)/2 - a ln a + a` of Stirling's formula.
  static func stirlingRest(_ a: Double) -> Double {
    var shifted = a
    var sum = CompensatedSum()
    while shifted < 10 {
      // delta(a) = delta(a + 1) + (a + 1/2) ln(1 + 1/a) - 1
      sum.add((shifted + 0.5) * log1p(1 / shifted))
      sum.add(-1)
      shifted += 1
    }
    let square = 1 / (shifted * shifted)
    let coefficients: [Double] = [
      1 / 156.0, -691 / 360360.0, 1 / 1188.0, -1 / 1680.0, 1 / 1260.0, -1 / 360.0, 1 / 12.0,
    ]
    var polynomial = 0.0
    for coefficient in coefficients {
      polynomial = polynomial * square + coefficient
    }
    sum.add(polynomial / shifted)
    return sum.value
  }
}
