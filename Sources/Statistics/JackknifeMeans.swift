/// The means of several observables by the jackknife, for many functions of them at once.
///
/// Where errors decide what is computed next, as weights of a fit do, `estimate(_:)` is called for one
/// quantity after the other, all on the same bins.
public struct JackknifeMeans: Sendable, Hashable {
  /// The means of all bins, by observable.
  public let values: [Double]

  /// The means without bin `k`, by bin and observable.
  public let replicates: [[Double]]

  /// The number of samples in a bin.
  public let binLength: Int

  /// The number of bins.
  public var binCount: Int { replicates.count }

  /// A function of the means with its error, `error^2 = ((n-1)/n) sum_k (f_k - fbar)^2`; nil where the
  /// function is nil or not finite at the means or without one of the bins.
  public func estimate(_ function: ([Double]) -> Double?) -> Estimate? {
    estimates { means in function(means).map { [$0] } }?[0]
  }

  /// Several functions of the means with their errors; nil where they are nil, or one is not finite,
  /// at the means or without one of the bins.
  public func estimates(_ functions: ([Double]) -> [Double]?) -> [Estimate]? {
    guard let center = functions(values), center.allSatisfy(\.isFinite) else { return nil }
    var series = [[Double]](repeating: [], count: center.count)
    for means in replicates {
      guard let found = functions(means), found.allSatisfy(\.isFinite) else { return nil }
      for (k, value) in found.enumerated() { series[k].append(value) }
    }
    let factor = Double(binCount - 1) / Double(binCount)
    return zip(center, series).map { value, samples in
      let squares = samples.squaredDeviations(from: samples.compensatedMean)
      return Estimate(value: value, error: (factor * squares).squareRoot())
    }
  }
}
