import Statistics

/// The topological charge along one or more chains: moments, susceptibility, tunnelling.
public struct TopologicalSusceptibility: Sendable {
  /// How often a rounded charge was found.
  public struct HistogramBin: Sendable, Hashable, Codable {
    public let charge: Int
    public let count: Int
  }

  /// Sites V of the lattice.
  public let volume: Int
  /// <Q>, by the Gamma method.
  public let charge: GammaResult
  /// <Q^2> / V in lattice units, by the Gamma method.
  public let susceptibility: GammaResult
  /// (<Q^2> - <Q>^2) / V, for ensembles with a theta term; nil where the Gamma method gives no error.
  public let connectedSusceptibility: GammaResult?
  /// Charges rounded to the nearest integer, ascending; integers between that never occur count 0.
  public let histogram: [HistogramBin]
  /// How often the rounded charge of a configuration differs from the one before in its chain.
  public let tunnellings: Int

  /// Whether the rounded charge never changed: the chain has not sampled topology, and the errors
  /// mean nothing.
  public var isFrozen: Bool { tunnellings == 0 }

  /// Takes the charges of one chain in order.
  ///
  /// - Throws: as for replicas.
  public init(
    _ charges: [Double], volume: Int, method: GammaMethod = GammaMethod()
  ) throws(StatisticsError) {
    try self.init(replicas: [charges], volume: volume, method: method)
  }

  /// Takes the charges of several chains, replicas[chain][configuration].
  ///
  /// - Throws: `StatisticsError.invalidParameter` for a volume below 1 or charges beyond the integers,
  ///   and as `GammaMethod.analyse` for series that are too short or not finite.
  public init(
    replicas: [[Double]], volume: Int, method: GammaMethod = GammaMethod()
  ) throws(StatisticsError) {
    guard volume >= 1 else {
      throw .invalidParameter(name: "the volume", expected: "at least 1", found: "\(volume)")
    }
    let charges = try Measurements(replicaSeries: replicas)
    let sites = Double(volume)
    if let far = replicas.joined().first(where: { $0.magnitude > 1e6 }) {
      throw .invalidParameter(
        name: "every topological charge", expected: "up to 10^6", found: "\(far)")
    }
    self.volume = volume
    charge = try method.analyse(charges)
    let squares = replicas.map { $0.map { $0 * $0 / sites } }
    susceptibility = try method.analyse(try Measurements(replicaSeries: squares))
    let both = try Measurements(replicas: zip(replicas, squares).map { [$0, $1] })
    connectedSusceptibility = try? method.analyse(both) { $0[1] - $0[0] * $0[0] / sites }

    let rounded = replicas.map { $0.map { Int($0.rounded()) } }
    tunnellings = rounded.reduce(0) { sum, chain in
      sum + zip(chain, chain.dropFirst()).reduce(0) { $0 + ($1.0 != $1.1 ? 1 : 0) }
    }
    var counts = [Int: Int]()
    for charge in rounded.joined() { counts[charge, default: 0] += 1 }
    let (lowest, highest) = (counts.keys.min()!, counts.keys.max()!)
    histogram = (lowest...highest).map { HistogramBin(charge: $0, count: counts[$0] ?? 0) }
  }
}
