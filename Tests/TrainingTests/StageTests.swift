import Autodiff
import Foundation
import GaugeLayers
import Lattice
import Testing
import Training

/// Stages of a curriculum: what they hand on, and attempts at those that end too high.
@Suite struct StageTests {
  /// Two merged layers, a stage for each; the later trainings change nothing.
  private func plan(restartAbove: Double? = nil, attempts: Int? = nil) -> TrainingPlan {
    var plan = TrainingPlan.small(epochs: 1)
    plan.training.warmUp = nil
    plan.network.layers.insert(plan.network.layers[1], at: 2)
    var still = plan.training
    (still.rate, plan.training.rate) = (1e-30, 1e-30)
    still.batch = 20
    var moving = still
    (moving.rate, moving.polish) = (0.01, 2)
    plan.curriculum = [
      .init(
        layers: 2, targets: ["W1x2Field"], training: moving, restartAbove: restartAbove,
        attempts: attempts),
      .init(
        layers: 3, targets: ["W2x2"], training: still, restartAbove: restartAbove,
        attempts: attempts),
    ]
    return plan
  }

  private func weights(_ folder: TemporaryFolder, _ name: String) throws -> [String: [Double]] {
    let path = "\(folder.path)/\(name)/best.safetensors"
    let parameters = try NetworkWeights<Double>(path: path).parameters
    return Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.tensor.values) })
  }

  private func validationLosses(_ folder: TemporaryFolder, _ name: String) throws -> [Double] {
    let table = String(decoding: try #require(folder.data("\(name)/train.csv")), as: UTF8.self)
    return table.split(separator: "\n").dropFirst().map {
      Double($0.split(separator: ",")[4])!
    }
  }

  /// No loss is small enough: all attempts are made, and the best counts.
  @Test func aStageThatEndsTooHighIsTrainedAgainFromOtherWeights() throws {
    let (once, thrice) = (try TemporaryFolder(), try TemporaryFolder())
    let first = try TrainingRun<Double>(plan(), folder: once.path).run(resume: false)
    #expect(first.stages.map(\.attempts) == [1, 1] && first.stages.map(\.kept) == [1, 1])
    #expect(first.stages.map(\.targets) == [["W1x2Field"], ["W2x2"]])
    var messages = [String]()
    let result = try TrainingRun<Double>(
      plan(restartAbove: 1e-30, attempts: 3), folder: thrice.path
    )
    .run(resume: false, message: { messages.append($0) })
    #expect(result.stages.map(\.attempts) == [3, 3])
    for (k, stage) in result.stages.enumerated() {
      let names = ["stage-\(k + 1)", "stage-\(k + 1)-attempt-2", "stage-\(k + 1)-attempt-3"]
      let losses = try names.map { try validationLosses(thrice, $0).min()! }
      #expect(Set(losses).count == 3)
      #expect(stage.bestValidationLoss == losses.min() && losses[stage.kept - 1] == losses.min())
      let seeds = try names.map {
        try TrainingPlan(path: "\(thrice.path)/\($0)/plan.json").training.seed
      }
      #expect(Set(seeds).count == 3)
      #expect(thrice.data("stage-\(k + 1)-attempt-4/plan.json") == nil)
      #expect(messages.filter { $0.contains("stage \(k + 1)") && $0.contains("above") }.count == 2)
    }
    // The first attempt is what the stage is without others.
    for name in ["plan.json", "train.csv", "best.safetensors", "last.safetensors"] {
      let path = "stage-1/" + name
      #expect(once.data(path) != nil && once.data(path) == thrice.data(path), "\(name)")
    }
  }

  @Test func everyAttemptKeepsWhatEarlierStagesHaveLearnt() throws {
    let folder = try TemporaryFolder()
    let result = try TrainingRun<Double>(
      plan(restartAbove: 1e-30, attempts: 3), folder: folder.path
    )
    .run(resume: false)
    func name(_ stage: Int, _ attempt: Int) -> String {
      "stage-\(stage)" + (attempt > 1 ? "-attempt-\(attempt)" : "")
    }
    let learnt = try weights(folder, name(1, result.stages[0].kept))
    let attempts = try (1...3).map { try weights(folder, name(2, $0)) }
    let own = try weights(folder, ".")
    for key in learnt.keys where key.hasPrefix("2.") {
      for attempt in attempts { #expect(attempt[key] == learnt[key], "\(key)") }
      #expect(own[key] == learnt[key], "\(key)")
    }
    let new = attempts[0].keys.filter { $0.hasPrefix("3.") }
    #expect(!new.isEmpty)
    for key in new {
      #expect(Set(attempts.map { $0[key]! }).count == 3, "\(key)")
      #expect(own[key] == attempts[result.stages[1].kept - 1][key], "\(key)")
    }
  }

  /// The mean of a linear map is the linear map of means.
  @Test func aStageWithTheTargetsOfThePlanHandsOnItsHead() throws {
    func heads(
      _ change: (inout TrainingPlan) -> Void
    ) throws -> (stage: [[Double]?], own: [[Double]?]) {
      let folder = try TemporaryFolder()
      var plan = plan()
      plan.curriculum!.removeLast()
      (plan.curriculum![0].layers, plan.curriculum![0].targets) = (3, ["W1x2Field"])
      change(&plan)
      let run = try TrainingRun<Double>(plan, folder: folder.path)
      let result = try run.run(resume: false)
      let stage = try weights(folder, "stage-1")
      let own = try weights(folder, ".")
      #expect(stage["3.convolutionBilinear.weight"] == own["3.convolutionBilinear.weight"])
      if stage["5.dense.weight"] == own["6.dense.weight"] {
        // The mean's error is not above that of the sites.
        #expect(result.bestValidationLoss <= result.stages[0].bestValidationLoss * (1 + 1e-12))
      }
      return (
        ["weight", "bias"].map { stage["5.dense.\($0)"] },
        ["weight", "bias"].map { own["6.dense.\($0)"] }
      )
    }
    let same = try heads { _ in }
    #expect(same.stage[0] != nil && same.stage[1] != nil && same.stage == same.own)
    let otherTarget = try heads { $0.curriculum![0].targets = ["W2x2Field"] }
    #expect(otherTarget.stage[0] != nil && otherTarget.stage[0] != otherTarget.own[0])
    let otherHead = try heads { $0.network.layers[5].gain = 2 }
    #expect(otherHead.stage[0] != nil && otherHead.stage[0] != otherHead.own[0])
  }

  @Test func aStageThatEndsLowEnoughIsTrainedOnce() throws {
    let folder = try TemporaryFolder()
    let result = try TrainingRun<Float>(plan(restartAbove: 1e9, attempts: 3), folder: folder.path)
      .run(resume: false)
    #expect(result.stages.map(\.attempts) == [1, 1])
    #expect(folder.data("stage-1-attempt-2/plan.json") == nil)
  }

  /// Stopped after every step in turn.
  @Test func attemptsContinueExactly() throws {
    let (whole, broken) = (try TemporaryFolder(), try TemporaryFolder())
    let plan = plan(restartAbove: 1e-30, attempts: 2)
    let expected = try TrainingRun<Float>(plan, folder: whole.path).run(resume: false)
    var stops = 0
    var result: TrainingRun<Float>.Result?
    while result == nil {
      var steps = 0
      do {
        result = try TrainingRun<Float>(plan, folder: broken.path).run(
          resume: true, shouldStop: { steps == 1 }, pause: .zero, progress: { _ in steps += 1 })
      } catch TrainingError.interrupted {
        stops += 1
      }
    }
    #expect(stops >= 10)
    #expect(result?.stages == expected.stages)
    for folder in ["stage-1", "stage-1-attempt-2", "stage-2", "stage-2-attempt-2", "."] {
      for file in ["plan.json", "train.csv", "best.safetensors", "last.safetensors"] {
        let name = "\(folder)/\(file)"
        #expect(whole.data(name) != nil && whole.data(name) == broken.data(name), "\(name)")
      }
    }
  }
}
