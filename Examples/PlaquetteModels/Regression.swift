import ArgumentParser
import GaugeLayers
import Training

/// (a) Wilson loops from links: an L-CNN beside an ordinary CNN, on lattices neither has seen.
struct Regression: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict W(1x2) in 2D SU(2) by an L-CNN and by an ordinary CNN.")

  @OptionGroup var options: ExampleOptions

  func run() throws {
    let models = [
      try TrainedModel("L-CNN", .wilsonLoop, options),
      try TrainedModel("CNN", .baseline, options),
      try TrainedModel("large CNN", .largeBaseline, options),
    ]
    print("Mean squared error of the lattice mean of W(1x2) = Re tr/2, SU(2) in two dimensions,")
    print("trained on \(lattice(models[0].evaluations[0].lattice)); no units.\n")
    var table = Table("network", "parameters", "lattice", "MSE", "MSE / variance")
    for model in models {
      for test in model.evaluations {
        table.add(
          model.name, "\(model.network.parameterCount)", lattice(test.lattice), short(test.loss),
          short(test.loss / test.labelVariances[0]))
      }
    }
    table.printed()
  }
}
