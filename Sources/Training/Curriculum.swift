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

  public init(layers: Int, targets: [String], training: TrainingSettings) {
    self.layers = layers
    self.targets = targets
    self.training = training
  }
}

extension TrainingPlan {
  /// The plan of a stage: traces of the last layer kept, their means unless the targets are fields, and a
  /// linear head.
  func plan(of stage: CurriculumStage) throws(TrainingError) -> TrainingPlan {
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
    result.training.seed = stage.training.seed ?? training.seed
    result.curriculum = nil
    return result
  }
}

extension Parameters {
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
  /// The same configurations with other targets.
  func relabelled(_ targets: [String]) throws -> TrainingData {
    let targets = try targets.map { name throws(TrainingError) in try Target(name) }
    return TrainingData(
      training: try Dataset(training.configurations, targets),
      validation: try Dataset(validation.configurations, targets),
      tests: try tests.map { try Dataset($0.configurations, targets) })
  }
}
