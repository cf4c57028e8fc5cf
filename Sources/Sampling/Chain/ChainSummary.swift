import Compute
import Foundation
import Statistics

extension ChainRun {
  /// What a finished run found; errors by the Gamma method, nil for fewer than 4 measurements.
  public struct Summary: Sendable {
    /// Mean plaquette after thermalisation; nil without measurements.
    public let plaquette: Double?
    public let plaquetteError: Double?
    /// In units of updates, 0.5 for independent ones.
    public let integratedAutocorrelationTime: Double?
    public let integratedAutocorrelationTimeError: Double?
    /// What hybrid Monte Carlo did; nil for the heat bath.
    public let trajectories: TrajectorySummary?
    /// The charge of U(1) in two dimensions; nil elsewhere.
    public let charge: ChargeSummary?
    /// Saved configurations in order.
    public let files: [String]
    /// Updates done before this process began; nil if it began anew.
    public let resumedFrom: Int?
    public let records: [ChainRecord]

    init(
      _ records: [ChainRecord], _ parameters: ChainParameters, _ directory: ChainDirectory,
      resumedFrom: Int?
    ) {
      let production = Array(records.dropFirst(parameters.thermalization))
      let series = production.map(\.plaquette)
      // A series that never moves, all trajectories refused, has no error.
      let moves = series.contains { $0 != series[0] }
      let analysis = moves ? try? GammaMethod().analyse(series) : nil
      plaquette = series.isEmpty ? nil : exactSum(series) / Double(series.count)
      let charges = production.compactMap(\.topologicalCharge)
      plaquetteError = analysis.map {
        max($0.error, Self.errorAmongSectors(series, charges) ?? 0)
      }
      integratedAutocorrelationTime = analysis?.integratedAutocorrelationTime
      integratedAutocorrelationTimeError = analysis?.tauError
      trajectories = TrajectorySummary(
        production.compactMap(\.trajectory), length: parameters.hybridParameters.length)
      charge = ChargeSummary(
        charges,
        volume: parameters.chargeVolume)
      var files = [String]()
      if parameters.saveEvery > 0 {
        for k in stride(
          from: parameters.saveEvery, through: parameters.sweeps, by: parameters.saveEvery)
        {
          files.append(directory.configurationFile(k, format: parameters.format))
        }
      }
      self.files = files
      self.resumedFrom = resumedFrom
      self.records = records
    }

    /// The error of a mean from bins of ten autocorrelation times of the charge: the plaquette depends
    /// on the sector a little, and where sectors change rarely, that is a tail of its autocorrelation
    /// too faint for a window and too long to be left out. Nil for fewer than 20 such bins.
    private static func errorAmongSectors(_ series: [Double], _ charges: [Double]) -> Double? {
      guard charges.count == series.count,
        let odd = try? GammaMethod().analyse(charges),
        let even = try? GammaMethod().analyse(charges.map { $0 * $0 })
      else { return nil }
      let slow = max(odd.integratedAutocorrelationTime, even.integratedAutocorrelationTime)
      let length = Int((10 * slow).rounded(.up))
      guard length > 1, series.count / length >= 20 else { return nil }
      let jackknife = Jackknife(bins: .length(length))
      return try? jackknife.analyse(Measurements(series)).error
    }
  }
}

/// A mean with its error, which fewer than 4 measurements do not have.
public struct MeanWithError: Sendable, Equatable {
  public let value: Double
  public let error: Double?

  init(_ series: [Double]) {
    value = exactSum(series) / Double(series.count)
    error = (try? GammaMethod().analyse(series))?.error
  }
}

/// What hybrid Monte Carlo did after thermalisation.
public struct TrajectorySummary: Sendable, Equatable {
  /// The share of trajectories that were accepted.
  public let acceptance: MeanWithError
  /// <exp(-dH)>, which is 1.
  public let exponentialOfEnergyChange: MeanWithError
  /// <dH>
  public let energyChange: MeanWithError
  /// Steps of the last trajectory and their size.
  public let steps: Int
  public let stepSize: Double
  /// The largest that was seen; nil where no trajectory was integrated back.
  public let reversibilityViolation: Double?

  init?(_ trajectories: [TrajectoryRecord], length: Double) {
    guard let last = trajectories.last else { return nil }
    acceptance = MeanWithError(trajectories.map { $0.isAccepted ? 1 : 0 })
    exponentialOfEnergyChange = MeanWithError(trajectories.map { exp(-$0.energyChange) })
    energyChange = MeanWithError(trajectories.map(\.energyChange))
    steps = last.steps
    stepSize = length / Double(last.steps)
    reversibilityViolation = trajectories.compactMap(\.reversibilityViolation).max()
  }
}

/// The topological charge along a chain.
public struct ChargeSummary: Sendable, Equatable {
  /// <Q> / V, V the plaquettes that exist.
  public let density: MeanWithError
  /// <Q^2> / V
  public let susceptibility: MeanWithError

  init?(_ charges: [Double], volume: Double) {
    if charges.isEmpty { return nil }
    density = MeanWithError(charges.map { $0 / volume })
    susceptibility = MeanWithError(charges.map { $0 * $0 / volume })
  }
}
