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

  @Option(
    name: .customLong("fourier-acceleration"), parsing: .unconditional,
    help: ArgumentHelp(
      "hmc, U(1): momenta of the kinetic energy p (k_max^2 + m^2) / (k^2 + m^2) p, by which long waves "
        + "move as fast as short ones; the time of a trajectory is then by default a quarter of their "
        + "period.", valueName: "m"))
  var accelerationMass: Double?

  private var isUsed: Bool {
    integrator != nil || steps != nil || length != nil || innerSteps != nil || tune != nil
      || reversibilityEvery != nil || accelerationMass != nil
  }

  func apply(to p: inout ChainParameters) throws {
    guard p.algorithm == .hmc else {
      if isUsed {
        throw UsageError(
          "--integrator, --steps, --trajectory-length, --inner-steps, --tune, --reversibility-every and "
            + "--fourier-acceleration expect --algorithm hmc, found \(p.algorithm.rawValue)")
      }
      return
    }
    var h = p.hybridParameters
    if let accelerationMass, h.accelerationMass == nil {
      h.accelerate(mass: accelerationMass, beta: p.largestCoupling, lattice: p.lattice)
    }
    if let accelerationMass { h.accelerationMass = accelerationMass }
    if let integrator { h.integrator = integrator }
    if let steps { h.steps = steps }
    if let length { h.length = length }
    if let innerSteps { h.innerSteps = innerSteps }
    if let tune { h.targetAcceptance = tune }
    if let reversibilityEvery { h.reversibilityEvery = reversibilityEvery }
    p.hybrid = h
  }
}
