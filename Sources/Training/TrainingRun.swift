import Autodiff
import Compute
import Foundation
import GaugeLayers
import Lattice

/// A training in a folder: `plan.json`, `train.csv`, `last.safetensors` (everything a continuation
/// needs), `best.safetensors` (weights), and `report.json` at the end.
///
/// Files are replaced whole. A run that was killed continues from its last epoch, one that was
/// interrupted from its last step, and both end as an uninterrupted run does, bit for bit.
public struct TrainingRun<Scalar: LatticeReal> {
  /// Where a run stands.
  public struct Progress: Sendable {
    public let step: Int
    public let totalSteps: Int
    public let stepsHere: Int
    public let epoch: Int
    public let epochs: Int
    public let loss: Double
    public let rate: Double
    public let validationLoss: Double?
  }

  public struct Result: Sendable {
    public let evaluations: [Evaluation]
    public let bestValidationLoss: Double
    public let bestEpoch: Int
    public let epochs: Int
    public let resumedFrom: Int?
  }

  public let plan: TrainingPlan
  public let folder: String
  public let network: GaugeNetwork<Scalar>

  public init(_ plan: TrainingPlan, folder: String) throws {
    self.plan = plan
    self.folder = folder
    network = try GaugeNetwork(plan.network)
  }

  private func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Trains to the end, or until `shouldStop`.
  ///
  /// - Parameters:
  ///   - resume: whether to continue what the folder holds; it may hold nothing yet.
  ///   - message: told what is being done beside steps.
  ///   - progress: told every step.
  /// - Throws: `TrainingError.interrupted` after the state is written.
  public func run(
    resume: Bool, message: (String) -> Void = { _ in }, shouldStop: () -> Bool = { false },
    progress: (Progress) -> Void = { _ in }
  ) throws -> Result {
    try prepareFolder(resume: resume)
    let data = try TrainingData<Scalar>(plan, report: message)
    var initial = try network.initialParameters(seed: plan.training.seed ?? 1)
    for (k, stage) in (plan.curriculum ?? []).enumerated() {
      message("stage \(k + 1): \(stage.targets.joined(separator: ", "))")
      let run = try TrainingRun(plan.plan(of: stage), folder: path("stage-\(k + 1)"))
      try run.prepareFolder(resume: resume)
      var start = try run.network.initialParameters(seed: run.plan.training.seed ?? 1)
      try start.takeLayers(stage.layers, from: initial)
      let result = try run.train(
        data.relabelled(stage.targets), from: start, resume: resume, message: message,
        shouldStop: shouldStop, progress: progress)
      try initial.takeLayers(stage.layers, from: result.parameters)
    }
    return try train(
      data, from: initial, resume: resume, message: message, shouldStop: shouldStop,
      progress: progress
    ).result
  }

  private func train(
    _ data: TrainingData<Scalar>, from initial: Parameters<Scalar>, resume: Bool,
    message: (String) -> Void, shouldStop: () -> Bool, progress: (Progress) -> Void
  ) throws -> (result: Result, parameters: Parameters<Scalar>) {
    var trainer = try Trainer(network, data.training, plan.training, parameters: initial)
    var table = TrainingTable(targets: plan.targets)
    var resumedFrom: Int?
    if resume, FileManager.default.fileExists(atPath: path("last.safetensors")) {
      let file = path("last.safetensors")
      try trainer.restore(try TrainingState(path: file), file: file)
      try table.read(path("train.csv"), epochs: trainer.epoch)
      resumedFrom = trainer.step
    }
    let first = trainer.step
    while !trainer.isFinished {
      if shouldStop() {
        try trainer.state.write(to: path("last.safetensors"))
        throw TrainingError.interrupted
      }
      let rate = trainer.rate
      do {
        try trainer.makeStep()
      } catch {
        // The weights before the step are good.
        try trainer.state.write(to: path("last.safetensors"))
        throw error
      }
      var validation: Evaluation?
      if trainer.isEndOfEpoch {
        let evaluation = try Evaluation(network, trainer.parameters, data.validation)
        validation = evaluation
        guard evaluation.loss.isFinite else {
          throw TrainingError.diverged(
            step: trainer.step, epoch: trainer.epoch,
            what: "the validation loss is \(evaluation.loss)")
        }
        try trainer.record(validationLoss: evaluation.loss)
        table.append(
          epoch: trainer.epoch, step: trainer.step, rate: rate,
          loss: trainer.meanLoss, validation: evaluation)
        try table.write(path("train.csv"))
        if trainer.stopping.best?.step == trainer.step { try writeBest(trainer) }
        try trainer.state.write(to: path("last.safetensors"))
      }
      progress(
        Progress(
          step: trainer.step, totalSteps: trainer.totalSteps, stepsHere: trainer.step - first,
          epoch: trainer.isEndOfEpoch ? trainer.epoch : trainer.epoch + 1,
          epochs: trainer.totalEpochs,
          loss: trainer.meanLoss, rate: rate, validationLoss: validation?.loss))
    }
    let best = trainer.stopping.best
    let parameters = best?.parameters ?? trainer.parameters
    message("testing")
    let evaluations = try data.tests.map { try Evaluation(network, parameters, $0) }
    let result = Result(
      evaluations: evaluations, bestValidationLoss: best?.loss ?? .nan,
      bestEpoch: trainer.epoch(ofStep: best?.step ?? 0), epochs: trainer.epoch,
      resumedFrom: resumedFrom)
    return (result, parameters)
  }

  private func writeBest(_ trainer: Trainer<Scalar>) throws {
    try trainer.parameters.safetensors(
      metadata: NetworkWeights<Scalar>.metadata(plan.network, targets: plan.targets)
    ).write(to: path("best.safetensors"))
  }

  private func prepareFolder(resume: Bool) throws {
    let files = FileManager.default
    let planPath = path("plan.json")
    if files.fileExists(atPath: planPath) {
      guard resume else {
        throw TrainingError.file(.usage, "\(folder): holds a training; continue it with --resume")
      }
      let found = try TrainingPlan(path: planPath)
      guard found == plan else {
        throw TrainingError.file(
          .usage, "\(planPath): expected the plan of this training, found another")
      }
      return
    }
    do {
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(plan.json.utf8).write(to: URL(fileURLWithPath: planPath), options: .atomic)
    } catch {
      throw TrainingError.file(.cannotCreate, "\(folder): cannot be created or written to")
    }
  }
}
