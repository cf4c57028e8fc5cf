import Compute
import Foundation
import Lattice
import Statistics

/// Runs a chain in a folder: measurements, saved configurations, checkpoints, exact restart.
public struct ChainRun: Sendable {
  public let parameters: ChainParameters
  public let directory: ChainDirectory
  /// Go on from what the folder holds, or begin where it holds nothing.
  public var resumes: Bool
  /// A checkpoint is written at every save, and when so many seconds have passed since the last.
  public var secondsBetweenCheckpoints = 60.0

  public init(_ parameters: ChainParameters, in directory: ChainDirectory, resumes: Bool) {
    self.parameters = parameters
    self.directory = directory
    self.resumes = resumes
  }

  /// How far a run is.
  public struct Progress: Sendable {
    public let updates: Int
    public let totalUpdates: Int
    public let isThermalizing: Bool
    public let plaquette: Double
    /// Updates done by this process.
    public let updatesHere: Int
  }

  /// What a finished run found.
  public struct Summary: Sendable {
    /// Mean plaquette after thermalisation; nil without measurements.
    public var plaquette: Double?
    /// Its error by the Gamma method; nil for fewer than 4 measurements.
    public var plaquetteError: Double?
    /// In units of updates, 0.5 for independent ones.
    public var integratedAutocorrelationTime: Double?
    public var integratedAutocorrelationTimeError: Double?
    /// Saved configurations in order.
    public var files: [String]
    /// Updates done before this process began; nil if it began anew.
    public var resumedFrom: Int?
    public var records: [ChainRecord]
  }

  /// Thrown when `progress` asked to stop; the checkpoint is written.
  public struct Interrupted: Error, Sendable, CustomStringConvertible {
    public let updates: Int

    public var description: String {
      "interrupted after \(updates) updates; the checkpoint is written, --resume goes on"
    }
  }

  /// Runs to the end.
  ///
  /// - Parameter progress: called after every update; returns whether to go on.
  /// - Throws: `ChainParameterError`, `GeometryError`, `BoundaryError` and `ActionError` for bad
  ///   parameters;
  ///   `ConfigurationError` for what is wrong with files; `Interrupted`.
  public func run<Scalar: LatticeReal>(
    as: Scalar.Type, progress: (Progress) -> Bool
  ) throws -> Summary {
    try parameters.validate()
    // Links are made once: read from the checkpoint, or begun.
    var earlier: Chain<Scalar>?
    var history = ChainHistory(
      path: directory.historyFile, thermalization: parameters.thermalization)
    var resumedFrom: Int?
    let lock: FolderLock

    if let stored = try directory.storedParameters() {
      guard resumes else {
        throw ConfigurationError(
          .cannotCreate, file: directory.path, expected: "a folder without a chain",
          found: "chain.json of another run (--resume continues it)")
      }
      if let difference = parameters.firstDifference(from: stored) {
        throw ConfigurationError(
          .damaged, file: directory.parametersFile,
          expected: "\(difference.name) \(difference.mine)", found: difference.theirs)
      }
      lock = try directory.lock()
      earlier = try directory.readCheckpoint(parameters, as: Scalar.self)
      if let earlier {
        guard earlier.updates <= earlier.totalUpdates else {
          throw ConfigurationError(
            .usage, file: directory.path,
            expected: "at least the \(earlier.updates) updates already done",
            found: "\(earlier.totalUpdates)")
        }
        history = try ChainHistory(
          path: directory.historyFile, thermalization: parameters.thermalization,
          restoring: earlier.updates)
        resumedFrom = earlier.updates
      }
      if stored.sweeps != parameters.sweeps { try directory.write(parameters) }
    } else {
      try directory.create(parameters)
      lock = try directory.lock()
    }
    defer { withExtendedLifetime(lock) {} }

    var chain = try earlier.take() ?? Chain<Scalar>(parameters)
    var lastCheckpoint = ContinuousClock.now
    var isSaved = resumedFrom != nil
    let begin = chain.updates
    while chain.updates < chain.totalUpdates {
      chain.update()
      history.append(chain.measure())
      isSaved = false
      let number = chain.updates - parameters.thermalization
      let saves = number > 0 && parameters.saveEvery > 0 && number % parameters.saveEvery == 0
      if saves { try directory.save(chain, number: number) }
      let isDue = lastCheckpoint.duration(to: .now) > .seconds(secondsBetweenCheckpoints)
      if saves || isDue {
        try history.flush()
        try directory.writeCheckpoint(chain)
        lastCheckpoint = .now
        isSaved = true
      }
      let goesOn = progress(
        Progress(
          updates: chain.updates, totalUpdates: chain.totalUpdates, isThermalizing: number <= 0,
          plaquette: history.records.last!.plaquette, updatesHere: chain.updates - begin))
      if !goesOn && chain.updates < chain.totalUpdates {
        try history.flush()
        try directory.writeCheckpoint(chain)
        throw Interrupted(updates: chain.updates)
      }
    }
    if !isSaved {
      try history.flush()
      try directory.writeCheckpoint(chain)
    }
    return summary(history.records, resumedFrom: resumedFrom)
  }

  private func summary(_ records: [ChainRecord], resumedFrom: Int?) -> Summary {
    let series = records.dropFirst(parameters.thermalization).map(\.plaquette)
    let analysis = try? GammaMethod().analyse(series)
    var files = [String]()
    if parameters.saveEvery > 0 {
      for k in stride(
        from: parameters.saveEvery, through: parameters.sweeps, by: parameters.saveEvery)
      {
        files.append(directory.configurationFile(k, format: parameters.format))
      }
    }
    return Summary(
      plaquette: series.isEmpty ? nil : exactSum(series) / Double(series.count),
      plaquetteError: analysis?.error,
      integratedAutocorrelationTime: analysis?.integratedAutocorrelationTime,
      integratedAutocorrelationTimeError: analysis?.tauError, files: files,
      resumedFrom: resumedFrom, records: records)
  }
}
