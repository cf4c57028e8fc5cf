import Compute
import Foundation
import Lattice
import Loops
import Sampling
import Statistics
import TestSupport
import Testing

@Suite("Hybrid Monte Carlo")
struct HybridMonteCarloTests {
  static let integrators: [Integrator] = [.leapfrog, .omelyan, .omf4]

  /// A field near equilibrium.
  static func thermalised<S: LatticeReal>(
    _ type: S.Type, _ extents: [Int], _ group: GaugeGroup, _ action: WilsonAction,
    batch: Int = 1, seed: UInt64 = 11
  ) throws -> LinkField<S> {
    var u = try LinkField<S>(Geometry(extents), group: group, batch: batch)
    let heatBath = HeatBath(action: action, seed: seed)
    for sweep in 0..<20 { heatBath.update(&u, sweep: UInt32(sweep)) }
    return u
  }

  @Test("momenta have the variance of their weight", arguments: [1, 2, 3, 4, 5])
  func momenta(_ n: Int) throws {
    let group = n == 1 ? GaugeGroup.u1 : .su(n)
    let layout = try LinkField<Double>(Geometry([6, 8, 10]), group: group, batch: 3).layout
    var p = AlgebraField<Double>(layout: layout, group: group)
    p.setMomenta(seed: 4, trajectory: 9)
    // -tr P^2 = 1/2 sum p_a^2: mean 1/2 for every degree of freedom, variance 1/2.
    let count = Double(480 * 3 * group.algebraDimension)
    for energy in p.kineticEnergiesOfMembers() {
      #expect(abs(energy - count / 2) < 4.5 * (count / 2).squareRoot())
    }
    var plain = 0.0
    for site in 0..<480 {
      for mu in 0..<3 { plain -= (p[site, mu, 1] * p[site, mu, 1]).trace.real }
    }
    #expect(abs(plain - p.kineticEnergy(member: 1)) < 1e-9)
  }

  @Test("a trajectory forth and back returns", arguments: integrators)
  func reversibility(_ integrator: Integrator) throws {
    for (group, extents) in [
      (GaugeGroup.u1, [4, 6]), (.su2, [3, 4, 5]), (.su3, [4, 4, 4, 4]), (.su4, [2, 3, 2, 4]),
    ] {
      let action = try WilsonAction(beta: 2 * Double(group.n), dimension: extents.count)
      let u = try Self.thermalised(Double.self, extents, group, action)
      let hmc = HybridMonteCarlo(
        MolecularDynamics([.init(action, integrator: integrator, steps: 10)]), seed: 3)
      let violation = hmc.reversibilityViolation(u, trajectory: 1)
      #expect(violation.links < 1e-12)
      #expect(violation.energy < 1e-9)
    }
  }

  @Test("energy is conserved to the order of the integrator", arguments: integrators)
  func order(_ integrator: Integrator) throws {
    let action = try WilsonAction(beta: 6, dimension: 4)
    let u = try Self.thermalised(Double.self, [4, 4, 4, 4], .su3, action)
    func change(_ steps: Int) -> Double {
      let dynamics = MolecularDynamics([.init(action, integrator: integrator, steps: steps)])
      var (v, p) = (
        u, HybridMonteCarlo(dynamics, seed: 3).drawMomenta(u, trajectory: 2)
      )
      let before = dynamics.energies(v, p)[0]
      dynamics.integrate(&v, &p)
      return dynamics.energies(v, p)[0] - before
    }
    let (coarse, fine) = (change(16), change(32))
    let slope = log2(abs(coarse / fine))
    #expect(abs(slope - Double(integrator.order)) < 0.35, "\(coarse) \(fine)")
  }

  @Test("nested levels of one action conserve energy as one level with their steps does")
  func nested() throws {
    let action = try WilsonAction(beta: 4, dimension: 3)
    let u = try Self.thermalised(Double.self, [4, 6, 4], .su2, action)
    let (half, other) = (
      try WilsonAction(beta: 1, dimension: 3), try WilsonAction(beta: 3, dimension: 3)
    )
    func change(_ levels: [MolecularDynamics.Level]) -> Double {
      let dynamics = MolecularDynamics(levels)
      var (v, p) = (u, HybridMonteCarlo(dynamics, seed: 3).drawMomenta(u, trajectory: 2))
      let before = dynamics.energies(v, p)[0]
      dynamics.integrate(&v, &p)
      return dynamics.energies(v, p)[0] - before
    }
    let single = change([.init(action, steps: 20)])
    let inOne = change([.init(half + other, steps: 20)])
    #expect(abs(single - inOne) < 1e-9)
    let coarse = change([.init(half, steps: 5), .init(other, steps: 2)])
    let fine = change([.init(half, steps: 10), .init(other, steps: 2)])
    #expect(abs(log2(abs(coarse / fine)) - 2) < 0.6, "\(coarse) \(fine)")
    let hmc = HybridMonteCarlo(
      MolecularDynamics([.init(half, steps: 5), .init(other, integrator: .omf4, steps: 2)]),
      seed: 1)
    #expect(hmc.reversibilityViolation(u, trajectory: 1).links < 1e-12)
  }

