import Autodiff
import Compute
import Foundation
import GaugeLayers
import Lattice
import Sampling
import Testing
import Training

/// Whole trainings in folders.
@Suite struct TrainingRunTests {
  private static let files = ["plan.json", "train.csv", "best.safetensors", "last.safetensors"]

  private func interruptionIsExact<S: LatticeReal>(_: S.Type, pause: Duration) throws {
    let (whole, broken) = (try TemporaryFolder(), try TemporaryFolder())
    let plan = TrainingPlan.small()
    let expected = try withThreads(1) {
      try TrainingRun<S>(plan, folder: whole.path).run(resume: false)
    }
    #expect(expected.resumedFrom == nil && expected.epochs == 3)
    #expect(expected.evaluations.map(\.lattice) == [[4, 4], [6, 4]])
    // Stopped after every step in turn; the first time before any.
    for stop in 0...8 {
      var steps = 0
      let error = #expect(throws: TrainingError.self) {
        try withThreads(2) {
          try TrainingRun<S>(plan, folder: broken.path).run(
            resume: true, shouldStop: { steps == min(stop, 1) }, pause: pause,
            progress: { _ in steps += 1 })
        }
      }
      #expect(error == .interrupted)
      let state = try TrainingState<S>(path: broken.path + "/last.safetensors")
      #expect(state.step == stop)
    }
    let result = try TrainingRun<S>(plan, folder: broken.path).run(resume: true)
    #expect(result.resumedFrom == 8)
    for name in Self.files { #expect(whole.data(name) == broken.data(name), "\(name)") }
    #expect(result.bestValidationLoss == expected.bestValidationLoss)
    #expect(
      result.evaluations.map(\.meanSquaredErrors) == expected.evaluations.map(\.meanSquaredErrors))
    // Once more does nothing but test again.
    let again = try TrainingRun<S>(plan, folder: whole.path).run(resume: true)
    #expect(again.resumedFrom == 9 && again.bestEpoch == expected.bestEpoch)
    #expect(whole.data("last.safetensors") == broken.data("last.safetensors"))
  }

  @Test func interruptedAndContinued() throws {
    try interruptionIsExact(Float.self, pause: .zero)
    try interruptionIsExact(Double.self, pause: .seconds(100))
  }

  /// Whatever is written between, the end is the same.
  @Test func thePauseBetweenFilesDoesNotShow() throws {
    let (often, seldom) = (try TemporaryFolder(), try TemporaryFolder())
    let plan = TrainingPlan.small()
    _ = try TrainingRun<Float>(plan, folder: often.path).run(resume: false, pause: .zero)
    var tables = Set<Data>()
    _ = try TrainingRun<Float>(plan, folder: seldom.path).run(
      resume: false, pause: .seconds(100),
      progress: { _ in seldom.data("train.csv").map { _ = tables.insert($0) } })
    for name in Self.files { #expect(often.data(name) == seldom.data(name), "\(name)") }
    // After the first epoch and at the end.
    #expect(tables.count == 2)
  }

  /// Stochastic steps, then quasi-Newton iterations, in two stages: stopped after every step in turn.
  @Test func curriculaAndPolishesContinueExactly() throws {
    let (whole, broken) = (try TemporaryFolder(), try TemporaryFolder())
    var plan = TrainingPlan.small(epochs: 1)
    (plan.training.polish, plan.training.polishConfigurations) = (3, 20)
    plan.training.warmUp = 0
    plan.curriculum = [.init(layers: 2, targets: ["W1x1"], training: plan.training)]
    let expected = try TrainingRun<Float>(plan, folder: whole.path).run(resume: false)
    #expect(expected.epochs == 4)
    var stops = 0
    while true {
      var steps = 0
      do {
        let run = try TrainingRun<Float>(plan, folder: broken.path)
        _ = try run.run(
          resume: true, shouldStop: { steps == 1 }, pause: .zero, progress: { _ in steps += 1 })
        break
      } catch TrainingError.interrupted {
        stops += 1
      }
    }
    // Three steps and three iterations in either stage; none is left to be stopped at the very end.
    #expect(stops >= 10 && stops <= 12)
    for name in Self.files + Self.files.map({ "stage-1/" + $0 }) {
      #expect(whole.data(name) != nil && whole.data(name) == broken.data(name), "\(name)")
    }
  }

  @Test func theTableHasARowAnEpoch() throws {
    let folder = try TemporaryFolder()
    let result = try TrainingRun<Float>(.small(), folder: folder.path).run(resume: false)
    let table = String(decoding: try #require(folder.data("train.csv")), as: UTF8.self)
    let rows = table.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(rows[0] == ["epoch", "step", "rate", "loss", "validation", "validation.W1x2"])
    #expect(rows.count == 4 && rows.dropFirst().map { $0[0] } == ["1", "2", "3"])
    #expect(rows.dropFirst().map { $0[1] } == ["3", "6", "9"])
    let best = rows.dropFirst().map { Double($0[4])! }.min()
    #expect(result.bestValidationLoss == best)
    #expect(rows[Int(result.bestEpoch)][4] == "\(best!)")
    // The best weights predict as the report says.
    let weights = try NetworkWeights<Float>(path: folder.path + "/best.safetensors")
    #expect(weights.targets == ["W1x2"])
    let data = try TrainingData<Float>(.small())
    let evaluation = try Evaluation(weights.network, weights.parameters, data.tests[1])
    #expect(evaluation.meanSquaredErrors == result.evaluations[1].meanSquaredErrors)
  }

  @Test func divergenceKeepsTheLastGoodWeights() throws {
    let folder = try TemporaryFolder()
    var plan = TrainingPlan.small()
    (plan.training.rate, plan.training.optimiser, plan.training.warmUp) = (1e30, .sgd, 0)
    let error = try #require(throws: TrainingError.self) {
      try TrainingRun<Float>(plan, folder: folder.path).run(resume: false)
    }
    guard case .diverged(2, 1, _, let kept?) = error else {
      Issue.record("\(error)")
      return
    }
    let file = folder.path + "/last.safetensors"
    #expect(kept.step == 0 && kept.file == file)
    #expect("\(error)".hasPrefix("step 2, in epoch 1: "), "\(error)")
    #expect("\(error)".hasSuffix("; the weights after step 0 are in \(file)"), "\(error)")
    let state = try TrainingState<Float>(path: folder.path + "/last.safetensors")
    try state.parameters.requireFinite()
    // Those of the last finite loss: here those it began with.
    let network = try GaugeNetwork<Float>(plan.network)
    #expect(state.step == 0)
    #expect(state.parameters == (try network.initialParameters(seed: 1)))
    // It diverges again where it is continued.
    #expect(throws: error) {
      try TrainingRun<Float>(plan, folder: folder.path).run(resume: true)
    }
  }

  private func error<S: LatticeReal>(
    _ plan: TrainingPlan, _ folder: TemporaryFolder, resume: Bool, _: S.Type = Float.self
  ) throws -> TrainingError {
    try #require(throws: TrainingError.self) {
      try TrainingRun<S>(plan, folder: folder.path).run(resume: resume)
    }
  }

  @Test func foldersOfOtherTrainings() throws {
    let folder = try TemporaryFolder()
    let plan = TrainingPlan.small(epochs: 1)
    _ = try TrainingRun<Float>(plan, folder: folder.path).run(resume: false)
    let before = Self.files.map { folder.data($0) }
    let second = try error(plan, folder, resume: false)
    #expect(second.exitStatus == 73 && "\(second)".contains("--resume"))
    var other = plan
    other.training.rate = 0.5
    let plans = try error(other, folder, resume: true)
    #expect(
      "\(plans)"
        == "\(folder.path)/plan.json: expected training.rate to be 0.5 as asked for, found 0.01")
    #expect(plans.exitStatus == 65)
    other = plan
    other.network.group = .su3
    #expect("\(try error(other, folder, resume: true))".contains("network.group to be \"su3\""))
    // Another precision, by the plan that was written, or by the state where that does not say.
    let precision = try error(plan, folder, resume: true, Double.self)
    #expect(
      "\(precision)"
        == "\(folder.path)/plan.json: expected precision to be \"f64\" as asked for, found \"f32\"")
    #expect(Self.files.map { folder.data($0) } == before)
    try folder.write("plan.json", plan.json)
    #expect(
      try error(plan, folder, resume: true, Double.self)
        == .otherNetwork(
          file: folder.path + "/last.safetensors", what: "precision", expected: "f64",
          found: "f32"))
    #expect(try TrainingRun<Float>(plan, folder: folder.path).run(resume: true).epochs == 1)
    #expect(folder.data("plan.json") == Data(plan.json.utf8))
    // Files of a training without its plan.
    try FileManager.default.removeItem(atPath: folder.path + "/plan.json")
    for resume in [false, true] {
      let error = try error(plan, folder, resume: resume)
      #expect(error.exitStatus == 73 && "\(error)".contains("last.safetensors: expected"))
    }
  }

  /// A plan that failed before its first step is no training that would have to be kept.
  @Test func aPlanWithoutStepsMayBeReplaced() throws {
    let folder = try TemporaryFolder()
    var plan = TrainingPlan.small(epochs: 1)
    plan.data = DataPlan()
    plan.data.folder = folder.path + "/none"
    #expect(try error(plan, folder, resume: false).exitStatus == 66)
    _ = try TrainingRun<Float>(.small(epochs: 1), folder: folder.path).run(resume: false)
    var written = TrainingPlan.small(epochs: 1)
    written.precision = "f32"
    #expect(folder.data("plan.json") == Data(written.json.utf8))
  }

  @Test func aPlanOfAnotherPrecisionIsRefused() throws {
    let folder = try TemporaryFolder()
    var plan = TrainingPlan.small(epochs: 1)
    plan.precision = "f64"
    #expect(
      throws: TrainingError.setting(
        name: "precision", expected: "f32 as the run is", found: "f64")
    ) { try TrainingRun<Float>(plan, folder: folder.path) }
    #expect(try TrainingRun<Double>(plan, folder: folder.path).plan == plan)
  }

  /// A training that has written no step yet keeps its plan.
  @Test func thePlanOfARunningTrainingIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.write("plan.json", "of another process")
    let lock = FolderLock(folder.path)
    try #require(lock.isHeld)
    for resume in [false, true] {
      let refusal = try error(.small(), folder, resume: resume)
      #expect(refusal.exitStatus == 73 && "\(refusal)".contains("another process"), "\(refusal)")
    }
    #expect(folder.data("plan.json") == Data("of another process".utf8))
    withExtendedLifetime(lock) {}
  }

  @Test func bestWeightsThatWereLostComeBack() throws {
    let folder = try TemporaryFolder()
    let plan = TrainingPlan.small(epochs: 1)
    _ = try TrainingRun<Float>(plan, folder: folder.path).run(resume: false)
    let best = try #require(folder.data("best.safetensors"))
    try folder.write("best.safetensors", "damaged")
    _ = try TrainingRun<Float>(plan, folder: folder.path).run(resume: true)
    #expect(folder.data("best.safetensors") == best)
  }

  @Test func damagedStatesAndTables() throws {
    let folder = try TemporaryFolder()
    let plan = TrainingPlan.small(epochs: 1)
    _ = try TrainingRun<Float>(plan, folder: folder.path).run(resume: false)
    let state = try #require(folder.data("last.safetensors"))
    try state.dropLast(8).write(to: URL(fileURLWithPath: folder.path + "/last.safetensors"))
    let error = try #require(throws: SafetensorsError.self) {
      try TrainingRun<Float>(plan, folder: folder.path).run(resume: true)
    }
    #expect(error.exitStatus == 65 && "\(error)".contains("last.safetensors"))
    // One bit of a weight.
    var flipped = state
    flipped[flipped.count - 3] ^= 1
    try flipped.write(to: URL(fileURLWithPath: folder.path + "/last.safetensors"))
    let checksum = try #require(throws: SafetensorsError.self) {
      try TrainingRun<Float>(plan, folder: folder.path).run(resume: true)
    }
    #expect(checksum.exitStatus == 65 && "\(checksum)".contains("the checksum"), "\(checksum)")
    try state.write(to: URL(fileURLWithPath: folder.path + "/last.safetensors"))
    try folder.write("train.csv", "epoch\n")
    #expect(try self.error(plan, folder, resume: true).exitStatus == 65)
    try FileManager.default.removeItem(atPath: folder.path + "/train.csv")
    #expect(try self.error(plan, folder, resume: true).exitStatus == 66)
  }

  @Test func foldersOfConfigurations() throws {
    let (chain, other, out) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
    for k in 0..<10 {
      try chain.writeConfiguration("c\(k).lime", [4, 6], .su2, seed: UInt64(k))
    }
    for k in 0..<2 { try other.writeConfiguration("c\(k).lime", [8, 4], .su2, seed: UInt64(k)) }
    var plan = TrainingPlan.small(epochs: 1)
    plan.training.warmUp = nil
    plan.data = DataPlan()
    (plan.data.folder, plan.data.testFolders) = (chain.path, [other.path])
    (plan.data.validationFraction, plan.data.testFraction) = (0.2, 0.3)
    let data = try TrainingData<Double>(plan)
    #expect(data.training.count == 5 && data.validation.count == 2)
    #expect(data.tests.map(\.count) == [3, 2])
    let fifth = try data.validation.batch([0]).links
    let expected = try ConfigurationStore<Double>(folder: chain.path, group: .su2).links([5])
    #expect(fifth[3, 1] == expected[3, 1] && fifth[23, 0] == expected[23, 0])
    let result = try TrainingRun<Double>(plan, folder: out.path).run(resume: false)
    #expect(result.evaluations.map(\.lattice) == [[4, 6], [8, 4]])

    let wrong = try TemporaryFolder()
    try wrong.writeConfiguration("a.lime", [4, 4, 4], .su2)
    plan.data.testFolders = [wrong.path]
    let error = try #require(throws: TrainingError.self) { try TrainingData<Double>(plan) }
    #expect("\(error)".contains("'\(wrong.path)' to be one of 2 dimensions, found 4x4x4"))
    plan.data = DataPlan()
    plan.data.folder = other.path
    let few = try #require(throws: TrainingError.self) { try TrainingData<Double>(plan) }
    #expect("\(few)".contains("3 or more, found 2"))
  }

  /// A loop around the lattice closes on the extents of the training only: known before anything is written.
  @Test func aNetworkThatDoesNotFitATestLatticeIsRefusedFirst() throws {
    let folder = try TemporaryFolder()
    var plan = TrainingPlan.small()
    plan.training.warmUp = nil
    plan.network.layers[0] = LayerDescription(.loops)
    plan.network.layers[0].paths = ["+x +x +x +x"]
    let sampled = try #require(throws: TrainingError.self) {
      try TrainingRun<Float>(plan, folder: folder.path)
    }
    #expect("\(sampled)".contains("data.testLattices") && sampled.exitStatus == 64, "\(sampled)")
    // The lattices of folders are known when they are read.
    let (chain, other) = (try TemporaryFolder(), try TemporaryFolder())
    for k in 0..<3 {
      try chain.writeConfiguration("c\(k).lime", [4, 6], .su2, seed: UInt64(k))
      try other.writeConfiguration("c\(k).lime", [6, 4], .su2, seed: UInt64(k))
    }
    plan.data = DataPlan()
    (plan.data.folder, plan.data.testFolders) = (chain.path, [other.path])
    let read = try error(plan, folder, resume: false)
    #expect("\(read)".contains("the lattice of '\(other.path)' to be a lattice for all loops"))
    #expect(folder.data("last.safetensors") == nil)
  }
}
