import ArgumentParser
import Foundation
import GaugeLayers
import Sampling
import Statistics
import Training

/// (d) An action that a network has learned, sampled by hybrid Monte Carlo with the network's force.
struct Learned: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learned-action",
    abstract: "Learn the Symanzik action of 2D SU(2), then sample it with the network's force.")

  @OptionGroup var options: ExampleOptions

  func run() throws {
    let exact = try ImprovedAction.symanzik(beta: 3, dimension: 2)
    let learned = try ActionRegression(exact, quick: options.quick).train()
    let geometry = try Geometry([8, 8])
    let wilson = try WilsonAction(beta: 3, dimension: 2)
    let actions: [(String, any Action)] = [
      ("Symanzik", exact), ("learned", learned),
      ("Wilson + random network", wilson + (try randomNetwork())),
    ]
    print("Hybrid Monte Carlo of SU(2) on \(geometry), beta 3, 16 chains side by side, omelyan,")
    print("trajectories of length 1; errors are standard errors by the Gamma method; no units.\n")
    var table = Table("action", "steps", "acceptance", "<exp(-dH)>", "plaquette", "ms/trajectory")
    for (name, action) in actions {
      let result = try Sampled(action, geometry, quick: options.quick)
      table.add(
        name, "\(result.steps)", String(format: "%.3f", result.acceptance), "\(result.weight)",
        "\(result.plaquette)", String(format: "%.1f", result.milliseconds))
    }
    table.printed()
  }

  /// Two layers with the weights that training would begin with: no polynomial of few loops.
  private func randomNetwork() throws -> LearnedAction {
    let json = #"""
      {"group": "su2", "dimension": 2, "layers": [
        {"layer": "plaquettes"}, {"layer": "convolutionBilinear", "channels": 2, "size": 2},
        {"layer": "activation", "function": "tanh"},
        {"layer": "convolutionBilinear", "channels": 2, "size": 2}, {"layer": "trace"},
        {"layer": "dense", "channels": 1}]}
      """#
    let network = try NetworkDescription(json: Data(json.utf8))
    return try LearnedAction(
      network, GaugeNetwork<Double>(network).initialParameters(seed: 5), coupling: 0.5,
      name: "random network")
  }
}

/// A chain of every batch member.
private struct Sampled {
  let steps = 2
  let acceptance: Double
  let weight: Estimate
  let plaquette: Estimate
  let milliseconds: Double

  init(_ action: any Action, _ geometry: Geometry, quick: Bool) throws {
    let (chains, warm, count) = (16, quick ? 40 : 100, quick ? 120 : 1500)
    var links = try LinkField<Double>(geometry, group: .su2, batch: chains)
    try action.validate(geometry, links.group)
    let hmc = HybridMonteCarlo(MolecularDynamics([.init(action, steps: steps)]), seed: 11)
    var (weights, plaquettes) = (
      [[Double]](repeating: [], count: chains), [[Double]](repeating: [], count: chains)
    )
    var accepted = 0
    let start = ContinuousClock.now
    for trajectory in 0..<(warm + count) {
      let outcomes = hmc.update(&links, trajectory: UInt32(trajectory))
      if trajectory % 5 == 4 { links.reunitarize() }
      guard trajectory >= warm else { continue }
      for (chain, outcome) in outcomes.enumerated() {
        weights[chain].append(exp(-outcome.energyChange))
        plaquettes[chain].append(links.plaquette(member: chain))
        accepted += outcome.isAccepted ? 1 : 0
      }
    }
    let time = start.duration(to: .now)
    milliseconds = time / .milliseconds(1) / Double((warm + count) * chains)
    acceptance = Double(accepted) / Double(count * chains)
    weight = try GammaMethod().analyse(Measurements(replicaSeries: weights)).estimate
    plaquette = try GammaMethod().analyse(Measurements(replicaSeries: plaquettes)).estimate
  }
}
