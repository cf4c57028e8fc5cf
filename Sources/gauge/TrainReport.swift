import Foundation
import Training

/// Progress of a training on standard error: epoch, loss, rate, time left.
struct TrainProgress {
  // When the first step of the training, or of the stage of a curriculum, had been made.
  private var start = ContinuousClock.now
  private var firstStep = Int.max
  private var lastStep = Int.max
  private var last: ContinuousClock.Instant?
  private var validation: Double?
  private var isShown = false

  mutating func report<Scalar>(_ p: TrainingRun<Scalar>.Progress) {
    if let loss = p.validationLoss { validation = loss }
    let now = ContinuousClock.now
    // Steps are counted from 1 again: sampling and stages before are no part of the time a step takes.
    if p.stepsHere <= lastStep { (start, firstStep) = (now, p.stepsHere) }
    lastStep = p.stepsHere
    let pause: Duration = Console.isTerminal ? .milliseconds(200) : .seconds(10)
    guard (last ?? start).duration(to: now) >= pause || p.step == p.totalSteps else { return }
    last = now
    isShown = true
    let elapsed = start.duration(to: now)
    let seconds =
      Double(elapsed.components.seconds) + 1e-18 * Double(elapsed.components.attoseconds)
    let steps = Double(p.stepsHere - firstStep)
    let left = seconds / max(1, steps) * Double(p.totalSteps - p.step)
    let shown = validation.map { "  validation " + String(format: "%.3e", $0) } ?? ""
    Console.progress(
      "epoch \(p.epoch)/\(p.epochs)  loss \(String(format: "%.3e", p.loss))\(shown)  rate "
        + "\(String(format: "%.2e", p.rate))  \(fixed(steps / max(seconds, 1e-9), 1)) "
        + "steps/s  \(durationText(left)) left")
  }

  mutating func end() {
    if isShown { Console.endProgress() }
    isShown = false
  }
}

/// The test report of a training, as text and JSON.
struct TrainReport {
  let plan: TrainingPlan
  let precision: String
  let parameters: Int
  let evaluations: [Evaluation]
  let bestValidationLoss: Double
  let bestEpoch: Int
  let epochs: Int
  let resumedFrom: Int?
  let stages: [StageResult]
  let folder: String

  init<Scalar>(
    plan: TrainingPlan, precision: String, parameters: Int, result: TrainingRun<Scalar>.Result,
    folder: String
  ) {
    self.plan = plan
    self.precision = precision
    self.parameters = parameters
    evaluations = result.evaluations
    bestValidationLoss = result.bestValidationLoss
    bestEpoch = result.bestEpoch
    epochs = result.epochs
    resumedFrom = result.resumedFrom
    stages = result.stages
    self.folder = folder
  }

  /// The report as JSON; that of the file is the same however often the training was interrupted.
  func json(isFile: Bool = false) -> JSONValue {
    var pairs: [(String, JSONValue)] = [
      ("group", .string("\(plan.network.group)")), ("precision", .string(precision)),
      ("parameters", .int(parameters)), ("epochs", .int(epochs)), ("bestEpoch", .int(bestEpoch)),
      ("bestValidationLoss", .number(bestValidationLoss)),
      ("seed", .string("\(plan.training.seed ?? 1)")),
    ]
    if !isFile {
      pairs.append(("resumedFrom", resumedFrom.map { .int($0) } ?? .null))
      pairs.append(("weights", .string("\(folder)/best.safetensors")))
    }
    pairs.append(("stages", .array(stages.map(row))))
    pairs.append(("tests", .array(evaluations.flatMap(rows))))
    return .object(pairs)
  }

  private func rows(_ evaluation: Evaluation) -> [JSONValue] {
    plan.targets.enumerated().map { k, target in
      .object([
        ("target", .string(target)), ("lattice", .ints(evaluation.lattice)),
        ("configurations", .int(evaluation.configurations)),
        ("meanSquaredError", .number(evaluation.meanSquaredErrors[k])),
        ("labelVariance", .number(evaluation.labelVariances[k])),
      ])
    }
  }

  private func row(_ stage: StageResult) -> JSONValue {
    .object([
      ("targets", .array(stage.targets.map { .string($0) })), ("attempts", .int(stage.attempts)),
      ("kept", .int(stage.kept)), ("bestValidationLoss", .number(stage.bestValidationLoss)),
    ])
  }

  /// Writes `report.json`.
  func write() throws {
    let path = "\(folder)/report.json"
    do {
      try Data((json(isFile: true).text() + "\n").utf8).write(
        to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw TrainingError.file(.cannotCreate, "\(path): cannot be written")
    }
  }

  var text: String {
    var lines = stages.enumerated().map { k, stage in
      "stage \(k + 1): \(stage.targets.joined(separator: ", ")), validation loss "
        + String(format: "%.3e", stage.bestValidationLoss)
        + (stage.attempts > 1 ? ", attempt \(stage.kept) of \(stage.attempts) made" : "")
    }
    lines += [
      "\(parameters) parameters, \(epochs) epochs, best after \(bestEpoch), "
        + "weights in \(folder)/best.safetensors",
      "target            lattice        test MSE     MSE / variance",
    ]
    for evaluation in evaluations {
      for (k, target) in plan.targets.enumerated() {
        let (mse, variance) = (evaluation.meanSquaredErrors[k], evaluation.labelVariances[k])
        // Equal labels, such as those of one configuration, have none.
        let ratio = variance > 0 ? String(format: "%.3e", mse / variance) : "-"
        let lattice = evaluation.lattice.map(String.init).joined(separator: "x")
        lines.append(
          target.padding(toLength: 18, withPad: " ", startingAt: 0)
            + lattice.padding(toLength: 15, withPad: " ", startingAt: 0)
            + String(format: "%-12.3e ", mse) + ratio)
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// Seconds in words.
func durationText(_ seconds: Double) -> String {
  let s = Int(seconds.rounded())
  if s < 60 { return "\(s) s" }
  if s < 3600 { return "\(s / 60) min \(s % 60) s" }
  return "\(s / 3600) h \(s % 3600 / 60) min"
}
