import Foundation

/// The choice of the bin length from the integrated autocorrelation time.
public enum BinLength {
  /// The relative deficit of the binned variance times the bin length, `tau - 1/(4 tau)`.
  ///
  /// For an exponential autocorrelation with integrated time `tau` the variance of the mean from bins
  /// of length `B >> tau` is `sigma^2 (1 - b/B)`, `b = tau - 1/(4 tau)`; it vanishes for independent
  /// data, `tau = 1/2`, and counts as zero below.
  static func deficit(tau: Double) -> Double {
    tau > 0.5 ? tau - 1 / (4 * tau) : 0
  }

  /// The bin length at which the bias of the binned error is half of its statistical error.
  ///
  /// `B = ceil((2 N b^2)^{1/3})`, at least 1, with `b = tau - 1/(4 tau)`: the variance is too small by
  /// the relative amount `b/B` and has the relative error `sqrt(2B/N)`. At most `N/2`.
  ///
  /// - Throws: `StatisticsError.invalidParameter` where `tau` is not positive and finite or
  ///   `sampleCount < 4`.
  public static func recommended(
    tau: Double, sampleCount: Int
  ) throws(StatisticsError) -> Int {
    guard tau > 0, tau.isFinite else {
      throw .invalidParameter(name: "tau_int", expected: "positive and finite", found: "\(tau)")
    }
    guard sampleCount >= Measurements.minimalSampleCount else {
      throw .invalidParameter(
        name: "the number of samples", expected: "at least \(Measurements.minimalSampleCount)",
        found: "\(sampleCount)")
    }
    let deficit = deficit(tau: tau)
    let length = cbrt(2 * Double(sampleCount) * deficit * deficit).rounded(.up)
    return Int(Swift.min(Swift.max(length, 1), Double(sampleCount / 2)))
  }

  /// True where bins of length `length` satisfy the rule of `recommended` with their own `tau`.
  ///
  /// `B^3 >= 2 N max(b, 1/2)^2`: at `B = 1` the ratio of errors gives `tau = 1/2` for all data, and
  /// short bins do not feel tails; the lower bound excludes them at a negligible cost in precision.
  static func isOnPlateau(length: Int, tau: Double, sampleCount: Int) -> Bool {
    let deficit = Swift.max(deficit(tau: tau), 0.5)
    let cube = Double(length) * Double(length) * Double(length)
    return cube >= 2 * Double(sampleCount) * deficit * deficit
  }
}

/// The error of a mean from bins of one length.
public struct BinnedError: Sendable, Hashable, Codable {
  /// The number of samples in a bin, `B`.
  public let binLength: Int

  /// The number of bins, `n`.
  public let binCount: Int

  /// The error `sqrt(sum_k (b_k - bbar)^2 / (n (n - 1)))` from the bin means `b_k`.
  public let error: Double

  /// The standard error of the error for independent Gaussian bins, `error / sqrt(2 (n - 1))`.
  public let errorOfError: Double

  /// Takes the error from bin means of bins of length `binLength`; needs two bins.
  init(binLength: Int, means: [Double]) {
    let count = Double(means.count)
    let squares = means.squaredDeviations(from: means.compensatedMean)
    self.binLength = binLength
    binCount = means.count
    error = (squares / (count * (count - 1))).squareRoot()
    errorOfError = error / (2 * (count - 1)).squareRoot()
  }
}
