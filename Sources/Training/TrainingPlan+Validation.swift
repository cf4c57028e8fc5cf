import Autodiff
import GaugeLayers
import Lattice

extension TrainingPlan {
  /// Checks all that can be known without data.
  ///
  /// - Throws: `LayerError` for a network that cannot be composed, `GeometryError` for extents that make
  ///   no lattice, else `TrainingError` naming the key.
  public func validate() throws {
    let network = try GaugeNetwork<Float>(network)
    let targets = try self.targets.map { name throws(TrainingError) in try Target(name) }
    try network.requireOutputs(for: targets)
    for target in targets { try requireExistence(of: target) }
    try data.validate(dimension: self.network.dimension)
    for (name, extents) in data.namedLattices {
      try network.requireClosedLoops(on: Geometry(extents), name)
    }
    if let precision, precision != Float.precisionName, precision != Double.precisionName {
      throw TrainingError.setting(
        name: "precision", expected: "\(Float.precisionName) or \(Double.precisionName)",
        found: precision)
    }
    let configurations = data.sampledConfigurations
    try training.validate("training", configurations: configurations)
    for (index, stage) in (curriculum ?? []).enumerated() {
      let place = "curriculum[\(index)]"
      do {
        try stage.validate(configurations: configurations)
        let plan = try self.plan(of: stage)
        let network = try GaugeNetwork<Float>(plan.network)
        let targets = try plan.targets.map { name throws(TrainingError) in try Target(name) }
        try network.requireOutputs(for: targets)
        for target in targets { try requireExistence(of: target) }
      } catch {
        throw TrainingError.file(.usage, "\(place): \(error)")
      }
    }
  }

  private func requireExistence(of target: Target) throws(TrainingError) {
    let (dimension, group) = (network.dimension, network.group)
    let found = "\(group) in \(dimension) dimensions"
    switch target {
    case .wilsonLoop, .wilsonLoopField, .polyakov: return
    case .charge:
      guard dimension != 4, !(dimension == 2 && group == .u1) else { return }
      throw .targetNeeds(
        "\(target)", expected: "four dimensions, or U(1) in two", found: found)
    case .chargeDensity, .chargeDensityField:
      guard dimension != 4 else { return }
      throw .targetNeeds("\(target)", expected: "four dimensions", found: found)
    }
  }
}

extension DataPlan {
  /// Sampled configurations for training; nil where a folder has them.
  var sampledConfigurations: Int? { betas.map { $0.count * (trainingPerBeta ?? 1000) } }

  /// The extents of sampled lattices by their keys.
  var namedLattices: [(name: String, extents: [Int])] {
    var result = (testLattices ?? []).map { (name: "data.testLattices", extents: $0) }
    if let lattice { result.insert((name: "data.lattice", extents: lattice), at: 0) }
    return result
  }

  func validate(dimension: Int) throws {
    let sampling: [(String, Any?)] = [
      ("lattice", lattice), ("betas", betas), ("trainingPerBeta", trainingPerBeta),
      ("validationPerBeta", validationPerBeta), ("testPerBeta", testPerBeta),
      ("testLattices", testLattices), ("sweeps", sweeps), ("seed", seed),
    ]
    let reading: [(String, Any?)] = [
      ("validationFraction", validationFraction), ("testFraction", testFraction),
      ("testFolders", testFolders),
    ]
    for (name, value) in folder == nil ? reading : sampling where value != nil {
      throw TrainingError.setting(
        name: "data.\(name)",
        expected: folder == nil ? "given with data.folder only" : "absent beside data.folder",
        found: "it")
    }
    if folder != nil {
      let (v, t) = (validationFraction ?? 0.1, testFraction ?? 0.1)
      guard v > 0, t > 0, v + t < 1 else {
        throw TrainingError.setting(
          name: "data.validationFraction and data.testFraction",
          expected: "positive with a sum below 1", found: "\(v) and \(t)")
      }
      return
    }
    try requireLattices(dimension)
    guard let betas else {
      throw TrainingError.setting(
        name: "data.betas", expected: "given, or data.folder", found: "nothing")
    }
    guard !betas.isEmpty, betas.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw TrainingError.setting(
        name: "data.betas", expected: "couplings of 0 or more", found: "\(betas)")
    }
    for (name, value) in [
      ("trainingPerBeta", trainingPerBeta), ("validationPerBeta", validationPerBeta),
      ("testPerBeta", testPerBeta), ("sweeps", sweeps),
    ] {
      if let value { try requireRange("data.\(name)", value, 1, 1_000_000) }
    }
  }

  private func requireLattices(_ dimension: Int) throws {
    guard lattice != nil else {
      throw TrainingError.setting(
        name: "data.lattice", expected: "given, or data.folder", found: "nothing")
    }
    for (name, extents) in namedLattices {
      guard extents.count == dimension else {
        throw TrainingError.setting(
          name: name, expected: "\(dimension) extents", found: "\(extents)")
      }
      do throws(GeometryError) {
        _ = try Geometry(extents)
      } catch {
        throw TrainingError.setting(name: name, expected: "a lattice", found: "\(error)")
      }
    }
  }
}

