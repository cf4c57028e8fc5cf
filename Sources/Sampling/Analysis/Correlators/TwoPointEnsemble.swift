import Foundation
import Fourier
import Statistics

/// Two-point functions of a density over the configurations of a chain, all errors from one jackknife over bins.
public struct TwoPointEnsemble: Sendable {
  /// A correlator at one place.
  public struct Value: Sendable, Hashable {
    /// <phi^* phi>.
    public let correlator: Estimate
    /// Less what |<phi>|^2 makes of it.
    public let connected: Estimate
  }

  public let plan: TwoPointPlan
  public let configurations: Int
  /// Of the jackknife.
  public let means: JackknifeMeans
  private let slicePlaces: [Range<Int>]
  private let distancePlaces: Range<Int>
  private let momentumPlaces: Range<Int>

  /// Takes the configurations of one chain in order.
  ///
  /// - Parameter bins: by default of a length that suits the greatest integrated autocorrelation time of phi and
  ///   |phi|^2 of volume averages and of the correlators at distance zero.
  /// - Throws: `StatisticsError` for fewer than four configurations or bins, or numbers that are not finite.
  public init(
    _ samples: [TwoPointFunctions], _ plan: TwoPointPlan, bins: Jackknife.Bins? = nil
  ) throws(StatisticsError) {
    self.plan = plan
    configurations = samples.count
    var series = [
      samples.map { $0.mean[0] }, samples.map { $0.mean[1] },
      samples.map { $0.mean[0] * $0.mean[0] + $0.mean[1] * $0.mean[1] },
    ]
    var slow = [0, 2]
    func add(_ count: Int, _ value: (TwoPointFunctions, Int) -> Double) -> Range<Int> {
      let first = series.count
      for k in 0..<count { series.append(samples.map { value($0, k) }) }
      return first..<series.count
    }
    let geometry = plan.geometry
    slicePlaces = plan.request.directions.enumerated().map { index, mu in
      add(geometry.extents[mu] / 2 + 1) { $0.slices[index][$1] }
    }
    distancePlaces = add(plan.shells.count) { $0.distances[$1] }
    momentumPlaces = add(plan.momenta.count) { $0.momenta[$1] }
    slow +=
      slicePlaces.map(\.lowerBound) + (distancePlaces.isEmpty ? [] : [distancePlaces.lowerBound])
    let measurements = try Measurements(observables: series)
    let chosen: Jackknife.Bins
    if let bins {
      chosen = bins
    } else {
      // Anticorrelated series count as independent.
      chosen = .autocorrelationTime(
        slow.reduce(0.5) { greatest, k in
          let result = (try? Measurements(series[k])).flatMap { try? GammaMethod().analyse($0) }
          return max(greatest, result?.integratedAutocorrelationTime ?? 0.5)
        })
    }
    means = try Jackknife(bins: chosen).means(measurements)
    guard means.binCount >= 4 else { throw .tooFewBins(expected: 4, found: means.binCount) }
  }

  private var volume: Double { Double(plan.request.density.volume(plan.geometry)) }

  private func vacuum(_ values: [Double]) -> Double {
    values[0] * values[0] + values[1] * values[1]
  }

  /// A mean has an error: finite numbers in four bins or more.
  private func mean(_ place: Int) -> Estimate { means.estimate { $0[place] }! }

  private func value(_ place: Int, vacuumTimes factor: Double) -> Value {
    Value(
      correlator: mean(place),
      connected: means.estimate { $0[place] - factor * vacuum($0) }!)
  }

  /// <phi>, real and imaginary part.
  public var mean: (re: Estimate, im: Estimate) { (mean(0), mean(1)) }

  /// chi = V (<|phibar|^2> - |<phibar>|^2), phibar the volume average: the sum of the connected correlator.
  public var susceptibility: Estimate { means.estimate { volume * ($0[2] - vacuum($0)) }! }

  /// V <|phibar|^2>, of which nothing is subtracted.
  public var secondMoment: Estimate { means.estimate { volume * $0[2] }! }

  private func sliceVolume(_ index: Int) -> Double {
    volume / Double(plan.geometry.extents[plan.request.directions[index]])
  }

  /// C(t) of a direction of the request, t = 0 ... L / 2.
  public func slices(_ index: Int) -> [Value] {
    slicePlaces[index].map { value($0, vacuumTimes: sliceVolume(index)) }
  }

  /// arcosh((C(t - 1) + C(t + 1)) / 2 C(t)) of the connected correlator for t = 1 ... L / 2 - 1: the mass of one
  /// state on a periodic lattice; nil where there is none in all bins.
  public func effectiveMasses(_ index: Int) -> [Estimate?] {
    let (places, factor) = (slicePlaces[index], sliceVolume(index))
    guard places.count > 2 else { return [] }
    return (1..<(places.count - 1)).map { t in
      means.estimate { values in
        let c = (-1...1).map { values[places.lowerBound + t + $0] - factor * vacuum(values) }
        let ratio = (c[0] + c[2]) / (2 * c[1])
        return c[1] > 0 && ratio >= 1 ? acosh(ratio) : nil
      }
    }
  }

  /// C(r), by distance of the plan.
  public var distances: [Value] { distancePlaces.map { value($0, vacuumTimes: 1) } }

  /// S(p), by momentum of the plan.
  public var momenta: [Value] {
    zip(momentumPlaces, plan.momenta).map { place, k in
      value(place, vacuumTimes: k.allSatisfy { $0 == 0 } ? volume : 0)
    }
  }

  /// The second-moment correlation length of a direction,
  /// xi = sqrt(chi / S(p) - 1) / (2 sin(pi / L)), p the smallest momentum; nil without momenta and where S
  /// does not fall in all bins.
  public func correlationLength(direction mu: Int) -> Estimate? {
    let smallest = plan.geometry.extents.indices.map { $0 == mu ? 1 : 0 }
    guard let index = plan.momenta.firstIndex(of: smallest) else { return nil }
    let place = momentumPlaces.lowerBound + index
    return means.estimate { values in
      secondMomentCorrelationLength(
        zero: volume * (values[2] - vacuum(values)), smallest: values[place],
        extent: plan.geometry.extents[mu])
    }
  }
}
