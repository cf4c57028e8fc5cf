import ArgumentParser
import GaugeLayers
import Training

/// (c) The density of topological charge in four dimensions by one merged layer and a trace.
struct Charge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn the topological charge density of 4D SU(2) with one merged layer.")

  @OptionGroup var options: ExampleOptions

  func run() throws {
    let model = try TrainedModel("one layer", .charge, options)
    print(
      "Mean squared error of the density of topological charge at every site, q(x) = Re tr(F01 F23")
    print(
      "- F02 F13 + F03 F12) / 4 pi^2 from plaquettes, SU(2) in four dimensions (units of a^-4).")
    print("\(model.network.parameterCount) parameters.\n")
    var table = Table("network", "lattice", "configurations", "MSE", "variance", "MSE / variance")
    for test in model.evaluations {
      table.add(
        model.name, lattice(test.lattice), "\(test.configurations)", short(test.loss),
        short(test.labelVariances[0]), short(test.loss / test.labelVariances[0]))
    }
    table.printed()
  }
}
