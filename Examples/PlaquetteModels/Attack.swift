import ArgumentParser
import Compute
import GaugeChecks
import GaugeLayers
import Training

/// (b) Gauge transformations, random and looked for, against the networks of (a).
struct Attack: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Attack the networks of `regression` with gauge transformations.")

  @OptionGroup var options: ExampleOptions

  func run() throws {
    let models = [
      try TrainedModel("L-CNN", .wilsonLoop, options),
      try TrainedModel("large CNN", .largeBaseline, options),
    ]
    let data = try PlanFile.wilsonLoop.plan(quick: options.quick).data
    let betas = data.betas!
    let store = try ConfigurationStore<Double>.sampled(
      Geometry(data.lattice!), group: .su2, betas: betas, count: options.quick ? 1 : 10,
      sweeps: data.sweeps!, seed: 7, stream: 100)
    let links = try store.links(0..<store.count)
    print("How far gauge transformations move the predictions of W(1x2) on \(links.geometry),")
    print("\(store.count) configurations, relative to the root mean square prediction.\n")
    var table = Table("network", "precision", "attack", "mean movement", "largest movement")
    for model in models {
      for report in try reports(of: model, on: links) {
        table.add(
          model.name, "f64", report.kind.rawValue, percent(report.mean), percent(report.largest))
      }
      for report in try reports(of: model, on: LinkField<Float>(links)) {
        table.add(
          model.name, "f32", report.kind.rawValue, percent(report.mean), percent(report.largest))
      }
    }
    table.printed()
  }

  private func reports<Scalar: LatticeReal>(
    of model: TrainedModel, on links: LinkField<Scalar>
  ) throws -> [GaugeAttackReport] {
    let predict = try model.model(Scalar.self)
    return [
      try GaugeAttack.random(
        on: links, of: model.name, transformations: 10, seed: 8, model: predict),
      try GaugeAttack.adversarial(
        on: links, of: model.name, steps: options.quick ? 40 : 200, seed: 8, model: predict),
    ]
  }
}
