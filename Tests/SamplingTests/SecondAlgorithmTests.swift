import ComplexModule
import Compute
import Foundation
import Lattice
import Loops
import RealModule
import Sampling
import Statistics
import TestSupport
import Testing

/// Hybrid Monte Carlo against algorithms that do not use forces. Each comparison fails by chance once in
/// 15 000.
@Suite("Hybrid Monte Carlo and a second algorithm")
struct SecondAlgorithmTests {
  /// Metropolis by differences of the whole action: nothing but its value goes in.
  struct Metropolis {
    let action: any Action
    var random = SplitMix64(seed: 99)
    let width: Double

    mutating func sweep(_ u: inout LinkField<Double>) {
      for site in 0..<u.geometry.volume {
        for mu in 0..<u.dimension where u.boundary.hasLink(mu, at: site, in: u.geometry) {
          let before = action.valuesOfMembers(u)
          let old = (0..<u.batch).map { u[site, mu, $0] }
          for member in 0..<u.batch { u[site, mu, member] = step(u.group.n) * old[member] }
          let after = action.valuesOfMembers(u)
          for member in 0..<u.batch
          where random.uniform() >= exp(before[member] - after[member]) {
            u[site, mu, member] = old[member]
          }
        }
      }
    }

    /// A group element near 1; its inverse is as likely.
    mutating func step(_ n: Int) -> ComplexMatrix {
      if n == 1 {
        let angle = width * (2 * random.uniform() - 1)
        return ComplexMatrix(n: 1) { _, _ in Complex(cos(angle), sin(angle)) }
      }
      let x = ComplexMatrix(n: n) { _, _ in
        Complex(random.uniform() - 0.5, random.uniform() - 0.5)
      }.tracelessAntihermitian
      // Cayley's map of an anti-hermitian matrix is unitary, that of its negative the inverse.
      let one = ComplexMatrix.identity(n)
      let y = Complex(width) * x
      return ((one - y).inverse()! * (one + y)).withUnitDeterminant()
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let group: GaugeGroup
    let extents: [Int]
    let boundary: [Bool]
    let action: any Action
    var testDescription: String { "\(action.name) \(group) \(extents)" }
  }

  static func cases() throws -> [Case] {
    [
      Case(
        group: .su2, extents: [3, 4], boundary: [false, false],
        action: try ImprovedAction.symanzik(beta: 2, dimension: 2)),
      Case(
        group: .su3, extents: [3, 3], boundary: [false, false],
        action: try ImprovedAction.iwasaki(beta: 2, dimension: 2)),
      Case(
        group: .u1, extents: [3, 3, 3], boundary: [false, false, false],
        action: try ImprovedAction.dbw2(beta: 0.3, dimension: 3)),
      Case(
        group: .su2, extents: [3, 2, 3], boundary: [false, false, true],
        action: try ImprovedAction(beta: 1.5, anisotropy: 1.3, c1: -0.1, dimension: 3)),
      Case(
        group: .su2, extents: [2, 3, 3], boundary: [false, true, false],
        action: try WilsonAction(beta: 2, dimension: 3, boundaryWeight: 0.5)),
    ]
  }

  @Test("plaquettes and loops of actions with rectangles, open boundaries and weights")
  func metropolis() throws {
    for (index, c) in try Self.cases().enumerated() {
      let batch = 32
      let geometry = try Geometry(c.extents)
      var u = try LinkField<Double>(
        geometry, group: c.group, batch: batch, boundary: Boundary(isOpen: c.boundary))
      u.setHaarRandom(seed: 5)
      var v = u
      func observe(_ field: LinkField<Double>) throws -> [Double] {
        let path = try LatticePath.rectangle(0, 1, 2, 1, dimension: c.extents.count)
        let loops = field.loopTracesOfMembers(path)
        return (0..<batch).map { member in
          field.plaquette(member: member) + (loops?[member].real ?? 0)
        }
      }
      var metropolis = Metropolis(action: c.action, width: c.group == .u1 ? 1.5 : 0.9)
      let links = geometry.volume * c.extents.count
      let sweeps = 6000 / links
      // Means over time of independent members: no autocorrelation between them.
      var first = [Double](repeating: 0, count: batch)
      for sweep in 0..<sweeps {
        metropolis.sweep(&u)
        if sweep < sweeps / 5 { continue }
        for (member, value) in try observe(u).enumerated() { first[member] += value }
      }
      let hmc = HybridMonteCarlo(
        MolecularDynamics([.init(c.action, steps: 6)]), seed: UInt64(index))
      var second = [Double](repeating: 0, count: batch)
      var weights = [Double](repeating: 0, count: batch)
      for trajectory in 0..<500 {
        let outcomes = hmc.update(&v, trajectory: UInt32(trajectory))
        if trajectory < 50 { continue }
        for (member, value) in try observe(v).enumerated() {
          second[member] += value / 450
          weights[member] += exp(-outcomes[member].energyChange) / 450
        }
      }
      first = first.map { $0 / Double(sweeps - sweeps / 5) }
      let (a, b) = (Self.mean(first), Self.mean(second))
      let error = (a.error * a.error + b.error * b.error).squareRoot()
      #expect(abs(a.value - b.value) < 4 * error, "\(c.testDescription): \(a) \(b)")
      #expect(error < 0.05)
      let weight = Self.mean(weights)
      #expect(abs(weight.pull(from: 1)) < 4, "\(c.testDescription): \(weight)")
    }
  }

