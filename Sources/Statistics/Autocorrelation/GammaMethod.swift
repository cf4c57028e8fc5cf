/// The Gamma method: errors of autocorrelated data from their explicitly summed autocovariance.
///
/// With `Gamma(t)` the autocovariance at lag `t` about the mean of all `N` samples,
/// `C(W) = Gamma(0) + 2 sum_{t=1}^W Gamma(t)`, `error^2 = C(W)/N`,
/// `tau_int = C(W)/(2 Gamma(0))`, each corrected for the bias of order `1/N` by the subtracted mean.
/// A derived quantity `f(abar)` is the primary observable `sum_alpha f_alpha a_alpha` to leading
/// order.
///
/// Edge cases: data that are constant up to rounding have error 0, `tau_int = 1/2` and window 0; a
/// window that does not close sets `GammaResult.windowReachedLimit`. Lags are computed one by one up
/// to the window, `O(N W)` in all; sums are compensated, and serial, so that results do not depend on
/// the number of threads.
///
/// Source: U. Wolff, Comput. Phys. Commun. 156 (2004) 143, hep-lat/0306017.
public struct GammaMethod: Sendable, Hashable {
  /// How the summation window is found.
  public enum Window: Sendable, Hashable {
    /// The automatic window for a ratio `s` of exponential to integrated autocorrelation time.
    ///
    /// The value 1.5 suits series dominated by one time scale; greater values take longer tails into
    /// account, and a tail of small amplitude that is much longer may still be missed.
    case automatic(s: Double)

    /// A given window `W`.
    case fixed(Int)
  }

  /// How the summation window is found.
  public var window: Window

  /// The greatest automatic window; nil stands for `defaultWindowLimit(for:)`.
  public var windowLimit: Int?

  /// Makes the method, by default with the automatic window at `S = 1.5`.
  public init(window: Window = .automatic(s: 1.5), windowLimit: Int? = nil) {
    self.window = window
    self.windowLimit = windowLimit
  }

  /// The greatest automatic window where none is given.
  ///
  /// `min(min_r N_r / 2, max(256, 16 sqrt(N)))`: a series that never decorrelates costs at most
  /// `O(N^{3/2})`.
  public static func defaultWindowLimit(for measurements: Measurements) -> Int {
    let root = Int((16 * Double(measurements.sampleCount).squareRoot()).rounded(.up))
    let shortest = measurements.sampleCounts.reduce(Int.max) { Swift.min($0, $1) }
    return Swift.min(shortest / 2, Swift.max(256, root))
  }

  /// Analyses the series of one primary observable on one replica.
  ///
  /// - Throws: `StatisticsError.tooFewSamples` below four samples, `.nonFiniteSample` with the index
  ///   of NaN or infinity, and as `analyse(_:)` for measurements.
  public func analyse(_ series: [Double]) throws(StatisticsError) -> GammaResult {
    try analyse(try Measurements(series))
  }

  /// Analyses a primary observable on one or more replicas.
  ///
  /// - Parameter measurements: The data, of exactly one observable.
  /// - Throws: `StatisticsError.invalidParameter` for several observables or a window out of range,
  ///   `.nonPositiveVariance` for a short anticorrelated series, `.overflow` for sums beyond the
  ///   range of `Double`.
  public func analyse(_ measurements: Measurements) throws(StatisticsError) -> GammaResult {
    guard measurements.observableCount == 1 else {
      throw .invalidParameter(
        name: "the number of observables without a function", expected: "1",
        found: "\(measurements.observableCount)")
    }
    return try analyse(measurements, gradient: [1], function: FunctionOfMeans { $0[0] })
  }

