import Foundation
import GaugeLayers
import Lattice
import Testing
import Training

/// Plans in files, and what is refused in them.
@Suite struct TrainingPlanTests {
  @Test func plansSurviveTheirFile() throws {
    let folder = try TemporaryFolder()
    var plan = TrainingPlan.small()
    plan.training.optimiser = .adam
    (plan.training.amsgrad, plan.training.weightDecay) = (false, 0.01)
    (plan.training.clip, plan.training.patience) = (1, 5)
    (plan.training.seed, plan.data.seed, plan.precision) = (.max, 3, "f64")
    try folder.write("plan.json", plan.json)
    #expect(try TrainingPlan(path: folder.path + "/plan.json") == plan)
    var other = TrainingPlan.small()
    other.data = DataPlan()
    (other.data.folder, other.data.testFolders) = ("chain", ["a/b", "c"])
    (other.data.testFraction, other.data.validationFraction) = (0.2, 0.25)
    try folder.write("plan.json", other.json)
    #expect(try TrainingPlan(path: folder.path + "/plan.json") == other)
  }

  /// The small plan with a text replaced.
  private func error(
    replacing old: String, by new: String
  ) throws -> (text: String, status: Int32) {
    let folder = try TemporaryFolder()
    let json = TrainingPlan.small().json
    #expect(json.contains(old), "\(json)")
    try folder.write("plan.json", json.replacingOccurrences(of: old, with: new))
    let path = folder.path + "/plan.json"
    let error = try #require(throws: TrainingError.self) { try TrainingPlan(path: path) }
    let text = "\(error)"
    #expect(text.hasPrefix(path + ": ") && !text.contains("\n"), "\(text)")
    #expect(text.contains("expected") && text.contains("found"), "\(text)")
    return (String(text.dropFirst(path.count + 2)), error.exitStatus)
  }

