import Autodiff
import GaugeLayers

extension TrainingRun {
  /// Trains a stage of the curriculum, again and again while it ends above its `restartAbove`.
  ///
  /// A stage may end in a valley where the polish creeps, or with channels so large that the next stage
  /// begins with losses of 1e15 and finds no way down; another beginning mostly ends elsewhere.
  ///
  /// - Parameters:
  ///   - number: the stage, from 0.
  ///   - learnt: how many layers of `initial` stages before it have trained. Every attempt begins with
  ///     these, and those after the first with other weights of the layers that follow.
  /// - Returns: how it ended, and the parameters of the best attempt.
  func trainStage(
    _ number: Int, _ data: TrainingData<Scalar>, _ learnt: Int, of initial: Parameters<Scalar>,
    resume: Bool, message: (String) -> Void, shouldStop: () -> Bool, pause: Duration,
    progress: (Progress) -> Void
  ) throws -> (end: StageResult, parameters: Parameters<Scalar>) {
    let stage = plan.curriculum![number]
    let name = "stage \(number + 1)"
    let data = try data.relabelled(stage.targets)
    let (limit, allowed) = (stage.restartAbove ?? .infinity, stage.attempts ?? 1)
    var best: (attempt: Int, loss: Double, parameters: Parameters<Scalar>)?
    var attempt = 0
    repeat {
      attempt += 1
      if let best {
        message(
          "\(name): least validation loss \(Float(best.loss)) is above \(limit), "
            + "attempt \(attempt) of \(allowed)")
      } else {
        message("\(name): \(stage.targets.joined(separator: ", "))")
      }
      let run = try TrainingRun(
        plan.plan(of: stage, attempt: attempt),
        folder: path("stage-\(number + 1)") + (attempt > 1 ? "-attempt-\(attempt)" : ""))
      try run.makeFolder()
      try run.prepareFolder(resume: resume)
      var start = try run.network.initialParameters(seed: run.plan.training.seed ?? 1)
      try start.takeLayers(attempt > 1 ? learnt : stage.layers, from: initial)
      let (result, parameters) = try run.train(
        data, from: start, resume: resume, message: message, shouldStop: shouldStop, pause: pause,
        progress: progress)
      if best.map({ result.bestValidationLoss < $0.loss }) ?? true {
        best = (attempt, result.bestValidationLoss, parameters)
      }
    } while best!.loss > limit && attempt < allowed
    let end = StageResult(
      targets: stage.targets, attempts: attempt, kept: best!.attempt,
      bestValidationLoss: best!.loss)
    return (end, best!.parameters)
  }
}
