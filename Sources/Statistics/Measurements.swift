/// Checked time series of one or more observables on one or more replicas.
///
/// A replica is an independent Markov chain; within a replica all observables are measured on the
/// same configurations, in the order of Monte Carlo time. Samples are `a_alpha^{i,r}` with
/// observable `alpha`, sample `i = 0 ..< N_r` and replica `r = 0 ..< R`, and `N = sum_r N_r`.
public struct Measurements: Sendable, Hashable {
  /// The fewest samples that a replica may have.
  public static let minimalSampleCount = 4

  /// The samples by replica, observable and Monte Carlo time.
  public let replicas: [[[Double]]]

  /// The number of observables.
  public var observableCount: Int { replicas[0].count }

  /// The number of samples of all replicas together, `N`.
  public var sampleCount: Int { sampleCounts.reduce(0, +) }

  /// The number of samples of each replica, `N_r`.
  public var sampleCounts: [Int] { replicas.map { $0[0].count } }

  /// Takes the series of one observable on one replica.
  ///
  /// - Throws: `StatisticsError.tooFewSamples` below four samples and `.nonFiniteSample` with the
  ///   index of the first NaN or infinity.
  public init(_ series: [Double]) throws(StatisticsError) {
    try self.init(replicas: [[series]])
  }

  /// Takes the series of several observables, `observables[alpha][i]`, on one replica.
  ///
  /// - Throws: As `init(replicas:)`.
  public init(observables: [[Double]]) throws(StatisticsError) {
    try self.init(replicas: [observables])
  }

  /// Takes the series of one observable on several replicas, `series[r][i]`.
  ///
  /// - Throws: As `init(replicas:)`.
  public init(replicaSeries series: [[Double]]) throws(StatisticsError) {
    try self.init(replicas: series.map { [$0] })
  }

  /// Takes several observables on several replicas, `replicas[r][alpha][i]`.
  ///
  /// The lengths of the replicas may differ.
  ///
  /// - Throws: `StatisticsError.noData` without replicas or observables, `.tooFewSamples` for a
  ///   replica with fewer than four samples, `.observableCountMismatch` and `.lengthMismatch` for a
  ///   ragged array, `.nonFiniteSample` for NaN or infinity.
  public init(replicas: [[[Double]]]) throws(StatisticsError) {
    guard let first = replicas.first, !first.isEmpty else { throw .noData }
    for (replica, observables) in replicas.enumerated() {
      guard observables.count == first.count else {
        throw .observableCountMismatch(
          expected: first.count, found: observables.count, replica: replica)
      }
      let length = observables[0].count
      for (observable, series) in observables.enumerated() {
        guard series.count == length else {
          throw .lengthMismatch(
            expected: length, found: series.count, observable: observable, replica: replica)
        }
        if let index = series.firstIndex(where: { !$0.isFinite }) {
          throw .nonFiniteSample(index: index, observable: observable, replica: replica)
        }
      }
      guard length >= Self.minimalSampleCount else {
        throw .tooFewSamples(
          expected: Self.minimalSampleCount, found: length, replica: replica)
      }
    }
    self.replicas = replicas
  }

  /// The mean of each observable over all samples of all replicas.
  ///
  /// `abar_alpha = (1/N) sum_r sum_i a_alpha^{i,r}`, by a compensated sum.
  ///
  /// - Throws: `StatisticsError.overflow` where a sum leaves the range of `Double`.
  public func means() throws(StatisticsError) -> [Double] {
    var result: [Double] = []
    for observable in 0..<observableCount {
      var sum = CompensatedSum()
      for replica in replicas {
        for sample in replica[observable] {
          sum.add(sample)
        }
      }
      result.append(sum.value / Double(sampleCount))
    }
    return try Self.finite(result)
  }

  /// The mean of each observable over the samples of one replica.
  func means(replica: Int) throws(StatisticsError) -> [Double] {
    try Self.finite(replicas[replica].map(\.compensatedMean))
  }

  /// The greatest magnitude of the samples of one observable.
  func greatestMagnitude(observable: Int) -> Double {
    replicas.reduce(0) { greatest, replica in
      replica[observable].reduce(greatest) { Swift.max($0, $1.magnitude) }
    }
  }

  private static func finite(_ means: [Double]) throws(StatisticsError) -> [Double] {
    guard means.allSatisfy(\.isFinite) else { throw .overflow(quantity: "the sum of the samples") }
    return means
  }
}
