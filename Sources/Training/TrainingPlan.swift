import Autodiff
import Foundation
import GaugeLayers
import Lattice

/// Everything that defines a training: network, targets, data and rule. What `gauge train` reads.
public struct TrainingPlan: Codable, Hashable, Sendable {
  public var network: NetworkDescription
  /// Names of `Target`.
  public var targets: [String]
  public var data: DataPlan
  public var training: TrainingSettings
  /// What the first layers learn before, stage by stage; nothing by default.
  public var curriculum: [CurriculumStage]?
  /// `f32` or `f64`; whoever trains chooses where nothing is said, and what is written has it.
  public var precision: String?

  /// A plan with unchecked parts; `validate()` checks them.
  ///
  /// - Parameter targets: names of `Target`, as many as the network has outputs.
  public init(
    network: NetworkDescription, targets: [String], data: DataPlan, training: TrainingSettings,
    curriculum: [CurriculumStage]? = nil, precision: String? = nil
  ) {
    self.network = network
    self.targets = targets
    self.data = data
    self.training = training
    self.curriculum = curriculum
    self.precision = precision
  }
}

/// Where configurations come from: an ensemble that is sampled for the purpose, or folders.
public struct DataPlan: Codable, Hashable, Sendable {
  /// Extents of sampled lattices for training.
  public var lattice: [Int]?
  /// Couplings of the Wilson action, equal shares.
  public var betas: [Double]?
  /// Sampled configurations for each coupling.
  public var trainingPerBeta: Int?
  public var validationPerBeta: Int?
  public var testPerBeta: Int?
  /// Extents of sampled lattices for the test report; that of the training is always among them.
  public var testLattices: [[Int]]?
  /// Updates (a heat-bath and four overrelaxation sweeps) before a configuration is taken; every one is
  /// the end of a chain of its own.
  public var sweeps: Int?
  public var seed: UInt64?
  /// A folder of configurations instead, and what part of them is for validation and for the test.
  public var folder: String?
  public var validationFraction: Double?
  public var testFraction: Double?
  /// Further folders for the test report, each of one lattice.
  public var testFolders: [String]?

  public init() {}
}

/// The rule of a training.
public struct TrainingSettings: Codable, Hashable, Sendable {
  public enum Rule: String, Codable, Sendable, CaseIterable { case sgd, adam, adamw }
  public enum Schedule: String, Codable, Sendable, CaseIterable { case constant, cosine }

  public var epochs: Int
  public var batch: Int
  public var rate: Double
  /// `adamw` with amsgrad by default, as in the paper.
  public var optimiser: Rule?
  public var amsgrad: Bool?
  public var weightDecay: Double?
  public var momentum: Double?
  /// `cosine` to a thousandth of the rate by default.
  public var schedule: Schedule?
  public var warmUp: Int?
  /// The largest norm of a gradient; none by default.
  public var clip: Double?
  /// Epochs without a better validation loss after which training stops; never by default.
  public var patience: Int?
  /// Iterations of the quasi-Newton method on all configurations at once that follow the epochs; none by
  /// default. Each counts as an epoch of one step.
  public var polish: Int?
  /// Configurations of the training set that the polish uses, spread evenly over it; all by default.
  public var polishConfigurations: Int?
  /// The loss at which the polish ends early; by default it goes on to rounding.
  public var targetLoss: Double?
  /// alpha of what keeps relaxed weights together (`SharedLayer.relaxationPenalty`), 0 by default.
  public var relaxationPenalty: Double?
  /// Seed of the initial weights and of the order of configurations.
  public var seed: UInt64?

  /// The rule with the default for everything else.
  ///
  /// - Parameters:
  ///   - epochs: passes over the training set, 1 or more.
  ///   - batch: configurations of a step, 1 or more.
  ///   - rate: the largest learning rate, above 0.
  public init(epochs: Int, batch: Int, rate: Double) {
    self.epochs = epochs
    self.batch = batch
    self.rate = rate
  }
}
