/// The blocking analysis of Flyvbjerg and Petersen.
///
/// The series is replaced by the means of pairs of neighbours again and again,
/// `a'_i = (a_{2i} + a_{2i+1})/2`; at every level `sqrt(c_0/(n - 1))` with
/// `c_0 = (1/n) sum_i (a_i - abar)^2` is a lower bound of the error of the mean that rises to a fixed
/// point. Where a level has an odd number of entries the first is left out. It gives errors at all
/// lengths `2^k` in `O(N)`.
///
/// Source: H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91 (1989) 461.
public struct Blocking: Sendable, Hashable {
  /// The mean of all samples.
  public let mean: Double

  /// The number of samples.
  public let sampleCount: Int

  /// The errors at block lengths 1, 2, 4, ..., as long as there are two blocks.
  ///
  /// `errorOfError = error / sqrt(2 (n - 1))`, as in the source.
  public let levels: [BinnedError]

  /// Blocks the series of one observable on one replica.
  ///
  /// - Throws: `StatisticsError.tooFewSamples` below four samples, `.nonFiniteSample` for NaN or
  ///   infinity, `.overflow` where the sum leaves the range of `Double`.
  public init(_ series: [Double]) throws(StatisticsError) {
    mean = try Measurements(series).means()[0]
    sampleCount = series.count
    var levels: [BinnedError] = []
    var blocks = series
    var length = 1
    while blocks.count >= 2 {
      levels.append(BinnedError(binLength: length, means: blocks))
      let start = blocks.count % 2
      blocks = (0..<(blocks.count / 2)).map { index in
        0.5 * blocks[start + 2 * index] + 0.5 * blocks[start + 2 * index + 1]
      }
      length *= 2
    }
    self.levels = levels
  }

  /// The mean with the error at the first level where the curve is flat.
  ///
  /// Flat is the first level whose bias is below half of its statistical error, by the rule of
  /// `Binning.Plateau.automatic`; levels with fewer than four blocks are not considered.
  public func fixedPoint() -> Binning.Result {
    var curve: [BinnedError] = []
    for level in levels where level.binCount >= 4 {
      curve.append(level)
      if Binning.isOnPlateau(curve, sampleCount: sampleCount) { break }
    }
    return Binning.result(curve, mean: mean, sampleCount: sampleCount)
  }
}