  @Test("<exp(-dH)> = 1 for every action and integrator")
  func exponential() throws {
    let theta = try ThetaAction(theta: 3, dimension: 4)
    let flat = try ThetaAction(theta: 1, dimension: 2)
    let cases =
      try Self.cases() + [
        Case(
          group: .su3, extents: [2, 4, 3, 2], boundary: [false, false, false, false],
          action: try WilsonAction(beta: 5, anisotropy: 1.2, dimension: 4) + theta),
        Case(
          group: .su2, extents: [3, 2, 3, 4], boundary: [false, false, false, true],
          action: try ImprovedAction.symanzik(beta: 2, dimension: 4) + theta),
        Case(
          group: .u1, extents: [4, 4], boundary: [false, false],
          action: try WilsonAction(beta: 2, dimension: 2) + flat),
      ]
    for c in cases {
      for (integrator, steps) in [(Integrator.leapfrog, 12), (.omelyan, 7), (.omf4, 3)] {
        let batch = 16
        var u = try LinkField<Double>(
          Geometry(c.extents), group: c.group, batch: batch,
          boundary: Boundary(isOpen: c.boundary))
        u.setHaarRandom(seed: 8)
        let hmc = HybridMonteCarlo(
          MolecularDynamics([.init(c.action, integrator: integrator, steps: steps)]), seed: 12)
        var weights = [Double](repeating: 0, count: batch)
        let (warming, production) = (20, 60)
        for trajectory in 0..<(2 * warming + production) {
          let outcomes = hmc.update(
            &u, trajectory: UInt32(trajectory), isWarming: trajectory < warming)
          if trajectory < 2 * warming { continue }
          for (member, outcome) in outcomes.enumerated() {
            weights[member] += exp(-outcome.energyChange) / Double(production)
          }
        }
        let weight = Self.mean(weights)
        #expect(
          abs(weight.pull(from: 1)) < 4, "\(c.testDescription) \(integrator): \(weight)")
        #expect(weight.error < 0.1)
      }
    }
  }

  @Test("the charge with a theta term in four dimensions is that of reweighted heat-bath fields")
  func reweighting() throws {
    let (theta, batch) = (4.0, 16)
    let wilson = try WilsonAction(beta: 1.6, dimension: 4)
    var u = try LinkField<Double>(Geometry([4, 4, 4, 4]), group: .su2, batch: batch)
    u.setHaarRandom(seed: 1)
    var v = u
    let heatBath = HeatBath(action: wilson, seed: 3)
    let overrelaxation = Overrelaxation(action: wilson)
    var (numerators, denominators) = ([Double](), [Double]())
    for sweep in 0..<160 {
      heatBath.update(&u, sweep: UInt32(sweep))
      overrelaxation.update(&u)
      if sweep < 10 { continue }
      for row in u.cloverObservablesOfMembers() {
        let weight = exp(-theta * row.charge!)
        numerators.append(weight * row.charge!)
        denominators.append(weight)
      }
    }
    let expected = try Jackknife(bins: .count(40)).analyse(
      Measurements(observables: [numerators, denominators])
    ) { $0[0] / $0[1] }
    let action = wilson + (try ThetaAction(theta: theta, dimension: 4))
    let hmc = HybridMonteCarlo(MolecularDynamics([.init(action, steps: 7)]), seed: 4)
    var charges = [Double](repeating: 0, count: batch)
    for trajectory in 0..<160 {
      _ = hmc.update(&v, trajectory: UInt32(trajectory))
      if trajectory < 20 { continue }
      for (member, row) in v.cloverObservablesOfMembers().enumerated() {
        charges[member] += row.charge! / 140
      }
    }
    let found = Self.mean(charges)
    let error = (expected.error * expected.error + found.error * found.error).squareRoot()
    #expect(abs(expected.value - found.value) < 4 * error, "\(expected.value) \(found)")
    // Far from zero: the term is felt.
    #expect(expected.value < -10 * error)
  }

  /// The mean of independent numbers.
  static func mean(_ x: [Double]) -> Estimate {
    let n = Double(x.count)
    let mean = x.reduce(0, +) / n
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return Estimate(value: mean, error: (variance / n).squareRoot())
  }
}

extension ComplexMatrix {
  /// Divided by the N-th root of its determinant that is nearest to 1.
  func withUnitDeterminant() -> ComplexMatrix {
    Complex(length: 1, phase: -determinant.phase / Double(n)) * self
  }
}