  /// Analyses a derived quantity, a smooth function of the means of the observables.
  ///
  /// `F = f(abar_1, abar_2, ...)`, projected with the gradient from symmetric differences over the
  /// naive errors of the means; `error` is of leading order in them. On two or more replicas the
  /// estimated bias is subtracted from the value.
  ///
  /// - Throws: `StatisticsError.nonFiniteFunctionValue` where `function` is NaN or infinite at the
  ///   means, at those of a replica or one step off; else as for a primary observable.
  public func analyse(
    _ measurements: Measurements, function: @escaping ([Double]) -> Double
  ) throws(StatisticsError) -> GammaResult {
    try analyse(measurements, gradient: nil, function: FunctionOfMeans(function))
  }

  private func analyse(
    _ measurements: Measurements, gradient: [Double]?, function: FunctionOfMeans
  ) throws(StatisticsError) -> GammaResult {
    try validate(for: measurements)
    let means = try measurements.means()
    let total = try function.value(at: means, place: "at the means")
    let weights: [Double]
    if let gradient {
      weights = gradient
    } else {
      weights = try function.gradient(of: measurements, at: means)
    }
    let series = try FluctuationSeries(measurements, means: means, gradient: weights)
    let replicas = try compareReplicas(measurements, function: function, total: total)
    let value = gradient == nil ? total - (replicas?.bias ?? 0) : total
    let count = measurements.sampleCount
    if series.isConstant {
      return GammaResult(
        value: value, error: 0, errorOfError: 0, integratedAutocorrelationTime: 0.5, tauError: 0,
        window: 0, windowReachedLimit: false, normalisedAutocorrelation: [1], sampleCount: count,
        replicaBias: replicas?.bias, replicaQ: nil)
    }
    let summed = summationWindow(series, measurements: measurements)
    let corrected = try CorrectedAutocovariance(summed, sampleCount: count)
    let error = series.unscaled((corrected.sum / Double(count)).squareRoot())
    let excess = Swift.max(0, Double(summed.window) + 0.5 - corrected.time)
    return GammaResult(
      value: value, error: error,
      errorOfError: error * ((Double(summed.window) + 0.5) / Double(count)).squareRoot(),
      integratedAutocorrelationTime: corrected.time,
      tauError: 2 * corrected.time * (excess / Double(count)).squareRoot(),
      window: summed.window, windowReachedLimit: summed.reachedLimit,
      normalisedAutocorrelation: corrected.normalised, sampleCount: count,
      replicaBias: replicas?.bias, replicaQ: try replicas?.probability(error: error))
  }

  private func summationWindow(
    _ series: FluctuationSeries, measurements: Measurements
  ) -> SummationWindow {
    switch window {
    case .fixed(let window):
      return SummationWindow(series, fixed: window)
    case .automatic(let parameter):
      let limit = windowLimit ?? Self.defaultWindowLimit(for: measurements)
      return SummationWindow(series, parameter: parameter, limit: limit)
    }
  }

  private func compareReplicas(
    _ measurements: Measurements, function: FunctionOfMeans, total: Double
  ) throws(StatisticsError) -> ReplicaConsistency? {
    guard measurements.replicas.count > 1 else { return nil }
    var values: [Double] = []
    for replica in measurements.replicas.indices {
      let means = try measurements.means(replica: replica)
      values.append(try function.value(at: means, place: "at the means of replica \(replica)"))
    }
    return ReplicaConsistency(values: values, counts: measurements.sampleCounts, total: total)
  }

  private func validate(for measurements: Measurements) throws(StatisticsError) {
    let greatest = measurements.sampleCounts.reduce(Int.max) { Swift.min($0, $1) } - 1
    if case .fixed(let window) = window, !(0...greatest).contains(window) {
      throw .invalidParameter(
        name: "the window", expected: "in 0...\(greatest)", found: "\(window)")
    }
    if case .automatic(let parameter) = window, !(parameter > 0 && parameter.isFinite) {
      throw .invalidParameter(name: "S", expected: "positive and finite", found: "\(parameter)")
    }
    if let windowLimit, !(1...greatest).contains(windowLimit) {
      throw .invalidParameter(
        name: "the window limit", expected: "in 1...\(greatest)", found: "\(windowLimit)")
    }
  }
}
