import ComplexModule
import Compute
import Foundation
import Fourier
import Lattice
import Loops
import RealModule
import Sampling
import Statistics
import TestSupport
import Testing

@Suite("Fourier acceleration")
struct FourierAccelerationTests {
  private func dynamics(
    _ extents: [Int], beta: Double, mass: Double, _ integrator: Integrator = .omelyan,
    steps: Int, periods: Double = 0.25, isPlain: Bool = false
  ) throws -> MolecularDynamics {
    let geometry = try Geometry(extents)
    let action = try WilsonAction(beta: beta, dimension: extents.count)
    let quarter = FourierAcceleration.quarterPeriod(beta: beta, mass: mass, geometry)
    return MolecularDynamics(
      [.init(action, integrator: integrator, steps: steps)], length: 4 * periods * quarter,
      acceleration: isPlain ? nil : try FourierAcceleration(mass: mass, geometry))
  }

  private func links<S: LatticeReal>(
    _ extents: [Int], beta: Double, batch: Int, of: S.Type = S.self
  ) throws -> LinkField<S> {
    var u = try LinkField<S>(Geometry(extents), group: .u1, batch: batch)
    let heatBath = HeatBath(
      action: try WilsonAction(beta: beta, dimension: extents.count), seed: 5)
    for sweep in 0..<20 { heatBath.update(&u, sweep: UInt32(sweep)) }
    return u
  }

  /// 1/V sum_k K(k) |p_mu(k)|^2 by plain sums, and the same without K.
  private func plainEnergies(
    _ p: AlgebraField<Double>, mass: Double, member: Int
  ) -> (weighted: Double, plain: Double) {
    let geometry = p.geometry
    let sites = (0..<geometry.volume).map(geometry.coordinates(of:))
    func square(_ k: [Int]) -> Double {
      zip(k, geometry.extents).reduce(0) { sum, x in
        let s = 2 * sin(Double.pi * Double(x.0) / Double(x.1))
        return sum + s * s
      }
    }
    let largest = sites.map(square).max()!
    var (weighted, plain) = (0.0, 0.0)
    for mu in 0..<p.dimension {
      let values = (0..<geometry.volume).map { p[$0, mu, member][0, 0].imaginary }
      for k in sites {
        var (re, im) = (0.0, 0.0)
        for (x, value) in zip(sites, values) {
          let phase = zip(zip(k, x), geometry.extents).reduce(0.0) {
            $0 + 2 * Double.pi * Double($1.0.0 * $1.0.1) / Double($1.1)
          }
          re += cos(phase) * value
          im -= sin(phase) * value
        }
        let power = (re * re + im * im) / Double(geometry.volume)
        weighted += power * (largest + mass * mass) / (square(k) + mass * mass)
        plain += power
      }
    }
    return (weighted, plain)
  }

