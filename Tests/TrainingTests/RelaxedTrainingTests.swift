import Autodiff
import Foundation
import GaugeLayers
import Lattice
import TestSupport
import Testing
import Training

/// Training with relaxed symmetries: plans, the penalty, and files of another group.
@Suite struct RelaxedTrainingTests {
  private func plan() throws -> TrainingPlan {
    let json = #"""
      {"group": "su2", "dimension": 2, "symmetry": "B2", "layers": [
        {"layer": "corners"},
        {"layer": "sharedBilinear", "channels": 1, "labels": "directions"},
        {"layer": "trace"}, {"layer": "mean"},
        {"layer": "sharedDense", "channels": 1, "labels": "scalar"}]}
      """#
    var plan = TrainingPlan.small()
    plan.network = try NetworkDescription(json: Data(json.utf8))
    plan.data.testLattices = [[6, 6]]
    return plan
  }

  /// The first step of a training from given weights, which returns the loss before it.
  private func firstLoss(_ plan: TrainingPlan, _ parameters: Parameters<Double>) throws -> Double {
    let field = try LinkField<Double>.hot([4, 4], .su2, batch: 40)
    var store = ConfigurationStore<Double>(field.geometry, group: .su2)
    store.append(field)
    var trainer = try Trainer(
      GaugeNetwork<Double>(plan.network), try Dataset(store, [.wilsonLoop(1, 2)]), plan.training,
      parameters: parameters)
    return try trainer.makeStep()
  }

  @Test func everyLayerThatKnowsASymmetryIsRelaxed() throws {
    var plan = try plan()
    plan.data.lattice = [4, 4]
    plan.data.testLattices = nil
    try plan.relax([.point, .translation], banks: 2, weighting: .output)
    #expect(plan.network.layers[1].relaxed == [.point, .translation])
    #expect(plan.network.layers[1].extents == [4, 4] && plan.network.layers[1].banks == 2)
    #expect(plan.network.layers[4].relaxed == [.point] && plan.network.layers[4].extents == nil)
    try plan.validate()
    let before = plan
    try plan.relax([.point, .translation], banks: 2, weighting: .output)
    #expect(plan == before)
    plan.data.testLattices = [[8, 8]]
    #expect {
      try plan.validate()
    } throws: {
      "\($0)".contains("data.testLattices") && "\($0)".contains("expected a field of [4, 4]")
    }
    plan.data.testLattices = [[4, 8]]
    #expect { try plan.validate() } throws: { "\($0)".contains("no symmetry of a lattice 4x8") }
  }

  @Test func whatCannotBeRelaxedIsRefusedByName() throws {
    func refusal(_ change: (inout TrainingPlan) throws -> Void) throws -> String {
      var plan = try plan()
      do {
        try change(&plan)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(try refusal { try $0.relax([.charge]) }.contains("channels with charges"))
    #expect(try refusal { try $0.relax([.time]) }.contains("keeps the time axis"))
    #expect(
      try refusal {
        $0.data.lattice = nil
        try $0.relax([.translation])
      }.contains("data.lattice"))
    #expect(
      try refusal {
        $0.network = TrainingPlan.small().network
        try $0.relax([.point])
      }.contains("layers with shared weights"))
    #expect(
      try refusal {
        $0.training.relaxationPenalty = -1
        try $0.validate()
      }.contains("training.relaxationPenalty"))
  }

  @Test func thePenaltyIsPartOfTheLoss() throws {
    var plan = try plan()
    try plan.relax([.point], banks: 2)
    let network = try GaugeNetwork<Double>(plan.network)
    let start = try network.initialParameters(seed: 2)
    let moved = start.moved(along: start.randomDirection(seed: 3), by: 0.1)
    let penalty = try #require(
      try network.relaxationPenalty(Tape().constant(moved), strength: 0.5)
    ).value.values[0]
    let loss = try firstLoss(plan, moved)
    plan.training.relaxationPenalty = 0.5
    #expect(penalty > 0.1)
    #expect(abs(try firstLoss(plan, moved) - loss - penalty) < 1e-12)
    #expect(try network.relaxationPenalty(Tape().constant(start), strength: 1)?.value.values == [0])
  }

  @Test func weightsOfAnotherGroupAreRefused() throws {
    let folder = try TemporaryFolder()
    var plan = try plan()
    try plan.relax([.point])
    let run = try TrainingRun<Double>(plan, folder: folder.path)
    _ = try run.run(resume: false)
    let path = folder.path + "/best.safetensors"
    #expect(
      try NetworkWeights<Double>(path: path, of: plan.network).network.sharedLayers.count == 2)
    var other = plan.network
    other.symmetry = "B2+"
    #expect(
      try #require(throws: TrainingError.self) {
        try NetworkWeights<Double>(path: path, of: other)
      } == .otherNetwork(file: path, what: "symmetry", expected: "B2+", found: "B2"))
    var strict = plan.network
    strict.layers[1].relaxed = nil
    #expect(
      "\(try #require(throws: TrainingError.self) { try NetworkWeights<Double>(path: path, of: strict) })"
        .contains("expected the network"))
  }
}
