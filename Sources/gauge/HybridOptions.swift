import ArgumentParser
import Sampling

/// The options of hybrid Monte Carlo.
struct HybridOptions: ParsableArguments {
  @Option(help: "hmc: omelyan (default), leapfrog or omf4.")
  var integrator: String?

  @Option(help: "hmc: steps of a trajectory; by default from lattice and coupling.")
  var steps: Int?

  @Option(name: .customLong("trajectory-length"), help: "hmc: time of a trajectory, by default 1.")
  var length: Double?

  @Option(
    name: .customLong("inner-steps"),
    help: "hmc: plaquette steps in every drift of the other terms of the action.")
  var innerSteps: Int?

  @Option(
    help: "hmc: tune the steps to this acceptance, 0.8, during thermalisation; then freeze them.")
  var tune: Double?

  @Option(
    name: .customLong("reversibility-every"),
    help: "hmc: integrate back after every so many updates, by default 100; 0 never.")
  var reversibilityEvery: Int?

  private var isUsed: Bool {
    integrator != nil || steps != nil || length != nil || innerSteps != nil || tune != nil
      || reversibilityEvery != nil
  }

  func apply(to p: inout ChainParameters) throws {
    guard p.algorithm == .hmc else {
      if isUsed {
        throw UsageError(
          "--integrator, --steps, --trajectory-length, --inner-steps, --tune and "
            + "--reversibility-every expect --algorithm hmc, found \(p.algorithm.rawValue)")
      }
      return
    }
    var h = p.hybridParameters
    if let integrator { h.integrator = integrator }
    if let steps { h.steps = steps }
    if let length { h.length = length }
    if let innerSteps { h.innerSteps = innerSteps }
    if let tune { h.targetAcceptance = tune }
    if let reversibilityEvery { h.reversibilityEvery = reversibilityEvery }
    p.hybrid = h
  }
}
