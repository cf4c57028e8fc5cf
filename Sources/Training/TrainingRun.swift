import Autodiff
import Compute
import Foundation
import GaugeLayers
import Lattice
import Sampling

/// A training in a folder: `plan.json`, `train.csv`, `last.safetensors` (everything a continuation
/// needs), `best.safetensors` (weights), and `report.json` at the end.
///
/// Files are replaced whole, at the ends of epochs and at most once a second. A run that was killed
/// continues from what it wrote last, one that was interrupted from its last step, and both end as an
/// uninterrupted run does, bit for bit.
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
    /// How the stages of the curriculum ended.
    public internal(set) var stages: [StageResult] = []
    public let evaluations: [Evaluation]
    public let bestValidationLoss: Double
    public let bestEpoch: Int
    public let epochs: Int
    public let resumedFrom: Int?
  }

  public let plan: TrainingPlan
  public let folder: String
  public let network: GaugeNetwork<Scalar>

  /// A run of a plan, which gets the precision if it has none.
  ///
  /// - Throws: what `TrainingPlan.validate()` throws, or `TrainingError.setting` for a plan of another
  ///   precision.
  public init(_ plan: TrainingPlan, folder: String) throws {
    try plan.validate()
    guard plan.precision ?? Scalar.precisionName == Scalar.precisionName else {
      throw TrainingError.setting(
        name: "precision", expected: "\(Scalar.precisionName) as the run is",
        found: plan.precision!)
    }
    var plan = plan
    plan.precision = Scalar.precisionName
    self.plan = plan
    self.folder = folder
    network = try GaugeNetwork(plan.network)
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Trains to the end, or until `shouldStop`.
  ///
  /// - Parameters:
  ///   - resume: whether to continue what the folder holds; it may hold nothing yet.
  ///   - message: told what is being done beside steps.
  ///   - pause: the least time between two writings of files, which wait for the disk.
  ///   - progress: told every step.
  /// - Throws: `TrainingError.interrupted` after the state is written, `.diverged` after the last state
  ///   with a finite loss is written.
  public func run(
    resume: Bool, message: (String) -> Void = { _ in }, shouldStop: () -> Bool = { false },
    pause: Duration = .seconds(1), progress: (Progress) -> Void = { _ in }
  ) throws -> Result {
    // Locked before the plan is written: that of a running training is not to be replaced.
    try makeFolder()
    let lock = FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    guard lock.isHeld else {
      throw TrainingError.file(
        .cannotCreate, "\(folder): expected a folder for one training, found another process in it")
    }
    try prepareFolder(resume: resume)
    let data = try TrainingData<Scalar>(plan, report: message)
    var initial = try network.initialParameters(seed: plan.training.seed ?? 1)
    // A lattice that the network cannot work on should be known before the training.
    for tested in [data.validation] + data.tests {
      _ = try Evaluation(network, initial, tested, first: 1)
    }
    var stages = [StageResult]()
    var learnt = 0
    for (number, stage) in (plan.curriculum ?? []).enumerated() {
      let (end, parameters) = try trainStage(
        number, data, learnt, of: initial, resume: resume, message: message,
        shouldStop: shouldStop, pause: pause, progress: progress)
      try initial.takeLayers(stage.layers, from: parameters)
      if try plan.hasOwnHead(stage) {
        let head = try plan.plan(of: stage).network.layers.count
        try initial.takeLayer(network.description.layers.count, from: parameters, head)
      }
      learnt = max(learnt, stage.layers)
      stages.append(end)
    }
    var result = try train(
      data, from: initial, resume: resume, message: message, shouldStop: shouldStop, pause: pause,
      progress: progress
    ).result
    result.stages = stages
    return result
  }

  func train(
    _ data: TrainingData<Scalar>, from initial: Parameters<Scalar>, resume: Bool,
    message: (String) -> Void, shouldStop: () -> Bool, pause: Duration,
    progress: (Progress) -> Void
  ) throws -> (result: Result, parameters: Parameters<Scalar>) {
    var trainer = try Trainer(network, data.training, plan.training, parameters: initial)
    var table = TrainingTable(targets: plan.targets)
    var resumedFrom: Int?
    if resume, FileManager.default.fileExists(atPath: path("last.safetensors")) {
      let file = path("last.safetensors")
      try trainer.restore(try state(file), file: file)
      try table.read(path("train.csv"), epochs: trainer.epoch)
      resumedFrom = trainer.step
    }
    let first = trainer.step
    // The last state that gave a finite loss. It is the one before the last step, whose moments cannot be
    // undone: parameters and moments are copied once a step.
    var good = trainer
    var saving = Saving()
    while !trainer.isFinished {
      if shouldStop() {
        try save(trainer.state, trainer.stopping.best, table, &saving)
        throw TrainingError.interrupted
      }
      let rate = trainer.rate
      let before = trainer
      do {
        try trainer.makeStep()
        good = before
      } catch {
        try save(good.state, trainer.stopping.best, table, &saving)
        throw located(error, trainer, kept: good.step)
      }
      var validation: Evaluation?
      if trainer.isEndOfEpoch {
        let evaluation = try Evaluation(network, trainer.parameters, data.validation)
        validation = evaluation
        guard evaluation.loss.isFinite else {
          try save(good.state, trainer.stopping.best, table, &saving)
          throw TrainingError.diverged(
            step: trainer.step, epoch: trainer.epoch,
            what: "the validation loss is \(evaluation.loss)", kept: kept(good.step))
        }
        try trainer.record(validationLoss: evaluation.loss)
        table.append(
          epoch: trainer.epoch, step: trainer.step, rate: rate,
          loss: trainer.meanLoss, validation: evaluation)
        if trainer.isFinished || saving.isDue(pause) {
          try save(trainer.state, trainer.stopping.best, table, &saving)
        }
      }
      progress(
        Progress(
          step: trainer.step, totalSteps: trainer.totalSteps, stepsHere: trainer.step - first,
          epoch: trainer.isEndOfEpoch ? trainer.epoch : trainer.epoch + 1,
          epochs: trainer.totalEpochs,
          loss: trainer.meanLoss, rate: rate, validationLoss: validation?.loss))
    }
    let best = trainer.stopping.best
    // Where nothing was left to be done: the file may have been lost or damaged since.
    try saveBest(best, &saving)
    let parameters = best?.parameters ?? trainer.parameters
    if !data.tests.isEmpty { message("testing") }
    let evaluations = try data.tests.map { try Evaluation(network, parameters, $0) }
    let result = Result(
      evaluations: evaluations, bestValidationLoss: best?.loss ?? .nan,
      bestEpoch: trainer.epoch(ofStep: best?.step ?? 0), epochs: trainer.epoch,
      resumedFrom: resumedFrom)
    return (result, parameters)
  }

  /// An error of a step with the state that was written.
  private func located(
    _ error: any Error, _ trainer: Trainer<Scalar>, kept step: Int
  ) -> any Error {
    switch error {
    case TrainingError.diverged(let failed, let epoch, let what, _):
      TrainingError.diverged(step: failed, epoch: epoch, what: what, kept: kept(step))
    case AutodiffError.nonFinite(let name, _):
      located(trainer.divergence("'\(name)' is not finite"), trainer, kept: step)
    default: error
    }
  }

  private func kept(_ step: Int) -> TrainingError.KeptState {
    .init(step: step, file: path("last.safetensors"))
  }
}
