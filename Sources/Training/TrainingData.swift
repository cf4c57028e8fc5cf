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
    func required<Value>(_ name: String, _ value: Value?) throws(TrainingError) -> Value {
      guard let value else {
        throw .setting(name: "data.\(name)", expected: "given, or data.folder", found: "nothing")
      }
      return value
    }
    let extents = try required("lattice", data.lattice)
    let betas = try required("betas", data.betas)
    guard extents.count == plan.network.dimension else {
      throw TrainingError.setting(
        name: "data.lattice", expected: "\(plan.network.dimension) extents", found: "\(extents)")
    }
    guard !betas.isEmpty, betas.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw TrainingError.setting(
        name: "data.betas", expected: "couplings of 0 or more", found: "\(betas)")
    }
    let counts = [
      ("trainingPerBeta", data.trainingPerBeta ?? 1000),
      ("validationPerBeta", data.validationPerBeta ?? 100),
      ("testPerBeta", data.testPerBeta ?? 100),
      ("sweeps", data.sweeps ?? 100),
    ]
    for (name, value) in counts where value < 1 || value > 1_000_000 {
      throw TrainingError.setting(
        name: "data.\(name)", expected: "1 to 1000000", found: "\(value)")
    }
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
    let (validationPart, testPart) = (
      plan.data.validationFraction ?? 0.1, plan.data.testFraction ?? 0.1
    )
    guard validationPart > 0, testPart > 0, validationPart + testPart < 1 else {
      throw TrainingError.setting(
        name: "data.validationFraction and data.testFraction",
        expected: "positive with a sum below 1", found: "\(validationPart) and \(testPart)")
    }
    func read(_ folder: String) throws -> ConfigurationStore<Scalar> {
      report("reading \(folder)")
      return try ConfigurationStore(folder: folder, group: plan.network.group)
    }
    let all = try read(folder)
    guard all.geometry.dimension == plan.network.dimension else {
      throw TrainingError.setting(
        name: "the lattice of '\(folder)'", expected: "\(plan.network.dimension) dimensions",
        found: "\(all.geometry)")
    }
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
