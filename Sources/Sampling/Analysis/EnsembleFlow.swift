import Lattice
import Loops
import Statistics

/// The scales t0 and w0 of an ensemble: of the mean t^2 E(t), with errors by a jackknife over bins of
/// configurations.
public struct EnsembleFlow: Sendable {
  /// t0 / a^2; nil where the mean does not reach it.
  public let t0: Estimate?
  /// w0 / a; nil where the mean does not reach it.
  public let w0: Estimate?
  /// Configurations of a bin.
  public let binLength: Int

  /// Takes the rows of the flow of every configuration of one chain, in order, at the same times.
  ///
  /// - Throws: `StatisticsError` for too few configurations or numbers that are not finite.
  public init(_ flows: [[FlowRow]], group: GaugeGroup) throws(StatisticsError) {
    let times = flows.first.map { $0.map(\.time) } ?? []
    guard !times.isEmpty, flows.allSatisfy({ $0.map(\.time) == times }) else {
      throw .invalidParameter(
        name: "the flows", expected: "the same times in all", found: "\(flows.count) flows")
    }
    let energies = times.indices.map { k in flows.map { $0[k].clover.energy } }
    // E at the largest times has the longest autocorrelation.
    let tau = (try? GammaMethod().analyse(energies.last!))?.integratedAutocorrelationTime ?? 0.5
    let jackknife = Jackknife(bins: .autocorrelationTime(max(0.5, tau)))
    let means = try jackknife.means(try Measurements(observables: energies))
    binLength = means.binLength
    t0 = means.estimate { FlowScales(times: times, energies: $0, group: group).t0 }
    w0 = means.estimate { FlowScales(times: times, energies: $0, group: group).w0 }
  }
}