  @Test("the kinetic energy is that of plain sums, and half a degree of freedom on the average")
  func kineticEnergy() throws {
    let (extents, batch, mass) = ([5, 4, 3], 33, 0.4)
    let u = try LinkField<Double>(Geometry(extents), group: .u1, batch: batch)
    let accelerated = HybridMonteCarlo(
      try dynamics(extents, beta: 2, mass: mass, steps: 1), seed: 6)
    let plain = HybridMonteCarlo(
      try dynamics(extents, beta: 2, mass: mass, steps: 1, isPlain: true), seed: 6)
    let p = accelerated.drawMomenta(u, trajectory: 3)
    let energies = accelerated.dynamics.kineticEnergiesOfMembers(p)
    for member in [0, 7, 32] {
      let expected = plainEnergies(p, mass: mass, member: member)
      #expect(abs(energies[member] - expected.weighted) < 1e-10 * expected.weighted)
      #expect(expected.plain < 0.9 * expected.weighted)
    }
    // The energy of the numbers that were drawn.
    let drawn = plain.dynamics.kineticEnergiesOfMembers(plain.drawMomenta(u, trajectory: 3))
    for (a, b) in zip(energies, drawn) { #expect(abs(a - b) < 1e-11 * b) }
    // A sum of squares of 180 normal numbers a member; 4.5 sigma, a false alarm in 10^5.
    let count = Double(180 * batch)
    #expect(abs(energies.reduce(0, +) - count / 2) < 4.5 * (count / 2).squareRoot())
  }

  @Test(
    "a trajectory forth and back returns", arguments: [Integrator.leapfrog, .omelyan, .omf4])
  func reversibility(_ integrator: Integrator) throws {
    for extents in [[4, 6], [3, 4, 5], [4, 4, 2, 4]] {
      let hmc = HybridMonteCarlo(
        try dynamics(extents, beta: 2, mass: 0.3, integrator, steps: 6, periods: 1), seed: 3)
      let double: LinkField<Double> = try links(extents, beta: 2, batch: 3)
      let violation = hmc.reversibilityViolation(double, trajectory: 1)
      #expect(violation.links < 1e-12 && violation.energy < 1e-9)
      let single: LinkField<Float> = try links(extents, beta: 2, batch: 3)
      #expect(hmc.reversibilityViolation(single, trajectory: 1).links < 1e-4)
    }
  }

  @Test(
    "energy is conserved to the order of the integrator",
    arguments: [Integrator.leapfrog, .omelyan, .omf4])
  func order(_ integrator: Integrator) throws {
    let extents = [6, 5, 4]
    let u: LinkField<Double> = try links(extents, beta: 2, batch: 1)
    func change(_ steps: Int) throws -> Double {
      let dynamics = try dynamics(
        extents, beta: 2, mass: 0.2, integrator, steps: steps, periods: 0.6)
      var (v, p) = (u, HybridMonteCarlo(dynamics, seed: 3).drawMomenta(u, trajectory: 2))
      let before = dynamics.energies(v, p)[0]
      dynamics.integrate(&v, &p)
      return dynamics.energies(v, p)[0] - before
    }
    let (coarse, fine) = (try change(12), try change(24))
    #expect(abs(log2(abs(coarse / fine)) - Double(integrator.order)) < 0.4, "\(coarse) \(fine)")
  }

  /// Each of the comparisons fails by chance once in 15 000.
  @Test(
    "exact plaquettes and <exp(-dH)> = 1 in two dimensions",
    arguments: [([16, 16], 2.0, 0.5), ([15, 9], 5.0, 0.1)])
  func exact(_ theory: ([Int], Double, Double)) throws {
    let (extents, beta, mass) = theory
    let hmc = HybridMonteCarlo(
      try dynamics(extents, beta: beta, mass: mass, steps: 3), seed: 21)
    var u: LinkField<Double> = try links(extents, beta: beta, batch: 8)
    var plaquettes = [[Double]](repeating: [], count: 8)
    var weights = plaquettes
    var accepted = 0
    for trajectory in 0..<400 {
      let outcomes = hmc.update(&u, trajectory: UInt32(trajectory))
      if trajectory < 40 { continue }
      for member in 0..<8 {
        plaquettes[member].append(u.plaquette(member: member))
        weights[member].append(exp(-outcomes[member].energyChange))
        accepted += outcomes[member].isAccepted ? 1 : 0
      }
    }
    #expect(accepted > 360 * 4 && accepted < 360 * 8)
    let plaquette = try GammaMethod().analyse(Measurements(replicaSeries: plaquettes)).estimate
    // Of the torus: corrections of (I_1 / I_0)^V.
    #expect(abs(plaquette.pull(from: exactPlaquette2D(.u1, beta: beta))) < 4, "\(plaquette)")
    let weight = try GammaMethod().analyse(Measurements(replicaSeries: weights)).estimate
    #expect(abs(weight.pull(from: 1)) < 4, "\(weight)")
  }

  /// theta_mu(k) of a free field, S = beta / 2 sum F^2, has in Landau gauge the propagator
  /// D_mu_nu(k) = (delta_mu_nu - khat_mu khat_nu / khat^2) / (beta khat^2); at beta = 1000 the group is compact to
  /// one part in 3000. Eight comparisons at 4.5 sigma: a false alarm in 10^4.
  @Test("photons at large beta have the propagator of the free field in Landau gauge")
  func photon() throws {
    let (extents, beta, batch) = ([6, 5, 4], 1000.0, 64)
    let geometry = try Geometry(extents)
    let hmc = HybridMonteCarlo(try dynamics(extents, beta: beta, mass: 0.3, steps: 4), seed: 2)
    var u = try LinkField<Double>(geometry, group: .u1, batch: batch)
    let momenta = LatticeMomenta(geometry)
    let chosen = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 2, 0], [1, 1, 1], [3, 1, 2]]
    // Of every member: those, the mean over all momenta, and one element off the diagonal.
    var samples = [[[Double]]](
      repeating: [[Double]](repeating: [], count: batch), count: chosen.count + 2)
    for trajectory in 0..<16 {
      _ = hmc.update(&u, trajectory: UInt32(trajectory))
      if trajectory < 4 { continue }
      var fixed = u
      _ = try GaugeFixing(.landau, step: 1, tolerance: 1e-16).fix(&fixed)
      fixed.removeMeanPhases()
      for member in 0..<batch {
        let propagator = try GluonPropagator(fixed, member: member)
        func ratio(_ k: [Int]) -> Double {
          propagator.scalar(k) * beta * momenta.latticeMomentumSquared(k)
        }
        for (index, k) in chosen.enumerated() { samples[index][member].append(ratio(k)) }
        let all = (1..<geometry.volume).map { ratio(geometry.coordinates(of: $0)) }
        samples[chosen.count][member].append(all.reduce(0, +) / Double(all.count))
        let k = [1, 2, 1]
        let square = momenta.latticeMomentumSquared(k)
        let product =
          momenta.latticeMomentum(k[0], direction: 0) * momenta.latticeMomentum(k[1], direction: 1)
        samples[chosen.count + 1][member].append(
          propagator[k, 0, 1] * beta * square / (-product / square))
      }
    }
    for (index, series) in samples.enumerated() {
      // Members are independent of each other.
      let means = series.map { $0.reduce(0, +) / Double($0.count) }
      let mean = means.reduce(0, +) / Double(batch)
      let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batch - 1)
      let error = (variance / Double(batch)).squareRoot()
      #expect(abs(mean - 1) < 4.5 * error, "\(index): \(mean) +- \(error)")
      #expect(error < (index == chosen.count ? 0.005 : 0.2))
    }
  }

  @Test("the longest wave forgets in less than a third of the trajectories it takes without")
  func autocorrelation() throws {
    let extents = [8, 8, 8]
    let geometry = try Geometry(extents)
    func time(_ isPlain: Bool) throws -> Estimate {
      let hmc = HybridMonteCarlo(
        try dynamics(extents, beta: 20, mass: 0.2, steps: 4, isPlain: isPlain), seed: 4)
      var u: LinkField<Double> = try links(extents, beta: 20, batch: 8)
      var series = [[Double]](repeating: [], count: 8)
      var accepted = 0
      for trajectory in 0..<150 {
        accepted += hmc.update(&u, trajectory: UInt32(trajectory)).filter(\.isAccepted).count
        if trajectory < 10 { continue }
        for member in 0..<8 {
          // |sum_x exp(2 pi i x / 8) F_xy|^2
          var (re, im) = (0.0, 0.0)
          for site in 0..<geometry.volume {
            let (x, y) = (
              geometry.neighbour(of: site, direction: 0), geometry.neighbour(of: site, direction: 1)
            )
            let angle =
              u[site, 0, member][0, 0].phase + u[x, 1, member][0, 0].phase
              - u[y, 0, member][0, 0].phase - u[site, 1, member][0, 0].phase
            let f = angle - 2 * Double.pi * (angle / (2 * Double.pi)).rounded()
            let phase = 2 * Double.pi * Double(geometry.coordinates(of: site)[0]) / 8
            re += cos(phase) * f
            im += sin(phase) * f
          }
          series[member].append(re * re + im * im)
        }
      }
      #expect(accepted > 150 * 8 * 7 / 10)
      return try GammaMethod().analyse(Measurements(replicaSeries: series)).tauEstimate
    }
    let (with, without) = (try time(false), try time(true))
    #expect(3 * with.value < without.value, "\(with) \(without)")
    #expect(with.value < 1.5)
  }

  @Test("a chain goes on to the bit, alike for 1 and 2 threads", arguments: ["f64", "f32"])
  func chain(precision: String) throws {
    defer { Threads.count = 2 }
    var parameters = ChainParameters(group: .u1, lattice: [5, 4, 6], beta: 2)
    parameters.algorithm = .hmc
    parameters.precision = precision
    parameters.thermalization = 0
    parameters.sweeps = 12
    var hybrid = HybridParameters(steps: 4)
    hybrid.accelerationMass = 0.5
    parameters.hybrid = hybrid
    func check<S: LatticeReal>(_: S.Type) throws {
      Threads.count = 1
      var whole = try Chain<S>(parameters)
      for _ in 0..<12 { try whole.update() }
      Threads.count = 2
      var first = try Chain<S>(parameters)
      for _ in 0..<7 { try first.update() }
      var second = try Chain<S>(parameters, field: first.field, updates: first.updates)
      for _ in 0..<5 { try second.update() }
      #expect(second.field.largestLinkDistance(to: whole.field) == 0)
      #expect(second.lastTrajectory == whole.lastTrajectory)
    }
    if precision == "f64" { try check(Double.self) } else { try check(Float.self) }
    let stored = try JSONDecoder().decode(
      ChainParameters.self, from: JSONEncoder().encode(parameters))
    #expect(stored == parameters)
    hybrid.accelerationMass = 0.6
    var other = parameters
    other.hybrid = hybrid
    #expect(other.firstDifference(from: parameters)?.name == "hybrid Monte Carlo")
  }

  @Test("other groups, open boundaries and masses that are none are refused by name")
  func refusals() throws {
    func refusal(_ change: (inout ChainParameters) -> Void) -> String {
      var p = ChainParameters(group: .u1, lattice: [4, 4], beta: 2)
      p.algorithm = .hmc
      p.hybrid = HybridParameters(steps: 4)
      p.hybrid!.accelerationMass = 0.5
      change(&p)
      do {
        try p.validate()
        return ""
      } catch { return "\(error)" }
    }
    #expect(refusal { _ in } == "")
    #expect(refusal { $0.group = "su2" }.contains("expected the group U(1), found SU(2)"))
    #expect(refusal { $0.boundary = ["periodic", "open"] }.contains("found periodic,open"))
    for mass in [0, -1, Double.nan, .infinity] {
      #expect(refusal { $0.hybrid!.accelerationMass = mass }.contains("positive finite number"))
    }
  }
}

extension LinkField {
  /// Divides the links of every direction and member by the phase of their mean: a constant of the action.
  fileprivate mutating func removeMeanPhases() {
    for member in 0..<batch {
      for mu in 0..<dimension {
        let mean = (0..<geometry.volume).reduce(ComplexMatrix.zero(1)) { $0 + self[$1, mu, member] }
        let phase = mean[0, 0].phase
        let turn = ComplexMatrix(n: 1) { _, _ in .init(cos(phase), -sin(phase)) }
        for site in 0..<geometry.volume { self[site, mu, member] = self[site, mu, member] * turn }
      }
    }
  }
}
