import GaugeTesting
import Loops
import Sampling
import Testing

/// Every updater declares its symmetries and is balanced.
@Suite("Declarations of updaters", .serialized)
struct UpdaterDeclarationTests {
  static func plan(_ group: GaugeGroup) -> CheckPlan {
    var plan = CheckPlan(group, [4, 2], seed: 61)
    plan.lattices += [[3, 4], [4, 4]]
    plan.adversarySteps = 20
    // Reflections divide by staple sums, which may be small.
    plan.tolerance = .standard
    return plan
  }

  /// Sweeps go through colours and directions one after another: only translations that keep colours
  /// commute, and no exchange of axes.
  @Test("overrelaxation", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func overrelaxation(_ group: GaugeGroup) throws {
    let action = try WilsonAction(beta: 2, dimension: 2)
    expectSymmetries(
      DeclaredSymmetries(
        // In three or more colours it goes through SU(2) subgroups of a fixed basis.
        gauge: group.n <= 2 ? .all : .diagonal, translation: .even, chargeConjugation: .conjugate),
      of: .update("overrelaxation") { (u: inout LinkField<Double>) in
        Overrelaxation(action: action).update(&u)
      }, Self.plan(group))
  }

  /// U(1): the new phase is drawn relative to the staples, which is covariant number by number, though
  /// not under conjugation. SU(N): quaternions refer to a basis of colour.
  @Test("heat bath with given random numbers", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func heatBath(_ group: GaugeGroup) throws {
    let action = try WilsonAction(beta: 2, dimension: 2)
    let code = CheckedCode.update("heat bath") { (u: inout LinkField<Double>) in
      HeatBath(action: action, seed: 5).update(&u, sweep: 0)
    }
    let gauge = CheckSuite.gauge(code, Self.plan(group))
    #expect(group == .u1 ? gauge.holds : gauge.isBroken, "\(gauge)")
    // Numbers belong to places.
    #expect(CheckSuite.translation(code, Self.plan(group)).isBroken)
    #expect(CheckSuite.lattice(code, Self.plan(group)).isBroken)
    #expect(CheckSuite.chargeConjugation(code, Self.plan(group)).isBroken)
  }

  /// Decisions are drawn by place, so that translations and axes are lost, as is conjugation: the charge is odd.
  @Test("heat bath and overrelaxation with a theta term")
  func theta() throws {
    let action =
      try WilsonAction(beta: 2, dimension: 2) + ThetaAction(theta: 2, dimension: 2)
    let heatBath = try HeatBath(action: action, seed: 5)
    let overrelaxation = try Overrelaxation(action: action, seed: 5)
    for code in [
      CheckedCode.update("theta heat bath") { (u: inout LinkField<Double>) in
        heatBath.update(&u, sweep: 0)
      },
      .update("theta overrelaxation") { (u: inout LinkField<Double>) in
        overrelaxation.update(&u, sweep: 0)
      },
    ] {
      let plan = Self.plan(.u1)
      expectGaugeCovariant(code, plan)
      #expect(CheckSuite.translation(code, plan).isBroken)
      #expect(CheckSuite.lattice(code, plan).isBroken)
      // A reflection rarely changes the charge, so nothing is said of it.
      if code.name == "theta heat bath" {
        #expect(CheckSuite.chargeConjugation(code, plan).isBroken)
      }
    }
  }

  /// Six tests at 1e-5.
  @Test("balance", arguments: [GaugeGroup.u1, .su2, .su3])
  func balance(_ group: GaugeGroup) throws {
    let action = try WilsonAction(beta: 2, dimension: 2)
    let effort = SamplingEffort(replicas: 64, updates: 60, thermalization: 10)
    expectDetailedBalance(
      "heat bath", beta: 2, CheckPlan(group, [2, 2], seed: 62), effort: effort
    ) { (u: inout LinkField<Double>, number) in
      HeatBath(action: action, seed: number).update(&u, sweep: 0)
    }
    let dynamics = MolecularDynamics([.init(action, steps: 3)])
    expectDetailedBalance(
      "hybrid Monte Carlo", beta: 2, CheckPlan(group, [2, 2], seed: 63), effort: effort
    ) { (u: inout LinkField<Double>, number) in
      _ = HybridMonteCarlo(dynamics, seed: number).update(&u, trajectory: 0)
    }
  }
}
