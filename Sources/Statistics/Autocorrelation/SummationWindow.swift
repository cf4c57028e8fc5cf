import Foundation

/// The sum over the autocovariances up to a window, with the lags computed one by one on demand.
///
/// Source: U. Wolff, hep-lat/0306017, section 3.
struct SummationWindow {
  /// The window `W`, the greatest lag in the sum.
  private(set) var window = 0

  /// True where the automatic condition was not met up to the limit.
  private(set) var reachedLimit = false

  /// The autocovariances at lags `0 ... W`, without the correction of the bias.
  private(set) var autocovariances: [Double]

  /// Sums up to a given window.
  init(_ series: FluctuationSeries, fixed window: Int) {
    autocovariances = (0...window).map { series.autocovariance(lag: $0) }
    self.window = window
  }

  /// Finds the window automatically.
  ///
  /// With `G(W) = sum_{t=1}^W rho(t)` and `tau(W) = S / ln(1 + 1/G(W))`, a tiny positive number for
  /// `G <= 0`, the window is the first `W >= 1` with
  /// `exp(-W/tau(W)) - tau(W)/sqrt(W N) < 0`.
  ///
  /// A departure from the paper: where `rho(1) < -4/sqrt(N)` (a series significantly anticorrelated;
  /// for white noise this happens by chance in 3 of 100 000 series) `G` is the sum of `|rho(t)|`,
  /// for the rule of the paper would then close at `W = 1` whatever the decay, and the error would
  /// be too small.
  init(_ series: FluctuationSeries, parameter: Double, limit: Int) {
    let variance = series.autocovariance(lag: 0)
    let count = Double(series.sampleCount)
    autocovariances = [variance]
    var sum = 0.0
    var alternates = false
    for lag in 1...limit {
      let autocovariance = series.autocovariance(lag: lag)
      autocovariances.append(autocovariance)
      window = lag
      let rho = autocovariance / variance
      if lag == 1 { alternates = rho < -4 / count.squareRoot() }
      sum += alternates ? rho.magnitude : rho
      let tau = sum > 0 ? Swift.max(parameter / log1p(1 / sum), .ulpOfOne) : Double.ulpOfOne
      if exp(-Double(lag) / tau) < tau / (Double(lag) * count).squareRoot() { return }
    }
    reachedLimit = true
  }

  /// The sum `C(W) = Gamma(0) + 2 sum_{t=1}^W Gamma(t)` without the correction of the bias.
  var sum: Double {
    var sum = CompensatedSum()
    sum.add(autocovariances[0])
    for autocovariance in autocovariances.dropFirst() {
      sum.add(2 * autocovariance)
    }
    return sum.value
  }
}

/// The correction of the bias that the subtraction of the measured mean gives the autocovariance.
///
/// On average the measured `Gamma(t)` is too small by `C/N`, hence
/// `Gamma(t) -> Gamma(t) + C(W)/N` and `C(W) -> C(W) (1 + (2W+1)/N)`.
///
/// Source: U. Wolff, hep-lat/0306017, eq. (49).
struct CorrectedAutocovariance {
  /// The corrected `C(W)`, so that `error^2 = C(W)/N`.
  let sum: Double

  /// The corrected `Gamma(t)/Gamma(0)` at lags `0 ... W`.
  let normalised: [Double]

  /// The integrated autocorrelation time `C(W) / (2 Gamma(0))` from the corrected values.
  let time: Double

  init(_ window: SummationWindow, sampleCount: Int) throws(StatisticsError) {
    let shift = window.sum / Double(sampleCount)
    let corrected = window.sum + Double(2 * window.window + 1) * shift
    let variance = window.autocovariances[0] + shift
    guard corrected > 0, variance > 0 else { throw .nonPositiveVariance(window: window.window) }
    sum = corrected
    normalised = window.autocovariances.map { ($0 + shift) / variance }
    time = corrected / (2 * variance)
  }
}
