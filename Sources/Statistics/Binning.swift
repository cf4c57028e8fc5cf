/// The binning of the series of one observable on one replica.
///
/// `b_k = (1/B) sum_{i in bin k} a_i`, `k = 0 ..< n`, `n = floor(N/B)`. The `N - nB` samples that
/// fill no bin are left out at the start of the series, next to thermalisation. All sums are
/// compensated.
public struct Binning: Sendable, Hashable {
  /// Where on the curve of errors against bin length the error is read off.
  public enum Plateau: Sendable, Hashable {
    /// The first bin length at which the bias is below half of the statistical error.
    ///
    /// The rule is that of `BinLength.recommended(tau:sampleCount:)`, with
    /// `tau = error(B)^2 / (2 error(1)^2)` from the curve itself, for `B = 1, 2, 4, ...`, and
    /// `B >= (N/2)^{1/3}`. It takes the autocorrelation for dominated by one time scale, as the
    /// automatic window of `GammaMethod` does; a long tail of small amplitude can be missed by both
    /// and shows in `errors(lengths:)` at great lengths.
    case automatic

    /// A given bin length.
    case binLength(Int)
  }

  /// The error at the plateau.
  public struct Result: Sendable, Hashable, Codable {
    /// The mean of all samples with the error from the bins.
    public let estimate: Estimate

    /// The bins at the plateau.
    public let binned: BinnedError

    /// False where the automatic rule was not met by any bin length with four or more bins.
    ///
    /// The error is then a lower bound only, at the greatest such length.
    public let reachedPlateau: Bool
  }

  /// The samples in the order of Monte Carlo time.
  public let series: [Double]

  /// Takes a series.
  ///
  /// - Throws: `StatisticsError.tooFewSamples` below four samples, `.nonFiniteSample` for NaN or
  ///   infinity, `.overflow` where the sum leaves the range of `Double`.
  public init(_ series: [Double]) throws(StatisticsError) {
    _ = try Measurements(series).means()
    self.series = series
  }

  /// The mean of all samples.
  public var mean: Double { series.compensatedMean }

  /// The means of the bins of a given length.
  ///
  /// - Throws: `StatisticsError.invalidParameter` below length 1, `.tooFewBins` where the series
  ///   gives fewer than two bins.
  public func binMeans(length: Int) throws(StatisticsError) -> [Double] {
    guard length >= 1 else {
      throw .invalidParameter(name: "the bin length", expected: "at least 1", found: "\(length)")
    }
    let count = series.count / length
    guard count >= 2 else { throw .tooFewBins(expected: 2, found: count) }
    return Self.means(of: series, length: length)
  }

  /// The error from bins of each of the given lengths.
  ///
  /// It rises with the length to the plateau `sqrt(2 tau_int Gamma(0) / N)`.
  ///
  /// - Throws: As `binMeans(length:)`.
  public func errors(lengths: [Int]) throws(StatisticsError) -> [BinnedError] {
    var result: [BinnedError] = []
    for length in lengths {
      result.append(BinnedError(binLength: length, means: try binMeans(length: length)))
    }
    return result
  }

  /// The mean with the error at the plateau of the bin length.
  ///
  /// - Throws: As `binMeans(length:)` for a given bin length.
  public func binnedError(
    plateau: Plateau = .automatic
  ) throws(StatisticsError) -> Result {
    switch plateau {
    case .binLength(let length):
      let binned = BinnedError(binLength: length, means: try binMeans(length: length))
      return Result(
        estimate: Estimate(value: mean, error: binned.error), binned: binned, reachedPlateau: true)
    case .automatic:
      var curve: [BinnedError] = []
      var length = 1
      while series.count / length >= 4 {
        curve.append(BinnedError(binLength: length, means: try binMeans(length: length)))
        if Self.isOnPlateau(curve, sampleCount: series.count) { break }
        length *= 2
      }
      return Self.result(curve, mean: mean, sampleCount: series.count)
    }
  }

  /// True where the last point of the curve meets the rule.
  static func isOnPlateau(_ curve: [BinnedError], sampleCount: Int) -> Bool {
    guard let last = curve.last, curve[0].error > 0 else { return true }
    let ratio = last.error / curve[0].error
    return BinLength.isOnPlateau(
      length: last.binLength, tau: ratio * ratio / 2, sampleCount: sampleCount)
  }

  /// The result from a curve that ends at the first point on the plateau or at the limit.
  static func result(_ curve: [BinnedError], mean: Double, sampleCount: Int) -> Result {
    let last = curve[curve.count - 1]
    return Result(
      estimate: Estimate(value: mean, error: last.error), binned: last,
      reachedPlateau: isOnPlateau(curve, sampleCount: sampleCount))
  }

  /// The means of the `samples.count / length` bins, aligned to the end of the samples.
  static func means(of samples: [Double], length: Int) -> [Double] {
    let count = samples.count / length
    let start = samples.count - count * length
    return (0..<count).map { bin in
      samples[(start + bin * length)..<(start + (bin + 1) * length)].compensatedMean
    }
  }
}
