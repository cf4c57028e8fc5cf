import Foundation
import GaugeLayers
import Training

/// The plans that the examples train by: those of the learning study, and baselines beside this file.
enum PlanFile: String {
  case wilsonLoop = "../Learning/su2-w1x2"
  case baseline = "w1x2-cnn"
  case largeBaseline = "w1x2-large-cnn"
  case charge = "../Learning/su2-charge"

  /// The plan as the file has it, or a smaller one of the same network.
  func plan(quick: Bool) throws -> TrainingPlan {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = folder.appendingPathComponent("\(rawValue).json").standardizedFileURL.path
    var plan = try TrainingPlan(path: path)
    guard quick else { return plan }
    plan.data.validationPerBeta = 10
    plan.data.testPerBeta = 10
    switch self {
    case .wilsonLoop, .baseline, .largeBaseline:
      plan.data.trainingPerBeta = 40
      plan.data.testLattices = [[16, 16], [32, 32]]
      plan.training.polishConfigurations = nil
    case .charge:
      plan.data.lattice = [4, 4, 4, 4]
      plan.data.testLattices = [[6, 6, 6, 4]]
      plan.data.sweeps = 20
    }
    return plan
  }

  /// The folder of the training.
  func folder(_ options: ExampleOptions) -> String {
    let name = rawValue.split(separator: "/").last!
    return "\(options.out)/\(options.quick ? "quick-" : "")\(name)"
  }
}

/// A network after its training, and how well it predicts the lattices of its plan.
struct TrainedModel {
  let name: String
  let network: GaugeNetwork<Double>
  let parameters: Parameters<Double>
  let evaluations: [Evaluation]

  /// Trains as a plan says, in double precision, or takes what the folder holds of the same training.
  init(_ name: String, _ file: PlanFile, _ options: ExampleOptions) throws {
    self.name = name
    let folder = file.folder(options)
    let run = try TrainingRun<Double>(try file.plan(quick: options.quick), folder: folder)
    var last = ContinuousClock.now
    let result = try run.run(
      resume: true, message: { note("\(name): \($0)") },
      progress: { progress in
        let now = ContinuousClock.now
        guard last.duration(to: now) > .seconds(10) else { return }
        last = now
        note(
          "\(name): epoch \(progress.epoch) of \(progress.epochs), loss \(short(progress.loss))")
      })
    let weights = try NetworkWeights<Double>(path: "\(folder)/best.safetensors")
    (network, parameters) = (weights.network, weights.parameters)
    evaluations = result.evaluations
  }

  /// The network with its weights as a function of links, in either precision.
  func model<Scalar>(
    _: Scalar.Type
  ) throws -> (Variable<LinkField<Scalar>>) throws -> Variable<Tensor<Scalar>> {
    let network = try GaugeNetwork<Scalar>(self.network.description)
    let parameters = Parameters<Scalar>(self.parameters)
    return { try network($0, $0.tape.constant(parameters)) }
  }
}
