/// The fluctuations of a projected observable, scaled so that squares keep their range.
///
/// `d^{i,r} = 2^-exponent sum_alpha f_alpha (a_alpha^{i,r} - abar_alpha)` with the mean over all
/// replicas, and the exponent such that the greatest magnitude lies in `[1, 2)`; the scaling is
/// exact.
struct FluctuationSeries {
  /// The scaled fluctuations by replica and Monte Carlo time.
  let replicas: [[Double]]

  /// The binary exponent of the scale.
  let exponent: Int

  /// True where nothing but rounding fluctuates.
  let isConstant: Bool

  /// The number of samples of all replicas together.
  let sampleCount: Int

  /// The length of the shortest replica.
  let shortestReplica: Int

  /// Projects the fluctuations of `measurements` about `means` on `gradient`.
  ///
  /// The series counts as constant if no fluctuation exceeds the rounding error of the projection,
  /// `4 * 2^-52 * sum_alpha |f_alpha| max |a_alpha|`.
  init(
    _ measurements: Measurements, means: [Double], gradient: [Double]
  ) throws(StatisticsError) {
    var greatest = 0.0
    var projected: [[Double]] = []
    for observables in measurements.replicas {
      var series = [Double](repeating: 0, count: observables[0].count)
      for (observable, samples) in observables.enumerated() where gradient[observable] != 0 {
        let (weight, mean) = (gradient[observable], means[observable])
        for index in series.indices {
          series[index] += weight * (samples[index] - mean)
        }
      }
      greatest = series.reduce(greatest) { Swift.max($0, $1.magnitude) }
      guard greatest.isFinite, series.allSatisfy(\.isFinite) else {
        throw .overflow(quantity: "the fluctuation of the samples")
      }
      projected.append(series)
    }
    var rounding = 0.0
    for (observable, weight) in gradient.enumerated() {
      rounding += weight.magnitude * measurements.greatestMagnitude(observable: observable)
    }
    isConstant = greatest <= 4 * Double.ulpOfOne * rounding || greatest == 0
    exponent = isConstant ? 0 : Int(greatest.exponent)
    // Two steps, for the reciprocal of a subnormal power of two is not representable.
    let (half, rest) = (-exponent / 2, -exponent - (-exponent / 2))
    let (first, second) = (Self.powerOfTwo(half), Self.powerOfTwo(rest))
    replicas = projected.map { $0.map { $0 * first * second } }
    sampleCount = measurements.sampleCount
    shortestReplica = replicas.reduce(Int.max) { Swift.min($0, $1.count) }
  }

  /// The autocovariance at one lag, in units of the squared scale.
  ///
  /// `Gamma(t) = 1/(N - R t) sum_r sum_{i < N_r - t} d^{i,r} d^{i+t,r}`, by a compensated sum;
  /// `t` is smaller than the length of the shortest replica. One lag costs `O(N)`.
  ///
  /// Source: U. Wolff, hep-lat/0306017, section 3.
  func autocovariance(lag: Int) -> Double {
    var sum = CompensatedSum()
    for series in replicas {
      series.withUnsafeBufferPointer { samples in
        for index in 0..<(samples.count - lag) {
          sum.add(samples[index] * samples[index + lag])
        }
      }
    }
    return sum.value / Double(sampleCount - replicas.count * lag)
  }

  /// Takes a scaled fluctuation back to the unit of the observable.
  func unscaled(_ value: Double) -> Double {
    let half = exponent / 2
    return value * Self.powerOfTwo(half) * Self.powerOfTwo(exponent - half)
  }

  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
