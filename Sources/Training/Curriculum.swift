import Autodiff
import Compute
import GaugeLayers
import Lattice

/// A stage before the training proper: the first layers of the network, with a head of their own, learn
/// other targets, and the training proper begins with what they have learnt.
///
/// The product of sixteen plaquettes that a large Wilson loop is gives no slope to begin with; a loop half
/// as large, which one layer turns into it, does.
public struct CurriculumStage: Codable, Hashable, Sendable {
  /// How many of the network's layers are kept; matrix channels must come out of the last.
  public var layers: Int
  /// Names of `Target`.
  public var targets: [String]
  public var training: TrainingSettings
  /// The validation loss above which the stage is trained once more, from other weights of all that the
  /// stages before it have not learnt; never by default.
  public var restartAbove: Double?
  /// How often the stage is trained at most, with `restartAbove`; the best attempt counts.
  public var attempts: Int?

  public init(
    layers: Int, targets: [String], training: TrainingSettings, restartAbove: Double? = nil,
    attempts: Int? = nil
  ) {
    self.layers = layers
    self.targets = targets
    self.training = training
    self.restartAbove = restartAbove
    self.attempts = attempts
  }
}

/// How a stage of the curriculum ended.
public struct StageResult: Sendable, Hashable {
  public let targets: [String]
  /// How often it was trained.
  public let attempts: Int
  /// The attempt with which the training went on, counted from 1.
  public let kept: Int
  /// Of the attempt that was kept.
  public let bestValidationLoss: Double
}

extension TrainingPlan {
  /// The plan of an attempt, counted from 1, at a stage: traces of the last layer kept, their means
  /// unless the targets are fields, and a linear head.
  ///
  /// The first attempt has the seed of the training, later ones a hash of it and of their number.
  func plan(
    of stage: CurriculumStage, attempt: Int = 1
  ) throws(TrainingError) -> TrainingPlan {
    guard stage.layers >= 1, stage.layers <= network.layers.count else {
      throw .setting(
        name: "the layers of a stage", expected: "1 to \(network.layers.count)",
        found: "\(stage.layers)")
    }
    var head = LayerDescription(.dense)
    head.channels = stage.targets.count
    var result = self
    var isField = false
    for name in stage.targets where try Target(name).isField { isField = true }
    var layers = Array(network.layers.prefix(stage.layers))
    layers.append(LayerDescription(.trace))
    if !isField { layers.append(LayerDescription(.mean)) }
    layers.append(head)
    result.network.layers = layers
    result.targets = stage.targets
    result.training = stage.training
    let seed = stage.training.seed ?? training.seed
    result.training.seed = attempt == 1 ? seed : seedOfAttempt(attempt, seed: seed ?? 1)
    result.curriculum = nil
    return result
  }

  /// Whether a stage learns the head of the network itself: its layers are the network's but for means,
  /// which a linear map commutes with, and its targets are the plan's, or these at every site.
  func hasOwnHead(_ stage: CurriculumStage) throws(TrainingError) -> Bool {
    func withoutMeans(_ layers: [LayerDescription]) -> [LayerDescription] {
      layers.filter { $0.layer != .mean }
    }
    let targets = stage.targets.map { $0.hasSuffix("Field") ? String($0.dropLast(5)) : $0 }
    let layers = withoutMeans(try plan(of: stage).network.layers)
    return targets == self.targets && layers == withoutMeans(network.layers)
  }
}

extension Parameters {
  /// Takes the tensors of a layer from those of another layer of other parameters.
  mutating func takeLayer(
    _ number: Int, from other: Parameters<Scalar>, _ otherNumber: Int
  ) throws(AutodiffError) {
    for (name, tensor) in other where name.hasPrefix("\(otherNumber).") {
      try update("\(number)" + name.drop { $0 != "." }, tensor)
    }
  }

  /// Takes the tensors of the first layers from other parameters.
  mutating func takeLayers(
    _ count: Int, from other: Parameters<Scalar>
  ) throws(AutodiffError) {
    for (name, tensor) in other {
      guard let number = name.split(separator: ".").first.flatMap({ Int($0) }), number <= count
      else { continue }
      try update(name, tensor)
    }
  }
}

extension TrainingData {
  /// The same configurations with other targets, without tests.
  func relabelled(_ targets: [String]) throws -> TrainingData {
    let targets = try targets.map { name throws(TrainingError) in try Target(name) }
    return TrainingData(
      training: try Dataset(training.configurations, targets),
      validation: try Dataset(validation.configurations, targets), tests: [])
  }
}

private func seedOfAttempt(_ attempt: Int, seed: UInt64) -> UInt64 {
  let words = RandomStream(seed: seed, purpose: .attempts).words(
    UInt32(truncatingIfNeeded: attempt), 0, 0, 0)
  return UInt64(words[0]) << 32 | UInt64(words[1])
}
