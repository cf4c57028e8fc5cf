import ArgumentParser
import Autodiff
import Compute
import Foundation
import GaugeLayers
import Lattice
import Training

/// Such as `point,translation`.
struct RelaxedSymmetries: ExpressibleByArgument {
  let symmetries: [RelaxedSymmetry]

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    symmetries = names.compactMap { RelaxedSymmetry(rawValue: String($0)) }
    if symmetries.count != names.count || Set(symmetries).count != names.count { return nil }
  }
}

extension ElementWeighting: ExpressibleByArgument {}

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a described network on an ensemble.",
    discussion: """
      The plan is a JSON file with the network, its targets, the data (sampled for the purpose, or a \
      folder of configurations) and the rule of training. The folder gets plan.json, train.csv, \
      last.safetensors and best.safetensors; at the end the best weights are tested on every lattice \
      of the plan.

      EXAMPLE
        gauge train Examples/Learning/su2-w1x2.json --out run
        gauge train --out run --resume
        gauge train shared.json --relax point --banks 2 --relax-penalty 1e-5 --out relaxed
      """)

  @Argument(help: "The plan, a JSON file.")
  var plan: String?

  @Option(help: "Folder of the training.")
  var out: String

  @Flag(help: "Continue what the folder holds; it may hold nothing yet.")
  var resume = false

  @Option(
    help: "f32 or f64; by default that of the plan or, with --resume, of the folder, else f32.")
  var precision: Precision?

  @Option(help: "Seed of initial weights and order, instead of that of the plan.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Symmetries that layers with shared weights may leave: point, translation, time, charge, "
        + "separated by commas.", valueName: "symmetries"))
  var relax: RelaxedSymmetries?

  @Option(help: "Filter banks of relaxed layers, 1 to 64.")
  var banks: Int?

  @Option(help: "Whether relaxed weights belong to what a layer reads or writes: input or output.")
  var weighting: ElementWeighting?

  @Option(help: "Weight alpha of the differences between relaxed weights; that of the plan, or 0.")
  var relaxPenalty: Double?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      var plan = try readPlan()
      if let seed { plan.training.seed = seed }
      try relax(&plan)
      let planned = plan.precision.flatMap { Precision(rawValue: $0) }
      let precision = precision ?? planned ?? (resume ? storedPrecision : nil) ?? .f32
      plan.precision = precision.rawValue
      switch precision {
      case .f32: try train(plan, .f32, Float.self)
      case .f64: try train(plan, .f64, Double.self)
      }
    }
  }

  private func relax(_ plan: inout TrainingPlan) throws {
    if let relaxPenalty { plan.training.relaxationPenalty = relaxPenalty }
    if let relax {
      try plan.relax(relax.symmetries, banks: banks ?? 1, weighting: weighting ?? .input)
    } else if banks != nil || weighting != nil {
      throw UsageError("expected --relax beside --banks and --weighting, found none")
    }
    try plan.validate()
  }

  /// The precision of the plan in the folder; of one that does not say, that of the weights, or of those
  /// of the first stage of a curriculum.
  private var storedPrecision: Precision? {
    if let plan = try? TrainingPlan(path: "\(out)/plan.json"),
      let precision = plan.precision.flatMap({ Precision(rawValue: $0) })
    {
      return precision
    }
    for folder in [out, "\(out)/stage-1"] {
      if let file = try? Safetensors(path: "\(folder)/last.safetensors"),
        let precision = file.metadata["precision"].flatMap({ Precision(rawValue: $0) })
      {
        return precision
      }
    }
    return nil
  }

  private func readPlan() throws -> TrainingPlan {
    if let plan { return try TrainingPlan(path: plan) }
    let saved = "\(out)/plan.json"
    guard resume, FileManager.default.fileExists(atPath: saved) else {
      throw UsageError("expected a plan, or --resume and a folder that holds one, found neither")
    }
    return try TrainingPlan(path: saved)
  }

  private func train<Scalar: LatticeReal>(
    _ plan: TrainingPlan, _ precision: Precision, _: Scalar.Type
  ) throws {
    let interruption = Interruption()
    let run = try TrainingRun<Scalar>(plan, folder: out)
    var display = TrainProgress()
    defer { display.end() }
    let result = try run.run(
      resume: resume, message: { Console.message($0) },
      shouldStop: { interruption.isRequested }, progress: { display.report($0) })
    display.end()
    let report = TrainReport(
      plan: plan, precision: precision.rawValue, parameters: run.network.parameterCount,
      result: result, folder: out)
    try report.write()
    if common.json { printJSON(report.json()) } else { print(report.text) }
  }
}
