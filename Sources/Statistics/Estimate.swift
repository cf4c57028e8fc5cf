/// A value with its standard error.
///
/// `error` is one standard deviation of `value`, of the same unit.
public struct Estimate: Sendable, Hashable {
  /// The estimated value.
  public let value: Double

  /// The standard error of the value, not negative.
  public let error: Double

  /// Makes an estimate.
  ///
  /// The sign of `error` is dropped.
  public init(value: Double, error: Double) {
    self.value = value
    self.error = error.magnitude
  }

  /// The distance from an exact value in units of the error.
  ///
  /// `pull = (value - exact) / error`; for a Gaussian estimate it is normal with variance 1.
  /// With `error = 0` it is 0 where `value = exact` and an infinity with the sign of the difference
  /// elsewhere.
  public func pull(from exact: Double) -> Double {
    let distance = value - exact
    if distance == 0 { return 0 }
    return distance / error
  }
}

extension Estimate: Codable {
  private enum CodingKeys: String, CodingKey {
    case value, error
  }

  /// Reads `value` and `error`; the sign of `error` is dropped.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      value: try container.decode(Double.self, forKey: .value),
      error: try container.decode(Double.self, forKey: .error))
  }
}

extension Estimate: CustomStringConvertible {
  /// The estimate in the notation of the field, `0.59404(25)`.
  ///
  /// The error is rounded to two significant digits and the value to the same decimal place
  /// (halves away from zero, from the shortest decimal form that gives the number back). An error
  /// of 1 or more keeps its point, `123.4(5.7)`; from 10 on both are whole numbers, `12345(678)`.
  /// Numbers below `1e-5` and errors from `1e6` on have a common exponent, `1.234(50)e-10`. An
  /// error of zero is `(0)` behind the full value.
  public var description: String {
    guard value.isFinite, error.isFinite, error > 0 else {
      return error == 0 ? "\(value)(0)" : "\(value)(\(error))"
    }
    var valueDigits = DecimalDigits(value)
    var errorDigits = DecimalDigits(error)
    let leading = Swift.max(value == 0 ? Int.min : valueDigits.point, errorDigits.point) - 1
    let exponent = leading < -5 || errorDigits.point > 6 ? leading : 0
    valueDigits.point -= exponent
    errorDigits.point -= exponent

    var decimals = Swift.max(0, 2 - errorDigits.point)
    var rounded = errorDigits.rounded(decimals: decimals)
    if decimals > 0, rounded.count > 2 {
      decimals -= 1
      rounded = errorDigits.rounded(decimals: decimals)
    }
    let errorText =
      rounded.count > decimals && decimals > 0
      ? DecimalDigits.placePoint(in: rounded, decimals: decimals)
      : rounded.map(String.init).joined()
    let valueRounded = valueDigits.rounded(decimals: decimals)
    let sign = value < 0 && valueRounded != [0] ? "-" : ""
    let valueText = DecimalDigits.placePoint(in: valueRounded, decimals: decimals)
    let suffix = exponent == 0 ? "" : "e\(exponent)"
    return "\(sign)\(valueText)(\(errorText))\(suffix)"
  }
}

/// The shortest decimal digits of the magnitude of a finite number, `0.d1 d2 d3 ... * 10^point`.
private struct DecimalDigits {
  var digits: [Int]
  var point: Int

  init(_ number: Double) {
    let parts = "\(number.magnitude)".split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let all = (mantissa[0] + fraction).compactMap(\.wholeNumberValue)
    let zeros = all.prefix { $0 == 0 }.count
    digits = Array(all.dropFirst(zeros))
    point = mantissa[0].count + exponent - zeros
  }

  /// The digits of the whole number nearest to `number * 10^decimals`, without leading zeros.
  func rounded(decimals: Int) -> [Int] {
    let kept = point + decimals
    if kept < 0 || digits.isEmpty { return [0] }
    var result = Array(digits.prefix(kept))
    result += Array(repeating: 0, count: kept - result.count)
    if kept < digits.count, digits[kept] >= 5 {
      var position = kept - 1
      while position >= 0, result[position] == 9 {
        result[position] = 0
        position -= 1
      }
      if position >= 0 { result[position] += 1 } else { result.insert(1, at: 0) }
    }
    return result.isEmpty ? [0] : result
  }

  /// The text of a whole number divided by `10^decimals`.
  static func placePoint(in digits: [Int], decimals: Int) -> String {
    let padding = Array(repeating: 0, count: Swift.max(0, decimals + 1 - digits.count))
    let text = (padding + digits).map(String.init)
    let whole = text.dropLast(decimals).joined()
    return decimals == 0 ? whole : whole + "." + text.suffix(decimals).joined()
  }
}
