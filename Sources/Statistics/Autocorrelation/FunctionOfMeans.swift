/// A function of the means of observables, with checked values and a numerical gradient.
struct FunctionOfMeans {
  private let function: ([Double]) -> Double

  init(_ function: @escaping ([Double]) -> Double) {
    self.function = function
  }

  /// The value of the function at `point`.
  func value(at point: [Double], place: String) throws(StatisticsError) -> Double {
    let value = function(point)
    guard value.isFinite else { throw .nonFiniteFunctionValue(place: place) }
    return value
  }

  /// The gradient by symmetric differences over the naive error of each mean.
  ///
  /// `f_alpha = [f(abar_alpha + h_alpha) - f(abar_alpha - h_alpha)] / (2 h_alpha)` with
  /// `h_alpha = sqrt(Gamma_alphaalpha(0)/N)`; zero for an observable that does not fluctuate.
  ///
  /// Source: U. Wolff, hep-lat/0306017, section 3.
  func gradient(
    of measurements: Measurements, at means: [Double]
  ) throws(StatisticsError) -> [Double] {
    var result: [Double] = []
    for observable in means.indices {
      var unit = [Double](repeating: 0, count: means.count)
      unit[observable] = 1
      let series = try FluctuationSeries(measurements, means: means, gradient: unit)
      guard !series.isConstant else {
        result.append(0)
        continue
      }
      let variance = series.autocovariance(lag: 0) / Double(measurements.sampleCount)
      let step = series.unscaled(variance.squareRoot())
      var (above, below) = (means, means)
      above[observable] += step
      below[observable] -= step
      let distance = above[observable] - below[observable]
      let place = "one step off the mean of observable \(observable)"
      let upper = try value(at: above, place: place)
      let lower = try value(at: below, place: place)
      result.append(distance > 0 ? (upper - lower) / distance : 0)
    }
    guard result.allSatisfy(\.isFinite) else { throw .overflow(quantity: "the gradient") }
    return result
  }
}