  /// Plaquettes of two dimensions against exact values, and <exp(-dH)> = 1. Each of the comparisons
  /// fails by chance once in 15 000.
  @Test(
    "exact plaquettes and <exp(-dH)> = 1 in two dimensions",
    arguments: [(GaugeGroup.u1, 2.0), (.su2, 2.2), (.su3, 6.0), (.su4, 10.8)], integrators)
  func exact(_ theory: (GaugeGroup, Double), _ integrator: Integrator) throws {
    let (group, beta) = theory
    let action = try WilsonAction(beta: beta, dimension: 2)
    let hmc = HybridMonteCarlo(
      MolecularDynamics([
        .init(action, integrator: integrator, steps: integrator == .omf4 ? 3 : 8)
      ]), seed: 21)
    var u = try Self.thermalised(Double.self, [16, 16], group, action, batch: 4)
    var plaquettes = [[Double]](repeating: [], count: 4)
    var weights = [[Double]](repeating: [], count: 4)
    var accepted = 0
    for trajectory in 0..<400 {
      let outcomes = hmc.update(&u, trajectory: UInt32(trajectory))
      if trajectory < 40 { continue }
      for member in 0..<4 {
        plaquettes[member].append(u.plaquette(member: member))
        weights[member].append(exp(-outcomes[member].energyChange))
        accepted += outcomes[member].isAccepted ? 1 : 0
      }
    }
    #expect(accepted > 360 * 2)
    let plaquette = try GammaMethod().analyse(Measurements(replicaSeries: plaquettes)).estimate
    #expect(abs(plaquette.pull(from: exactPlaquette2D(group, beta: beta))) < 4)
    let weight = try GammaMethod().analyse(Measurements(replicaSeries: weights)).estimate
    #expect(abs(weight.pull(from: 1)) < 4, "\(weight)")
  }

  @Test("a rejected member keeps its links, alike for 1 and 2 threads")
  func rejection() throws {
    defer { Threads.count = 2 }
    let action = try WilsonAction(beta: 20, dimension: 2)
    let start = try Self.thermalised(Double.self, [6, 8], .su3, action, batch: 12)
    let hmc = HybridMonteCarlo(
      MolecularDynamics([.init(action, integrator: .leapfrog, steps: 8)]), seed: 5)
    var results = [[HybridMonteCarlo.Outcome]]()
    var fields = [LinkField<Double>]()
    for threads in [1, 2] {
      Threads.count = threads
      var u = start
      results.append(hmc.update(&u, trajectory: 0))
      fields.append(u)
    }
    #expect(results[0] == results[1])
    #expect(fields[0].largestLinkDistance(to: fields[1]) == 0)
    let accepted = results[0].map(\.isAccepted)
    #expect(accepted.contains(true) && accepted.contains(false))
    for member in 0..<12 {
      let moved = fields[0].largestDifference(member: member) { start[$0, $1, member] }
      #expect((moved > 0) == accepted[member])
    }
  }

  @Test("an unstable trajectory is rejected and its energy is not finite or huge")
  func unstable() throws {
    let action = try WilsonAction(beta: 1e200, dimension: 2)
    var u = try LinkField<Double>.hot([4, 4], .su3)
    let start = u
    let hmc = HybridMonteCarlo(MolecularDynamics([.init(action, steps: 2)], length: 1e9), seed: 5)
    let outcome = hmc.update(&u, trajectory: 0)[0]
    #expect(!outcome.isAccepted)
    #expect(u.largestLinkDistance(to: start) == 0)
  }

  @Test("single precision")
  func singlePrecision() throws {
    let action = try WilsonAction(beta: 5.5, dimension: 4)
    let u = try Self.thermalised(Float.self, [4, 4, 4, 4], .su3, action)
    let hmc = HybridMonteCarlo(MolecularDynamics([.init(action, steps: 10)]), seed: 3)
    #expect(hmc.reversibilityViolation(u, trajectory: 1).links < 1e-4)
    var v = u
    #expect(abs(hmc.update(&v, trajectory: 1)[0].energyChange) < 1)
  }
}
