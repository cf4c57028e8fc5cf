import Foundation
import Statistics

/// The static potential from Wilson loops along one or more chains.
///
/// The effective potential aV(R, T) = ln(W(R, T) / W(R, T + 1)) falls to aV(R) as T grows. All errors
/// are those of one jackknife over bins of configurations, so that what is derived later knows all
/// correlations.
public struct StaticPotential: Sendable {
  /// The potential at one distance from a constant fit over times.
  public struct Plateau: Sendable, Hashable {
    public let r: Int
    /// The T of the effective potentials that went in.
    public let times: ClosedRange<Int>
    /// aV(R).
    public let potential: Estimate
    /// Of the constant fit, correlations between times left out.
    public let chiSquared: Double
    public var degreesOfFreedom: Int { times.count - 1 }
  }

  public let maximumR: Int
  public let maximumT: Int
  /// The bins of the jackknife; observable (R - 1) maximumT + T - 1 is W(R, T).
  public let means: JackknifeMeans

  /// Takes the tables of one chain, loops[configuration][R - 1][T - 1].
  ///
  /// - Throws: as for replicas.
  public init(loops: [[[Double]]], bins: Jackknife.Bins? = nil) throws(StaticPotentialError) {
    try self.init(replicas: [loops], bins: bins)
  }

  /// Takes the tables of several chains, replicas[chain][configuration][R - 1][T - 1].
  ///
  /// - Parameter bins: by default of a length that suits the greatest integrated autocorrelation time
  ///   of all loops.
  /// - Throws: `StaticPotentialError.tables` for ragged tables or T below 2, `.statistics` for
  ///   too few configurations or bins (at least 4) and for numbers that are not finite.
  public init(
    replicas: [[[[Double]]]], bins: Jackknife.Bins? = nil
  ) throws(StaticPotentialError) {
    let first = replicas.first?.first ?? []
    let (maximumR, maximumT) = (first.count, first.first?.count ?? 0)
    guard maximumR >= 1, maximumT >= 2 else {
      throw .tables(expected: "1 x 2 loops or more", found: "\(maximumR) x \(maximumT)")
    }
    for table in replicas.joined() {
      guard table.count == maximumR, table.allSatisfy({ $0.count == maximumT }) else {
        throw .tables(expected: "\(maximumR) x \(maximumT) in all", found: "another size")
      }
    }
    self.maximumR = maximumR
    self.maximumT = maximumT
    let series = replicas.map { tables in
      (0..<(maximumR * maximumT)).map { k in
        tables.map { $0[k / maximumT][k % maximumT] }
      }
    }
    do {
      let measurements = try Measurements(replicas: series)
      let chosen = bins ?? .autocorrelationTime(Self.greatestTime(series))
      means = try Jackknife(bins: chosen).means(measurements)
    } catch {
      throw .statistics(error)
    }
    guard means.binCount >= 4 else {
      throw .statistics(.tooFewBins(expected: 4, found: means.binCount))
    }
  }

  /// The greatest integrated autocorrelation time; anticorrelated series count as independent.
  private static func greatestTime(_ series: [[[Double]]]) -> Double {
    (0..<series[0].count).reduce(0.5) { greatest, k in
      let result = (try? Measurements(replicaSeries: series.map { $0[k] }))
        .flatMap { try? GammaMethod().analyse($0) }
      return max(greatest, result?.integratedAutocorrelationTime ?? 0.5)
    }
  }

  private func loop(_ r: Int, _ t: Int, _ values: [Double]) -> Double {
    values[(r - 1) * maximumT + t - 1]
  }

  /// W(R, T).
  public func loop(r: Int, t: Int) -> Estimate { means.estimate { loop(r, t, $0) }! }

  private func effective(_ r: Int, _ t: Int, _ values: [Double]) -> Double? {
    let (here, next) = (loop(r, t, values), loop(r, t + 1, values))
    return here > 0 && next > 0 ? log(here / next) : nil
  }

  /// aV(R, T) = ln(W(R, T) / W(R, T + 1)), T below `maximumT`; nil where a loop is not positive, with
  /// all configurations or without one of the bins.
  public func effectivePotential(r: Int, t: Int) -> Estimate? {
    means.estimate { effective(r, t, $0) }
  }

