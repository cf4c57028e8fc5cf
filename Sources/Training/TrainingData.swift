import Compute
import Foundation
import GaugeLayers
import Lattice

/// The datasets of a plan: for training, validation and, lattice by lattice, the test.
public struct TrainingData<Scalar: LatticeReal>: Sendable {
  public let training: Dataset<Scalar>
  public let validation: Dataset<Scalar>
  public let tests: [Dataset<Scalar>]

  init(training: Dataset<Scalar>, validation: Dataset<Scalar>, tests: [Dataset<Scalar>]) {
    self.training = training
    self.validation = validation
    self.tests = tests
  }

  /// Samples or reads what a plan asks for.
  ///
  /// - Parameter report: told what is being done.
  public init(_ plan: TrainingPlan, report: (String) -> Void = { _ in }) throws {
    let targets = try plan.targets.map { name throws(TrainingError) in try Target(name) }
    if let folder = plan.data.folder {
      try self.init(folder: folder, plan, targets, report)
    } else {
      try self.init(sampling: plan, targets, report)
    }
  }

  private init(
    sampling plan: TrainingPlan, _ targets: [Target], _ report: (String) -> Void
  ) throws {
    let data = plan.data
    try data.validate(dimension: plan.network.dimension)
    let (extents, betas) = (data.lattice!, data.betas!)
    func sample(_ extents: [Int], _ count: Int, _ stream: Int) throws -> Dataset<Scalar> {
      report("sampling \(betas.count) x \(count) configurations on \(extents)")
      return try Dataset(
        try .sampled(
          Geometry(extents), group: plan.network.group, betas: betas, count: count,
          sweeps: data.sweeps ?? 100, seed: data.seed ?? 1, stream: stream), targets)
    }
    training = try sample(extents, data.trainingPerBeta ?? 1000, 0)
    validation = try sample(extents, data.validationPerBeta ?? 100, 1)
    var lattices = [extents]
    for extra in data.testLattices ?? [] where !lattices.contains(extra) { lattices.append(extra) }
    tests = try lattices.enumerated().map { try sample($1, data.testPerBeta ?? 100, 2 + $0) }
  }

  private init(
    folder: String, _ plan: TrainingPlan, _ targets: [Target], _ report: (String) -> Void
  ) throws {
    try plan.data.validate(dimension: plan.network.dimension)
    let (validationPart, testPart) = (
      plan.data.validationFraction ?? 0.1, plan.data.testFraction ?? 0.1
    )
    let network = try GaugeNetwork<Scalar>(plan.network)
    func read(_ folder: String) throws -> ConfigurationStore<Scalar> {
      report("reading \(folder)")
      let store = try ConfigurationStore<Scalar>(folder: folder, group: plan.network.group)
      guard store.geometry.dimension == plan.network.dimension else {
        throw TrainingError.setting(
          name: "the lattice of '\(folder)'",
          expected: "one of \(plan.network.dimension) dimensions",
          found: "\(store.geometry)")
      }
      try network.requireClosedLoops(on: store.geometry, "the lattice of '\(folder)'")
      return store
    }
    let all = try read(folder)
    guard all.count >= 3 else {
      throw TrainingError.setting(
        name: "the number of configurations in '\(folder)'", expected: "3 or more",
        found: "\(all.count)")
    }
    // Neighbours along a chain resemble each other: parts are stretches of it, the test the last.
    let test = max(1, Int(Double(all.count) * testPart))
    let valid = max(1, Int(Double(all.count) * validationPart))
    let train = all.count - test - valid
    func part(_ range: Range<Int>) throws -> Dataset<Scalar> {
      try Dataset(try all.part(range), targets)
    }
    training = try part(0..<train)
    validation = try part(train..<(train + valid))
    var tests = [try part((train + valid)..<all.count)]
    for folder in plan.data.testFolders ?? [] {
      tests.append(try Dataset(try read(folder), targets))
    }
    self.tests = tests
  }
}
