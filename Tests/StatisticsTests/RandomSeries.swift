import Foundation
import TestSupport

extension SplitMix64 {
  /// A standard normal number, after Box and Muller.
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }
}

/// Series with known statistics.
enum RandomSeries {
  /// A stationary Gaussian AR(1) series of mean 0 and variance 1 with `rho(t) = a^t`.
  ///
  /// `tau_int = (1 + a)/(2 (1 - a))`.
  static func autoregressive(
    _ a: Double, count: Int, using generator: inout SplitMix64
  ) -> [Double] {
    var x = generator.normal()
    let noise = (1 - a * a).squareRoot()
    return (0..<count).map { _ in
      defer { x = a * x + noise * generator.normal() }
      return x
    }
  }

  /// A series of uniform noise `x -> a x + u - 1/2` from 0, exact but for rounding in any language.
  static func reference(
    seed: UInt64, count: Int, a: Double, mean: Double, amplitude: Double
  ) -> [Double] {
    var generator = SplitMix64(seed: seed)
    var x = 0.0
    return (0..<count).map { _ in
      x = a * x + (generator.uniform() - 0.5)
      return mean + amplitude * x
    }
  }

  /// The integrated autocorrelation time of the AR(1) series.
  static func time(_ a: Double) -> Double { (1 + a) / (2 * (1 - a)) }
}

/// The mean of independent numbers with its naive error.
func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / (count * (count - 1))).squareRoot())
}

/// True where two numbers agree to a relative tolerance.
func agree(_ a: Double, _ b: Double, relative tolerance: Double) -> Bool {
  (a - b).magnitude <= tolerance * max(a.magnitude, b.magnitude)
}
