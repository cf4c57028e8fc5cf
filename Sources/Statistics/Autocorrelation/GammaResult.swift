/// The outcome of an analysis by the Gamma method.
public struct GammaResult: Sendable, Hashable, Codable {
  /// The estimate of the observable or of the derived quantity.
  ///
  /// For a derived quantity on two or more replicas the `replicaBias` is already subtracted.
  public let value: Double

  /// The standard error of the value, `sqrt(C(W)/N)`.
  public let error: Double

  /// The standard error of the error, `error * sqrt((W + 1/2)/N)`.
  public let errorOfError: Double

  /// The integrated autocorrelation time in units of the distance of samples.
  ///
  /// `tau_int = 1/2 + sum_{t=1}^W rho(t)`, one half for independent data.
  public let integratedAutocorrelationTime: Double

  /// The standard error of the autocorrelation time, `2 tau_int sqrt((W + 1/2 - tau_int)/N)`.
  ///
  /// It is the leading order of Madras and Sokal, without the bias by the truncation at `W`.
  public let tauError: Double

  /// The summation window `W`.
  public let window: Int

  /// True where the automatic window did not close below its limit.
  ///
  /// The error and the autocorrelation time are then lower bounds only: the series is too short.
  public let windowReachedLimit: Bool

  /// The normalised autocorrelation `rho(t) = Gamma(t)/Gamma(0)` at lags `0 ... W`.
  public let normalisedAutocorrelation: [Double]

  /// The number of samples `N` of all replicas together.
  public let sampleCount: Int

  /// The bias of a derived quantity estimated from its spread over replicas, nil for one replica.
  ///
  /// `bias = (Fbar - F)/(R - 1)` with `F = f(abar)`, `Fbar = sum_r (N_r/N) f(abar^r)`; zero up to
  /// rounding for a primary observable. Its own noise is of the order `error^2`, as the bias.
  public let replicaBias: Double?

  /// The probability of replicas scattered at least as widely as found, nil for one replica.
  ///
  /// `Q = Q_gamma((R-1)/2, chi^2/2)`, `chi^2 = sum_r N_r (F_r - Fbar)^2 / C(W)` with the values of
  /// the replicas corrected for the bias. Uniform on `[0, 1]` for consistent replicas; a tiny value
  /// tells of chains that are not in equilibrium or were mixed up. Nil too for constant data.
  public let replicaQ: Double?

  /// The value with its error.
  public var estimate: Estimate { Estimate(value: value, error: error) }

  /// The integrated autocorrelation time with its error.
  public var tauEstimate: Estimate {
    Estimate(value: integratedAutocorrelationTime, error: tauError)
  }
}

extension GammaResult: CustomStringConvertible {
  /// The value and the autocorrelation time, each with its error, and the window.
  public var description: String {
    let flag = windowReachedLimit ? ", window did not close" : ""
    return "\(estimate), tau_int = \(tauEstimate), W = \(window)\(flag)"
  }
}