  /// aV(R) from a constant fit to the effective potentials, with weights 1 / error^2.
  ///
  /// Without given times: the last T is that up to which all effective potentials exist and
  /// W(R, T + 1) is at least three errors above zero; the first T is the smallest at which
  /// aV(R, T) - aV(R, T + 1) is at most one error of this difference.
  ///
  /// - Parameter times: the T to fit over, within 1 ... `maximumT` - 1.
  /// - Throws: `StaticPotentialError.range` for an R or T without loops, `.noPotential` where an
  ///   effective potential does not exist, `.noPlateau` where no two neighbours agree.
  public func plateau(
    r: Int, times: ClosedRange<Int>? = nil
  ) throws(StaticPotentialError) -> Plateau {
    try plateau(r, try self.times(r, times)).plateau
  }

  /// The times to fit over: those given, checked, or those of the rule.
  private func times(
    _ r: Int, _ given: ClosedRange<Int>?
  ) throws(StaticPotentialError) -> ClosedRange<Int> {
    guard (1...maximumR).contains(r) else {
      throw .range(name: "R", expected: "1 to \(maximumR)", found: "\(r)")
    }
    if let given {
      guard given.lowerBound >= 1, given.upperBound < maximumT else {
        throw .range(name: "T", expected: "1 to \(maximumT - 1)", found: "\(given)")
      }
      return given
    }
    var last = 0
    while last + 1 < maximumT, effectivePotential(r: r, t: last + 1) != nil {
      let next = loop(r: r, t: last + 2)
      guard next.value >= 3 * next.error else { break }
      last += 1
    }
    guard last >= 1 else { throw .noPotential(r: r, t: 1) }
    for t in 1..<max(1, last) {
      let difference = means.estimate { values in
        effective(r, t, values).flatMap { a in effective(r, t + 1, values).map { a - $0 } }
      }
      if let difference, difference.value <= difference.error { return t...last }
    }
    throw .noPlateau(r: r)
  }

  /// A plateau, and aV(R) as a function of the means with the weights of the fit.
  private func plateau(
    _ r: Int, _ times: ClosedRange<Int>
  ) throws(StaticPotentialError) -> (plateau: Plateau, potential: ([Double]) -> Double?) {
    var points = [Estimate]()
    for t in times {
      guard let point = effectivePotential(r: r, t: t) else { throw .noPotential(r: r, t: t) }
      points.append(point)
    }
    let fit: LinearFit
    do {
      fit = try LinearFit(
        basis: points.map { _ in [1] }, values: points.map(\.value), errors: points.map(\.error))
    } catch {
      throw .statistics(error)
    }
    let weights = points.map { fit.covariance[0][0] / ($0.error * $0.error) }
    let potential: ([Double]) -> Double? = { values in
      var sum = 0.0
      for (t, weight) in zip(times, weights) {
        guard let value = effective(r, t, values) else { return nil }
        sum += weight * value
      }
      return sum
    }
    guard let estimate = means.estimate(potential) else { throw .noPotential(r: r, t: 1) }
    return (
      Plateau(r: r, times: times, potential: estimate, chiSquared: fit.chiSquared), potential
    )
  }

  /// The plateaus at some distances, and the potentials at them as one function of the means.
  func plateaus(
    _ distances: ClosedRange<Int>, times: ClosedRange<Int>?
  ) throws(StaticPotentialError) -> (plateaus: [Plateau], potentials: ([Double]) -> [Double]?) {
    var plateaus = [Plateau]()
    var functions = [([Double]) -> Double?]()
    for r in distances {
      let found = try plateau(r, try self.times(r, times))
      plateaus.append(found.plateau)
      functions.append(found.potential)
    }
    return (
      plateaus,
      { values in
        let all = functions.compactMap { $0(values) }
        return all.count == functions.count ? all : nil
      }
    )
  }
}

/// Errors of the analysis of the static potential.
public enum StaticPotentialError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Tables of loops of a wrong size.
  case tables(expected: String, found: String)
  case range(name: String, expected: String, found: String)
  /// A loop is zero or negative within its noise.
  case noPotential(r: Int, t: Int)
  /// No two neighbouring times have effective potentials that agree.
  case noPlateau(r: Int)
  case statistics(StatisticsError)

  public var description: String {
    switch self {
    case .tables(let expected, let found):
      "static potential: expected tables of \(expected), found \(found)"
    case .range(let name, let expected, let found):
      "static potential: expected \(name) within \(expected), found \(found)"
    case .noPotential(let r, let t):
      "static potential: expected positive loops at R = \(r), T = \(t) and \(t + 1) in every bin,"
        + " found zero or less: more configurations or smaller T are needed"
    case .noPlateau(let r):
      "static potential: expected neighbouring times that agree at R = \(r), found none: larger T"
        + " or more smearing are needed"
    case .statistics(let error): "static potential: \(error)"
    }
  }
}
