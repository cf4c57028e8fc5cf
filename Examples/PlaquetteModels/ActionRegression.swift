import Foundation
import GaugeLayers
import Sampling
import Training

/// Learns an action of SU(2) in two dimensions from its values on configurations of Wilson's action.
struct ActionRegression {
  private let action: any Action
  private let network: GaugeNetwork<Double>
  private let links: [LinkField<Double>]
  private let iterations: Int

  init(_ action: any Action, quick: Bool) throws {
    self.action = action
    iterations = quick ? 200 : 400
    let json = #"""
      {"group": "su2", "dimension": 2, "layers": [
        {"layer": "plaquettes"}, {"layer": "convolutionBilinear", "channels": 2, "size": 2},
        {"layer": "trace"}, {"layer": "mean"}, {"layer": "dense", "channels": 1}]}
      """#
    network = try GaugeNetwork(NetworkDescription(json: Data(json.utf8)))
    let store = try ConfigurationStore<Double>.sampled(
      Geometry([8, 8]), group: .su2, betas: [1, 2, 3, 4, 5], count: quick ? 32 : 128, sweeps: 20,
      seed: 9, stream: 0)
    // A third of them, with all couplings, to see what has been learned.
    links = try (0..<3).map { part in
      try store.links((0..<store.count).filter { $0 % 3 == part })
    }
  }

  /// Quasi-Newton iterations on the mean squared error of the action a site.
  func train() throws -> LearnedAction {
    let training = try links[..<2].map { ($0, try density($0)) }
    var parameters = try network.initialParameters(seed: 1)
    var optimiser = try LBFGS<Double>()
    for iteration in 0..<iterations where !optimiser.isStalled {
      let loss = try optimiser.step(&parameters) { parameters in
        let tape = Tape()
        let p = tape.variable(parameters)
        let losses = try training.map { links, density in
          try network(tape.constant(links), p).meanSquaredError(to: tape.constant(density))
        }
        let loss = try losses[0].adding(losses[1])
        return (loss.value.values[0], tape.gradients(of: loss)[p])
      }
      if iteration % 50 == 0 { note("iteration \(iteration), loss \(short(loss))") }
    }
    let learned = try LearnedAction(network.description, parameters)
    let differences = zip(learned.valuesOfMembers(links[2]), action.valuesOfMembers(links[2]))
      .map { $0 - $1 }
    let size = (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
    print(
      "\(network.parameterCount) parameters learn the action '\(action.name)': root mean square"
        + " difference \(short(size))\nof S on \(differences.count) configurations that were not"
        + " used (S is \(short(learned.value(of: links[2]))) on the first).\n")
    return learned
  }

  /// S / V as a tensor [batch, 1].
  private func density(_ links: LinkField<Double>) throws -> Tensor<Double> {
    try Tensor(
      shape: [links.batch, 1],
      values: action.valuesOfMembers(links).map { $0 / Double(links.geometry.volume) })
  }
}
