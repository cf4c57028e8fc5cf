/// The delete-one-bin jackknife of a function of the means of several observables.
///
/// With `n` bins of equal length and `theta_k = f(means without bin k)`,
/// `theta = f(means of all bins)`, `tbar = (1/n) sum_k theta_k`:
/// `error^2 = ((n-1)/n) sum_k (theta_k - tbar)^2`, `bias = (n-1)(tbar - theta)`.
/// Bins do not cross the border of replicas; samples that fill no bin are left out at the start of
/// each replica. All sums are compensated.
///
/// Source: B. Efron, The Jackknife, the Bootstrap and Other Resampling Plans (SIAM 1982), chapter 3.
public struct Jackknife: Sendable, Hashable {
  /// How the bins are chosen.
  public enum Bins: Sendable, Hashable {
    /// Bins of a given length.
    case length(Int)

    /// At least `n` bins, the longest that are possible: the length is the greatest `B` with
    /// `sum_r floor(N_r/B) >= n`.
    case count(Int)

    /// Bins of the length `BinLength.recommended(tau:sampleCount:)` for an integrated
    /// autocorrelation time, shortened where a replica would not give a bin.
    case autocorrelationTime(Double)
  }

  /// The outcome of a jackknife analysis.
  public struct Result: Sendable, Hashable, Codable {
    /// The function at the means of all bins, not corrected for the bias.
    public let value: Double

    /// The standard error.
    public let error: Double

    /// The estimated bias of `value`.
    public let bias: Double

    /// The number of samples in a bin.
    public let binLength: Int

    /// The functions `theta_k` without bin `k`, in the order of replicas and Monte Carlo time.
    public let replicates: [Double]

    /// The number of bins.
    public var binCount: Int { replicates.count }

    /// The value with its error.
    public var estimate: Estimate { Estimate(value: value, error: error) }

    /// The value with the bias of order `1/N` subtracted, `value - bias`.
    public var biasCorrectedValue: Double { value - bias }
  }

  /// How the bins are chosen.
  public var bins: Bins

  /// Makes the method.
  public init(bins: Bins) {
    self.bins = bins
  }

  /// Analyses a function of the means, by default the mean of the first observable.
  ///
  /// - Throws: `StatisticsError.invalidParameter` for bins below length 1 or a bad autocorrelation
  ///   time, `.tooFewBins` below two bins, `.nonFiniteFunctionValue` where `function` is NaN or
  ///   infinite, `.overflow` where a sum leaves the range of `Double`.
  public func analyse(
    _ measurements: Measurements, function: @escaping ([Double]) -> Double = { $0[0] }
  ) throws(StatisticsError) -> Result {
    let bins = try means(measurements)
    let function = FunctionOfMeans(function)
    let value = try function.value(at: bins.values, place: "at the means")
    var replicates: [Double] = []
    for (bin, means) in bins.replicates.enumerated() {
      replicates.append(try function.value(at: means, place: "without bin \(bin)"))
    }
    let count = replicates.count
    let center = replicates.compensatedMean
    let squares = replicates.squaredDeviations(from: center)
    let shift = replicates.map { $0 - value }.compensatedMean
    return Result(
      value: value, error: (squares * (Double(count - 1) / Double(count))).squareRoot(),
      bias: Double(count - 1) * shift, binLength: bins.binLength, replicates: replicates)
  }

  /// The means of the observables, of all bins and without each, from which functions follow.
  ///
  /// - Throws: As `analyse(_:function:)`, except for functions.
  public func means(_ measurements: Measurements) throws(StatisticsError) -> JackknifeMeans {
    let length = try binLength(for: measurements)
    let binned = (0..<measurements.observableCount).map { observable in
      measurements.replicas.flatMap { Binning.means(of: $0[observable], length: length) }
    }
    let count = binned[0].count
    guard count >= 2 else { throw .tooFewBins(expected: 2, found: count) }
    let means = binned.map(\.compensatedMean)
    guard means.allSatisfy(\.isFinite) else { throw .overflow(quantity: "the sum of the samples") }
    let replicates = (0..<count).map { bin in
      // The mean without one bin, from the deviation of that bin: no cancellation of large sums.
      zip(means, binned).map { mean, bins in mean - (bins[bin] - mean) / Double(count - 1) }
    }
    return JackknifeMeans(values: means, replicates: replicates, binLength: length)
  }

  private func binLength(for measurements: Measurements) throws(StatisticsError) -> Int {
    let counts = measurements.sampleCounts
    switch bins {
    case .length(let length):
      guard length >= 1 else {
        throw .invalidParameter(name: "the bin length", expected: "at least 1", found: "\(length)")
      }
      return length
    case .count(let wanted):
      guard wanted >= 2 else { throw .tooFewBins(expected: 2, found: wanted) }
      let total = measurements.sampleCount
      guard wanted <= total else { throw .tooFewBins(expected: wanted, found: total) }
      var length = total / wanted
      while counts.reduce(0, { $0 + $1 / length }) < wanted { length -= 1 }
      return length
    case .autocorrelationTime(let tau):
      let recommended = try BinLength.recommended(
        tau: tau, sampleCount: measurements.sampleCount)
      return counts.reduce(recommended) { Swift.min($0, $1) }
    }
  }
}
