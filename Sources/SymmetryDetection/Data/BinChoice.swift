import Foundation

/// The length of bins that are nearly independent, and what is left of their dependence.
///
/// Bins of length B of an exponential autocorrelation with integrated time tau have neighbours correlated by
/// about (tau - 1/(4 tau))/(2 B), and the variance of the mean of q bins is f times what the scatter of the
/// bins tells, f = (q - 1) V(N)/(V(B) - V(N)) with the exact variance V(m) of the mean of m samples. Longer
/// bins make f smaller but cost degrees of freedom. The rule: the shortest bins with f <= 1.2, but no longer
/// than leaves 24 bins, unless f > 1.5 there. Statistics are divided by f. Where the autocorrelation of the
/// bins themselves says more, f = (1 + r)/(1 - r) less one and a half standard errors of r, that is taken.
public struct BinChoice: Sendable, Hashable {
  /// Fewer bins give no verdict.
  public static let minimumBinCount = 8

  /// Fewer independent samples, N/(2 tau), give no verdict.
  public static let minimumIndependentSamples = 7.0

  /// A larger f in the longest bins gives no verdict, by the autocorrelation that decides about verdicts.
  public static let maximumInflation = 2.0

  /// More bins would cost time and tell no more.
  public static let maximumBinCount = 512

  static let goodInflation = 1.2
  static let fairInflation = 1.5
  static let goodBinCount = 24

  /// The number of samples in a bin, B.
  public let length: Int

  /// The number of bins, q.
  public let count: Int

  /// The factor f by which the variance of the mean exceeds what independent bins would have.
  public let inflation: Double

  /// The integrated autocorrelation time in units of the distance of samples.
  public let autocorrelationTime: Double

  /// How many more samples a verdict needs; 0 where there are enough.
  public let missingSamples: Int

  public var isEnough: Bool { missingSamples == 0 }

  init(_ series: IrrepSeries, _ correlation: CorrelationTime) {
    let lengths = series.observable.chainLengths
    let plan = Plan(chainLengths: lengths, decay: correlation.decay)
    let candidates = plan.candidates
    var inflations: [Double] = []
    for length in candidates {
      inflations.append(
        max(plan.inflation(length), Self.measuredInflation(series, length: length)))
    }
    func first(_ limit: Double) -> Int {
      inflations.firstIndex { $0 <= limit } ?? candidates.count - 1
    }
    let roomy = candidates.lastIndex { plan.binCount($0) >= Self.goodBinCount } ?? 0
    let chosen =
      candidates.isEmpty
      ? nil : max(min(first(Self.goodInflation), roomy), first(Self.fairInflation))
    autocorrelationTime = correlation.time
    length = chosen.map { candidates[$0] } ?? max(1, lengths.reduce(0, +))
    count = plan.binCount(length)
    inflation = chosen.map { inflations[$0] } ?? .infinity
    let decisive = Plan(chainLengths: lengths, decay: correlation.decisiveDecay)
    missingSamples = decisive.isEnough ? 0 : decisive.missing
  }

  /// (1 + r)/(1 - r) from the autocorrelation r of neighbouring bins, less one and a half standard errors.
  private static func measuredInflation(_ series: IrrepSeries, length: Int) -> Double {
    var components: [[[Double]]] = []
    for part in series.nonTrivialParts where !part.vanishes {
      for column in part.columns {
        let bins = series.binMeans(columns: column..<(column + 1), length: length)
        let mean = bins.reduce(0, +) / Double(bins.count)
        let variance = bins.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(bins.count)
        guard variance > 0 else { continue }
        let scale = 1 / variance.squareRoot()
        var position = 0
        components.append(
          series.observable.chainLengths.map { chain in
            defer { position += chain / length }
            return bins[position..<(position + chain / length)].map { ($0 - mean) * scale }
          })
      }
    }
    guard let bins = components.first?.reduce(0, { $0 + $1.count }), bins > 3 else { return 0 }
    let error = 1 / (Double(bins * components.count)).squareRoot()
    let r = CorrelationTime.neighbourCorrelation(components, sampleCount: bins) - 1.5 * error
    return r > 0 ? (1 + r) / (1 - r) : 0
  }

  /// What the lengths of the chains and an exponential autocorrelation a^t say about bins.
  struct Plan {
    let chainLengths: [Int]
    let decay: Double

    func binCount(_ length: Int) -> Int { chainLengths.reduce(0) { $0 + $1 / length } }

    /// Lengths 1, 2, 3, 4, 6, 8, 12, ... that leave the minimum of bins, and no more than the maximum: few
    /// lengths, so that observables share them.
    var candidates: [Int] {
      var result: [Int] = []
      var power = 1
      while binCount(power) >= BinChoice.minimumBinCount {
        result.append(power)
        if power > 1, binCount(power / 2 * 3) >= BinChoice.minimumBinCount {
          result.append(power / 2 * 3)
        }
        power *= 2
      }
      // Short chains have no longer bins: then all bins stay.
      let few = result.filter { binCount($0) <= BinChoice.maximumBinCount }
      return few.isEmpty ? result : few
    }

    /// The variance of the mean of m neighbouring samples of variance 1:
    /// (1/m) [(1 + a)/(1 - a) - 2 a (1 - a^m)/(m (1 - a)^2)].
    private func variance(_ m: Int) -> Double {
      let m = Double(m)
      let rest = 1 - decay
      return ((1 + decay) / rest - 2 * decay * (1 - pow(decay, m)) / (m * rest * rest)) / m
    }

    func inflation(_ length: Int) -> Double {
      let counts = chainLengths.map { $0 / length * length }
      let total = Double(counts.reduce(0, +))
      let ofMean = counts.reduce(0.0) { sum, m in
        let share = Double(m) / total
        return m == 0 ? sum : sum + share * share * variance(m)
      }
      let scatter = variance(length) - ofMean
      return scatter > 0 ? Double(binCount(length) - 1) * ofMean / scatter : .infinity
    }

    private var independentSamples: Double {
      Double(chainLengths.reduce(0, +)) * (1 - decay) / (1 + decay)
    }

    var isEnough: Bool {
      guard let longest = candidates.last else { return false }
      return inflation(longest) <= BinChoice.maximumInflation
        && independentSamples >= BinChoice.minimumIndependentSamples
    }

    /// How many samples have to be added to the last chain for a verdict at this autocorrelation.
    var missing: Int {
      func suffices(_ more: Int) -> Bool {
        var lengths = chainLengths
        lengths[lengths.count - 1] += more
        return Plan(chainLengths: lengths, decay: decay).isEnough
      }
      var enough = 1
      while !suffices(enough), enough < 1 << 30 { enough *= 2 }
      var low = enough / 2
      while enough - low > 1 {
        let middle = (enough + low) / 2
        if suffices(middle) { enough = middle } else { low = middle }
      }
      return enough
    }
  }
}