extension CurriculumStage {
  /// - Parameter configurations: those of the training set where they are known.
  func validate(configurations: Int?) throws(TrainingError) {
    try training.validate("training", configurations: configurations)
    guard (restartAbove == nil) == (attempts == nil) else {
      throw .setting(
        name: "restartAbove and attempts", expected: "both given or neither", found: "one")
    }
    if let attempts { try requireRange("attempts", attempts, 1, 1000) }
    let target = training.targetLoss ?? 0
    if let restartAbove, !(restartAbove.isFinite && restartAbove > target) {
      throw .setting(
        name: "restartAbove", expected: "a number above \(target), where the polish ends",
        found: "\(restartAbove)")
    }
  }
}

extension TrainingSettings {
  /// - Parameter configurations: those of the training set where they are known.
  func validate(_ place: String, configurations: Int?) throws(TrainingError) {
    func require(
      _ name: String, _ value: Double?, _ expected: String, _ isValid: (Double) -> Bool
    ) throws(TrainingError) {
      guard let value, !(value.isFinite && isValid(value)) else { return }
      throw .setting(name: "\(place).\(name)", expected: expected, found: "\(value)")
    }
    try requireRange("\(place).epochs", epochs, 1, 1_000_000_000)
    try requireRange("\(place).batch", batch, 1, 1_000_000)
    try require("rate", rate, "a positive number", { $0 > 0 })
    try require("weightDecay", weightDecay, "0 or more", { $0 >= 0 })
    try require("momentum", momentum, "at least 0 and below 1", { (0..<1).contains($0) })
    try require("clip", clip, "a positive number", { $0 > 0 })
    if let warmUp { try requireRange("\(place).warmUp", warmUp, 0, 1_000_000_000) }
    try require("relaxationPenalty", relaxationPenalty, "0 or more", { $0 >= 0 })
    try require("targetLoss", targetLoss, "0 or more", { $0 >= 0 })
    if let polish { try requireRange("\(place).polish", polish, 0, 1_000_000_000) }
    if let count = polishConfigurations {
      try requireRange("\(place).polishConfigurations", count, 1, Int.max)
    }
    if let patience { try requireRange("\(place).patience", patience, 1, Int.max) }
    try requireUse(place)
    if let configurations {
      try requireWarmUp("\(place).warmUp", configurations: configurations)
    }
  }

  /// Throws unless steps are left after the warm-up of the cosine.
  func requireWarmUp(_ name: String, configurations: Int) throws(TrainingError) {
    guard let warmUp, schedule ?? .cosine == .cosine else { return }
    // As floating-point numbers, since the product may be too large for an integer.
    let steps = Double(epochs) * Double(stepsPerEpoch(configurations))
    guard Double(warmUp) < steps else {
      throw .setting(
        name: name, expected: "below the number of steps, \(Int(min(steps, 1e18)))",
        found: "\(warmUp)")
    }
  }

  /// Batches of an epoch, the last of them perhaps a smaller one.
  func stepsPerEpoch(_ configurations: Int) -> Int { (configurations + batch - 1) / batch }

  /// Settings that the rule, the schedule or the end of a training does not have would be ignored.
  private func requireUse(_ place: String) throws(TrainingError) {
    let (rule, schedule) = (optimiser ?? .adamw, self.schedule ?? .cosine)
    let hasPolish = (polish ?? 0) > 0
    let settings: [(name: String, isGiven: Bool, isUsed: Bool, owner: String)] = [
      ("momentum", momentum != nil, rule == .sgd, "the optimiser sgd"),
      ("amsgrad", amsgrad != nil, rule != .sgd, "the optimisers adam and adamw"),
      ("warmUp", (warmUp ?? 0) > 0, schedule == .cosine, "the schedule cosine"),
      ("polishConfigurations", polishConfigurations != nil, hasPolish, "a polish"),
      ("targetLoss", targetLoss != nil, hasPolish, "a polish"),
    ]
    for setting in settings where setting.isGiven && !setting.isUsed {
      throw .setting(
        name: "\(place).\(setting.name)", expected: "given with \(setting.owner) only", found: "it")
    }
  }
}

private func requireRange(
  _ name: String, _ value: Int, _ low: Int, _ high: Int
) throws(TrainingError) {
  guard (low...high).contains(value) else {
    throw .setting(
      name: name, expected: high == Int.max ? "\(low) or more" : "\(low) to \(high)",
      found: "\(value)")
  }
}
