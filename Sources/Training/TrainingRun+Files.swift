import Autodiff
import Compute
import Foundation
import GaugeLayers

/// What of a training stands in its files.
struct Saving {
  /// The step of the best weights that this process has written.
  var best: Int?
  private var last: ContinuousClock.Instant?

  /// Whether the last writing is long enough ago.
  func isDue(_ pause: Duration) -> Bool { last.map { $0.duration(to: .now) >= pause } ?? true }

  mutating func noteNow() { last = .now }
}

extension TrainingRun {
  /// Writes the best weights, the table and the state, in this order: a continuation needs no more than
  /// the last says.
  func save(
    _ state: TrainingState<Scalar>, _ best: EarlyStopping<Scalar>.Best?, _ table: TrainingTable,
    _ saving: inout Saving
  ) throws {
    try saveBest(best, &saving)
    try table.write(path("train.csv"))
    try state.write(to: path("last.safetensors"))
    saving.noteNow()
  }

  /// Writes the best weights where this process has not written them yet.
  func saveBest(_ best: EarlyStopping<Scalar>.Best?, _ saving: inout Saving) throws {
    guard let best, best.step != saving.best else { return }
    try best.parameters.safetensors(
      metadata: NetworkWeights<Scalar>.metadata(plan.network, targets: plan.targets)
    ).write(to: path("best.safetensors"))
    saving.best = best.step
  }

  /// The state of a file, of this precision.
  func state(_ file: String) throws -> TrainingState<Scalar> {
    let content = try Safetensors(path: file)
    if let found = content.metadata["precision"], found != Scalar.precisionName {
      throw TrainingError.otherNetwork(
        file: file, what: "precision", expected: Scalar.precisionName, found: found)
    }
    return try TrainingState(content, path: file)
  }

  /// Makes the folder where there is none.
  func makeFolder() throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(.cannotCreate, "\(folder): expected a folder to write in, found none")
    }
  }

  /// Writes the plan into the folder, or looks whether what it holds is this training.
  ///
  /// A plan under which no step was written yet may be replaced.
  func prepareFolder(resume: Bool) throws {
    let files = FileManager.default
    let planPath = path("plan.json")
    let begun = ["last.safetensors", "best.safetensors", "train.csv"].map(path)
      .first { files.fileExists(atPath: $0) }
    if let begun {
      guard files.fileExists(atPath: planPath) else {
        throw TrainingError.file(
          .cannotCreate,
          "\(begun): expected a folder without files of a training, found this file and no plan.json"
        )
      }
      guard resume else {
        throw TrainingError.file(
          .cannotCreate,
          "\(folder): expected a folder without a training, found one; it continues with --resume")
      }
      let found = try TrainingPlan(path: planPath)
      if let (key, own, other) = plan.firstDifference(from: found) {
        throw TrainingError.file(
          .damaged, "\(planPath): expected \(key) to be \(own) as asked for, found \(other)")
      }
      return
    }
    do {
      try Data(plan.json.utf8).write(to: URL(fileURLWithPath: planPath), options: .atomic)
    } catch {
      throw TrainingError.file(
        .cannotCreate, "\(folder): expected a folder to write in, found none")
    }
  }
}