  static let damaged: [(String, String, String)] = [
    ("{", "[", "expected the plan to be a JSON object"),
    (#""rate""#, #""learningRate""#, "the keys of 'training' to be among amsgrad"),
    (#""betas""#, #""beta""#, "the keys of 'data' to be among betas"),
    (
      #""targets""#, #""target""#,
      "the keys to be among curriculum, data, network, precision, targets, training"
    ),
    (#""layers""#, #""stack""#, "network: expected keys among convention"),
    (#""size""#, #""sizes""#, "network: layer 2: expected keys among"),
    (#""epochs" : 3,"#, "", "training: expected 'epochs', found none"),
    (
      #""rate" : 0.01"#, #""rate" : "fast""#, "training.rate: expected a number, found another type"
    ),
    (#""epochs" : 3"#, #""epochs" : 2.5"#, "training.epochs to be an integer, found 2.5"),
    (#""sweeps" : 5"#, #""seed" : -1"#, "data.seed to be an integer of 0 or more, found -1"),
    (#""convolutionBilinear""#, #""merged""#, "network: layer 2: expected a layer among"),
    (
      #""dimension" : 2"#, #""dimension" : null"#,
      "network: dimension: expected an integer, found null"
    ),
  ]

  @Test(arguments: damaged.indices) func whatIsNoPlanIsRefused(_ index: Int) throws {
    let (old, new, expected) = Self.damaged[index]
    let (text, status) = try error(replacing: old, by: new)
    #expect(text.contains(expected), "\(text)")
    #expect(status == 65)
  }

  static let values: [(String, String, String)] = [
    (#""epochs" : 3"#, #""epochs" : 0"#, "training.epochs to be 1 to 1000000000, found 0"),
    (#""batch" : 16"#, #""batch" : -1"#, "training.batch to be 1 to 1000000, found -1"),
    (#""rate" : 0.01"#, #""rate" : 0"#, "training.rate to be a positive number, found 0.0"),
    (#""rate" : 0.01"#, #""rate" : 1, "clip" : -1"#, "training.clip to be a positive number"),
    (#""rate" : 0.01"#, #""rate" : 1, "momentum" : 1"#, "training.momentum to be at least 0"),
    (#""rate" : 0.01"#, #""rate" : 1, "patience" : 0"#, "training.patience to be 1 or more"),
    (#""rate" : 0.01"#, #""rate" : 1, "polish" : -1"#, "training.polish to be 0 to"),
    // Three epochs of three steps.
    (
      #""warmUp" : 2"#, #""warmUp" : 9"#,
      "training.warmUp to be below the number of steps, 9, found 9"
    ),
    (#""targets""#, #""precision" : "f16", "targets""#, "precision to be f32 or f64, found f16"),
    (#""rate" : 0.01"#, #""rate" : 1, "targetLoss" : -1"#, "training.targetLoss to be 0 or more"),
    (#""rate" : 0.01"#, #""rate" : 1, "weightDecay" : -1"#, "training.weightDecay to be 0 or more"),
    (#""rate" : 0.01"#, #""rate" : 1, "momentum" : 0.9"#, "training.momentum to be given with the"),
    (#""rate" : 0.01"#, #""rate" : 1, "targetLoss" : 1"#, "training.targetLoss to be given with a"),
    (
      #""rate" : 0.01"#, #""rate" : 1, "schedule" : "constant""#,
      "training.warmUp to be given with the schedule cosine only"
    ),
    (
      #""rate" : 0.01"#, #""rate" : 1, "optimiser" : "sgd", "amsgrad" : true"#,
      "training.amsgrad to be given with the optimisers adam and adamw only"
    ),
    (#""W1x2""#, #""W1""#, "expected a target among W1x1"),
    (#""W1x2""#, #""W1xx2""#, "expected a target among W1x1"),
    (#""W1x2""#, #""W+1x2""#, "expected a target among W1x1"),
    (#""W1x2""#, #""W1x2", "W1x1""#, "expected the output of the network to be 2 numbers"),
    (
      #""W1x2""#, #""charge""#,
      "expected four dimensions, or U(1) in two, for the target 'charge', found SU(2) in 2"
    ),
    (#""W1x2""#, #""chargeDensityField""#, "the output of the network to be 1 number a site"),
    (#""trainingPerBeta" : 20"#, #""trainingPerBeta" : 0"#, "data.trainingPerBeta to be 1 to"),
    (#""sweeps" : 5"#, #""sweeps" : -1"#, "data.sweeps to be 1 to 1000000, found -1"),
    (#""sweeps" : 5"#, #""folder" : "x""#, "data.lattice to be absent beside data.folder"),
    (#""sweeps" : 5"#, #""testFraction" : 0.1"#, "data.testFraction to be given with data.folder"),
    (#""channels" : 2"#, #""channels" : 0"#, "layer 2, convolutionBilinear: expected channels"),
    (#""size" : 2"#, #""power" : 2"#, "layer 2, convolutionBilinear: expected the setting 'size'"),
  ]

  @Test(arguments: values.indices) func valuesOutOfRangeAreRefused(_ index: Int) throws {
    let (old, new, expected) = Self.values[index]
    let (text, status) = try error(replacing: old, by: new)
    #expect(text.contains(expected), "\(text)")
    #expect(status == 64)
  }

  @Test func curricula() throws {
    let folder = try TemporaryFolder()
    var plan = TrainingPlan.small()
    let settings = TrainingSettings(epochs: 1, batch: 16, rate: 0.01)
    plan.curriculum = [
      .init(layers: 1, targets: ["W1x1"], training: settings),
      .init(layers: 2, targets: ["W1x1", "W1x2"], training: settings),
    ]
    try folder.write("plan.json", plan.json)
    let path = folder.path + "/plan.json"
    #expect(try TrainingPlan(path: path) == plan)
    func text(_ old: String, _ new: String) throws -> String {
      try folder.write("plan.json", plan.json.replacingOccurrences(of: old, with: new))
      let error = try #require(throws: TrainingError.self) { try TrainingPlan(path: path) }
      return "\(error)"
    }
    #expect(
      try text(#""layers" : 2"#, #""layers" : 9"#).contains(
        "curriculum[1]: expected the layers of a stage to be 1 to 5, found 9"))
    #expect(
      try text(#""layers" : 2"#, #""layers" : 3"#).contains(
        "curriculum[1]: network: layer 4, trace: expected matrix channels"))
    #expect(try text(#""layers" : 1"#, #""depth" : 1"#).contains("the keys of 'curriculum[0]'"))
    #expect(try text(#""epochs" : 1"#, #""epochs" : 0"#).contains("curriculum[0]: expected"))
    plan.curriculum![1].training.polish = 5
    plan.curriculum![1].training.targetLoss = 1e-3
    for (restartAbove, attempts, expected) in [
      (0.1, nil, "curriculum[1]: expected restartAbove and attempts to be both given or neither"),
      (nil, 2, "curriculum[1]: expected restartAbove and attempts to be both given or neither"),
      (0.1, 0, "curriculum[1]: expected attempts to be 1 to 1000, found 0"),
      (1e-3, 2, "curriculum[1]: expected restartAbove to be a number above 0.001"),
    ] as [(Double?, Int?, String)] {
      (plan.curriculum![1].restartAbove, plan.curriculum![1].attempts) = (restartAbove, attempts)
      let error = try #require(throws: TrainingError.self) { try plan.validate() }
      #expect("\(error)".contains(expected), "\(error)")
      #expect(error.exitStatus == 64)
    }
    (plan.curriculum![1].restartAbove, plan.curriculum![1].attempts) = (0.1, 2)
    try folder.write("plan.json", plan.json)
    #expect(try TrainingPlan(path: path) == plan)
    plan.curriculum![0].training.warmUp = 3
    let late = try #require(throws: TrainingError.self) { try plan.validate() }
    #expect("\(late)".contains("curriculum[0]: expected training.warmUp to be below"), "\(late)")
    plan.curriculum![0].training.warmUp = 2
    try plan.validate()
    plan.curriculum![1].targets = ["W1x1", "W"]
    let error = try #require(throws: TrainingError.self) { try plan.validate() }
    #expect("\(error)".contains("curriculum[1]: expected a target among"), "\(error)")
  }

  @Test func lattices() throws {
    func text(_ change: (inout DataPlan) -> Void) throws -> String {
      var plan = TrainingPlan.small()
      change(&plan.data)
      let error = try #require(throws: TrainingError.self) { try plan.validate() }
      return "\(error)"
    }
    #expect(
      try text { $0.lattice = [4, 4, 4] }
        == "expected data.lattice to be 2 extents, found [4, 4, 4]")
    #expect(
      try text { $0.testLattices = [[4, 6], [8]] }
        == "expected data.testLattices to be 2 extents, found [8]")
    #expect(try text { $0.lattice = [4, 1] }.hasPrefix("expected data.lattice to be a lattice"))
    #expect(try text { $0.lattice = nil }.contains("data.lattice to be given, or data.folder"))
    #expect(try text { $0.betas = nil }.contains("data.betas to be given, or data.folder"))
    #expect(try text { $0.betas = [] }.contains("data.betas to be couplings of 0 or more"))
    #expect(try text { $0.betas = [-1] }.contains("found [-1.0]"))
    #expect(
      try text {
        $0 = DataPlan()
        ($0.folder, $0.testFraction) = ("x", 1)
      }.contains("positive with a sum below 1, found 0.1 and 1.0"))
  }

  /// A loop around the lattice closes on the training's extents only.
  @Test func loopsMustCloseOnEveryLattice() throws {
    var plan = TrainingPlan.small()
    plan.network.layers[0] = LayerDescription(.loops)
    plan.network.layers[0].paths = ["+x +x +x +x"]
    func text() throws -> String {
      "\(try #require(throws: TrainingError.self) { try plan.validate() })"
    }
    let tested = try text()
    #expect(
      tested.hasPrefix(
        "expected data.testLattices to be a lattice for all loops of the network, found 6x4: "),
      "\(tested)")
    plan.data.lattice = [8, 4]
    #expect(try text().hasPrefix("expected data.lattice to be a lattice for all loops"))
    (plan.data.lattice, plan.data.testLattices) = ([4, 4], [[4, 6]])
    try plan.validate()
  }

  @Test func missingFiles() throws {
    let error = try #require(throws: TrainingError.self) { try TrainingPlan(path: "/no/plan") }
    #expect(error.exitStatus == 66)
    #expect("\(error)" == "/no/plan: expected a training plan, found no readable file")
  }
}
