import ComplexModule
import Compute
import GaugeChecks
import Lattice
import Loops
import Sampling
import Testing

@Suite("Integrators", .serialized)
struct IntegratorCheckTests {
  static let integrators: [Integrator] = [.leapfrog, .omelyan, .omf4]
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [4, 6]), (.su2, [3, 2, 4]), (.su3, [2, 3, 2, 4]), (.su4, [3, 4]),
  ]

  /// Kicks and drifts of one step, by anybody's coefficients.
  static func integrate<S: LatticeReal>(
    _ action: any Action, _ kicks: [Double], _ drifts: [Double], steps: Int,
    _ u: inout LinkField<S>, _ p: inout AlgebraField<S>
  ) {
    let h = 1 / Double(steps)
    for _ in 0..<steps {
      for stage in kicks.indices {
        action.addForce(of: u, times: -0.5 * h * kicks[stage], to: &p)
        if stage < drifts.count { u.multiplyByExponential(of: p, times: S(h * drifts[stage])) }
      }
    }
  }

  @Test("molecular dynamics is reversible", arguments: cases, integrators)
  func reversible(_ theory: (GaugeGroup, [Int]), _ integrator: Integrator) throws {
    let (group, extents) = theory
    let setting = try CheckSetting(extents, group, seed: 61)
    let action = try WilsonAction(beta: Double(group.n), dimension: extents.count)
    let dynamics = MolecularDynamics([.init(action, integrator: integrator, steps: 8)])
    let report = try IntegratorCheck.reversibility(of: dynamics, on: setting)
    #expect(report.holds && report.tolerance == 1e-12, "\(report)")
    let single = try IntegratorCheck.reversibility(
      of: dynamics, on: setting, precision: Float.self)
    #expect(single.holds, "\(single)")
  }

  @Test("so are nested levels, and open boundaries")
  func nested() throws {
    let improved = try ImprovedAction.symanzik(beta: 4, dimension: 3)
    let dynamics = MolecularDynamics([
      .init(improved.rectangles, integrator: .omelyan, steps: 4),
      .init(improved.plaquettes, integrator: .leapfrog, steps: 3),
    ])
    let setting = try CheckSetting([3, 2, 4], .su3, seed: 62)
    let nested = try IntegratorCheck.reversibility(of: dynamics, on: setting)
    #expect(nested.holds, "\(nested)")
    #expect(nested.subject == "omelyan of rectangle in leapfrog of wilson")
    let open = try IntegratorCheck.reversibility(
      of: MolecularDynamics([.init(try WilsonAction(beta: 4, dimension: 3), steps: 6)]),
      on: setting, boundary: Boundary(isOpen: [false, true, false]))
    #expect(open.holds, "\(open)")
  }

  @Test("integrators that cannot be turned around are seen", arguments: [GaugeGroup.u1, .su3])
  func irreversible(_ group: GaugeGroup) throws {
    let setting = try CheckSetting([4, 3], group, seed: 63)
    let action = try WilsonAction(beta: 4, dimension: 2)
    func report(_ kicks: [Double], _ drifts: [Double]) throws -> ReversibilityReport {
      try IntegratorCheck.reversibility(
        of: "kicks \(kicks)", on: setting,
        energy: { (u: LinkField<Double>, p) in action.value(of: u) + p.kineticEnergy() },
        integrate: { Self.integrate(action, kicks, drifts, steps: 10, &$0, &$1) })
    }
    let right = try report([0.5, 0.5], [1])
    #expect(right.holds, "\(right)")
    for (kicks, drifts) in [([0.4, 0.6], [1.0]), ([0.5001, 0.4999], [1]), ([0, 1], [1])] {
      let wrong = try report(kicks, drifts)
      #expect(wrong.isBroken && "\(wrong)".contains("seed 63"), "\(wrong)")
    }
    // Reversible, whatever it conserves.
    let loose = try report([0.2, 0.5, 0.2], [0.5, 0.5])
    #expect(loose.holds, "\(loose)")
  }

  @Test("dynamics that do not move are told to be vacuous")
  func still() throws {
    let report = try IntegratorCheck.reversibility(
      of: "nothing", on: CheckSetting([4, 3], .su2, seed: 64),
      energy: { (_: LinkField<Double>, p) in p.kineticEnergy() }, integrate: { _, _ in })
    #expect(report.isVacuous && !report.holds && !report.isBroken, "\(report)")
  }

  @Test("energy is conserved to the order of the integrator", arguments: cases, integrators)
  func order(_ theory: (GaugeGroup, [Int]), _ integrator: Integrator) throws {
    let (group, extents) = theory
    let action = try WilsonAction(beta: 2 * Double(group.n), dimension: extents.count)
    let report = try IntegratorCheck.energyConservation(
      of: MolecularDynamics([.init(action, integrator: integrator, steps: 1)]),
      on: CheckSetting(extents, group, seed: 65))
    #expect(report.holds, "\(report)")
    #expect(report.declaredOrder == integrator.order && !report.isExempt)
  }

  @Test("so do nested levels and improved actions")
  func nestedOrder() throws {
    let improved = try ImprovedAction.symanzik(beta: 4, dimension: 3)
    let report = try IntegratorCheck.energyConservation(
      of: MolecularDynamics([
        .init(improved.rectangles, integrator: .omf4, steps: 1),
        .init(improved.plaquettes, integrator: .leapfrog, steps: 2),
      ]), on: CheckSetting([3, 2, 4], .su2, seed: 66))
    #expect(report.holds && report.declaredOrder == 2, "\(report)")
  }

  @Test("a wrong coefficient lowers the order", arguments: [GaugeGroup.u1, .su3])
  func wrongCoefficient(_ group: GaugeGroup) throws {
    let setting = try CheckSetting([4, 3], group, seed: 67)
    let action = try WilsonAction(beta: 4, dimension: 2)
    func report(_ change: Double) throws -> EnergyReport {
      var kicks = Integrator.omf4.kicks
      // Symmetric, and summing to 1 as before.
      kicks[0] += change
      kicks[5] += change
      kicks[2] -= change
      kicks[3] -= change
      return try IntegratorCheck.energyConservation(
        of: "omf4", on: setting, order: 4,
        energies: { (u: LinkField<Double>, p) in
          zip(action.valuesOfMembers(u), p.kineticEnergiesOfMembers()).map { $0 + $1 }
        },
        integrate: {
          Self.integrate(action, kicks, Integrator.omf4.drifts, steps: $2, &$0, &$1)
        })
    }
    let right = try report(0)
    #expect(right.holds, "\(right)")
    // Digits exchanged.
    let wrong = try report(0.08938315262876693 - 0.08398315262876693)
    #expect(!wrong.holds && abs(wrong.order!.value - 2) < 0.2, "\(wrong)")
    // A part in a thousand.
    #expect(try !report(1e-4).holds)
  }

  @Test("a force that is off by 1 % does not conserve the energy at all")
  func wrongForce() throws {
    let action = ChangedForce(action: try WilsonAction(beta: 4, dimension: 2)) {
      Complex(1.01) * $0
    }
    let report = try IntegratorCheck.energyConservation(
      of: MolecularDynamics([.init(action, integrator: .omelyan, steps: 1)]),
      on: CheckSetting([4, 3], .su2, seed: 68))
    #expect(!report.holds && abs(report.order!.value) < 0.1, "\(report)")
  }

  @Test("piecewise constant terms are left out")
  func piecewiseConstant() throws {
    let setting = try CheckSetting([4, 6], .u1, seed: 69)
    let theta = try ThetaAction(theta: 3, dimension: 2)
    let wilson = try WilsonAction(beta: 2, dimension: 2)
    let exempt = try IntegratorCheck.energyConservation(
      of: MolecularDynamics([.init(theta, steps: 1)]), on: setting)
    #expect(exempt.isExempt && exempt.holds && exempt.remark != nil, "\(exempt)")
    let sum = try IntegratorCheck.energyConservation(
      of: MolecularDynamics([.init(wilson + theta, integrator: .omf4, steps: 1)]), on: setting)
    #expect(sum.holds && !sum.isExempt && sum.remark!.contains("theta"), "\(sum)")
  }

  @Test("energies that rounding alone changes say nothing")
  func unresolved() throws {
    let report = try IntegratorCheck.energyConservation(
      of: MolecularDynamics([
        .init(try WilsonAction(beta: 1, dimension: 2), integrator: .omf4, steps: 1)
      ]), on: CheckSetting([4, 3], .su2, seed: 70), stepCounts: [1000, 1400, 2000, 2800])
    #expect(report.order == nil && !report.holds, "\(report)")
    #expect("\(report)".contains("UNRESOLVED"))
  }
}
