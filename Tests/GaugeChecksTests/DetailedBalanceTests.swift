import Compute
import GaugeChecks
import Lattice
import Loops
import Sampling
import Statistics
import Testing

/// Checks of updaters fail for a right one once in 10^5 choices of seeds, all their comparisons
/// together; some thirty are made here: once in 3000 for the suite.
@Suite("Detailed balance", .serialized)
struct DetailedBalanceTests {
  /// Coarse steps: a third to two thirds of the moves are accepted.
  static func hybrid(
    _ action: any Action, _ rule: AcceptanceRule, seed: UInt64, steps: Int = 1
  ) -> PlantedHybrid {
    PlantedHybrid(
      MolecularDynamics([.init(action, integrator: .leapfrog, steps: steps)], length: 1),
      rule: rule, seed: seed)
  }

  static func equilibrate(_ action: WilsonAction, seed: UInt64) -> (inout LinkField<Double>) -> Void
  {
    { field in
      for k in 0..<100 { HeatBath(action: action, seed: seed).update(&field, sweep: UInt32(k)) }
    }
  }

  @Test("decisions with their probabilities, and wrong by 1 %", arguments: [81, 82] as [UInt64])
  func acceptance(_ seed: UInt64) throws {
    let setting = try CheckSetting([2, 2], .u1, seed: seed)
    let action = try WilsonAction(beta: 1, dimension: 2)
    for rule in AcceptanceRule.allCases {
      let hmc = Self.hybrid(action, rule, seed: seed)
      let report = try SamplerCheck.acceptance(
        of: "hybrid, \(rule)", on: setting, effort: .init(replicas: 512, updates: 500),
        equilibrate: Self.equilibrate(action, seed: seed), update: { hmc.update(&$0, $1) })
      #expect(report.acceptance > 0.5 && report.acceptance < 0.7)
      #expect(report.tests.count == 6 && report.inconsistent == 0)
      if rule == .right {
        #expect(report.holds && report.largestPull < 5, "\(report)")
        // What 1 % would give is known before.
        #expect(report.tests.compactMap(\.pullOfOnePercent).allSatisfy { $0 > 7 })
      } else {
        #expect(!report.holds && report.largestPull > 5, "\(report)")
      }
    }
  }

  @Test("hybrid Monte Carlo", arguments: [(GaugeGroup.u1, 2.0), (.su2, 3.0), (.su3, 6.0)])
  func hybrid(_ group: GaugeGroup, _ beta: Double) throws {
    let setting = try CheckSetting([3, 2], group, seed: 83)
    let hmc = HybridMonteCarlo(
      MolecularDynamics([
        .init(try WilsonAction(beta: beta, dimension: 2), integrator: .leapfrog, steps: 3)
      ]), seed: 84)
    let acceptance = try SamplerCheck.acceptance(
      of: hmc, on: setting, effort: .init(replicas: 256, updates: 100))
    #expect(acceptance.holds && acceptance.acceptance > 0.6, "\(acceptance)")
    let balance = try SamplerCheck.detailedBalance(
      of: "hybrid Monte Carlo", on: setting, beta: beta,
      effort: .init(replicas: 256, updates: 200)
    ) { (u: inout LinkField<Double>, k) in _ = hmc.update(&u, trajectory: k) }
    #expect(balance.holds, "\(balance)")
  }

  @Test("decisions that are impossible, or not carried out")
  func notCarriedOut() throws {
    let setting = try CheckSetting([2, 2], .su2, seed: 85)
    let action = try WilsonAction(beta: 2, dimension: 2)
    let hmc = Self.hybrid(action, .right, seed: 85)
    func report(
      _ change: @escaping (Int, MetropolisDecision) -> MetropolisDecision
    ) throws -> AcceptanceReport {
      try SamplerCheck.acceptance(
        of: "planted", on: setting, effort: .init(replicas: 64, updates: 50, thermalization: 0),
        equilibrate: Self.equilibrate(action, seed: 85),
        update: { hmc.update(&$0, $1).enumerated().map(change) })
    }
    #expect(try report { $1 }.holds)
    // One lattice of 64 keeps what it rejects, and does not tell.
    let silent = try report {
      .init(energyChange: $1.energyChange, isAccepted: $0 != 5 && $1.isAccepted)
    }
    #expect(!silent.holds && silent.inconsistent > 0 && silent.impossible > 0, "\(silent)")
    let infinite = try report {
      .init(energyChange: $0 == 5 ? .nan : $1.energyChange, isAccepted: $1.isAccepted)
    }
    #expect(!infinite.holds && infinite.impossible > 0, "\(infinite)")
    let vacuous = try SamplerCheck.acceptance(
      of: "always", on: setting, effort: .init(replicas: 4, updates: 10),
      equilibrate: { (_: inout LinkField<Double>) in },
      update: { _, _ in Array(repeating: .init(energyChange: 0, isAccepted: true), count: 4) })
    #expect(vacuous.isVacuous && !vacuous.holds, "\(vacuous)")
  }

  @Test(
    "right updaters have exact plaquettes",
    arguments: [(GaugeGroup.u1, 1.0), (.su2, 2.2), (.su3, 4.0)])
  func right(_ group: GaugeGroup, _ beta: Double) throws {
    let setting = try CheckSetting([2, 4], group, seed: 86)
    let action = try WilsonAction(beta: beta, dimension: 2)
    let (heatBath, overrelaxation) = (
      HeatBath(action: action, seed: 87), Overrelaxation(action: action)
    )
    let report = try SamplerCheck.detailedBalance(
      of: "heat bath and overrelaxation", on: setting, beta: beta,
      effort: .init(replicas: 256, updates: 200)
    ) { (u: inout LinkField<Double>, k) in
      heatBath.update(&u, sweep: 1000 + k)
      overrelaxation.update(&u)
    }
    #expect(report.holds && report.comparisons.count == 2, "\(report)")
  }

  /// The pulls of right updaters have variance 1: chi^2 of 12 independent ones, each check at another
  /// seed, fails once in 10^4 on either side.
  @Test("errors are neither too small nor too large")
  func falseAlarms() throws {
    let setting = try CheckSetting([2, 2], .su2, seed: 0)
    let action = try WilsonAction(beta: 2, dimension: 2)
    var pulls = [Double]()
    for seed in UInt64(100)..<112 {
      var setting = setting
      setting.seed = seed
      let hmc = Self.hybrid(action, .right, seed: seed)
      let report = try SamplerCheck.detailedBalance(
        of: "hybrid", on: setting, beta: 2, effort: .init(replicas: 64, updates: 400)
      ) { (u: inout LinkField<Double>, k) in _ = hmc.update(&u, k) }
      #expect(report.holds, "\(report)")
      pulls.append(report.comparisons[0].pull)
    }
    let tail = try SpecialFunctions.chiSquaredTail(
      pulls.reduce(0) { $0 + $1 * $1 }, degreesOfFreedom: pulls.count)
    #expect(tail > 1e-4 && tail < 1 - 1e-4, "\(pulls)")
  }

  @Test("1 % of the rejected moves accepted moves the plaquette", arguments: [88, 89] as [UInt64])
  func restored(_ seed: UInt64) throws {
    let setting = try CheckSetting([2, 2], .su2, seed: seed)
    let action = try WilsonAction(beta: 2, dimension: 2)
    let effort = SamplingEffort(replicas: 512, updates: 500)
    let hmc = Self.hybrid(action, .restored, seed: seed)
    let report = try SamplerCheck.detailedBalance(
      of: "hybrid", on: setting, beta: 2, effort: effort
    ) { (u: inout LinkField<Double>, k) in _ = hmc.update(&u, k) }
    #expect(!report.holds && report.largestPull > 5, "\(report)")
    let metropolis = PlantedMetropolis(action: action, width: 0.5, rule: .restored, seed: seed)
    let second = try SamplerCheck.detailedBalance(
      of: "Metropolis", on: setting, beta: 2, effort: effort
    ) { (u: inout LinkField<Double>, k) in _ = metropolis.update(&u, k) }
    #expect(!second.holds && second.largestPull > 5, "\(second)")
  }

  @Test("decisions of Metropolis with random moves", arguments: AcceptanceRule.allCases)
  func metropolis(_ rule: AcceptanceRule) throws {
    let setting = try CheckSetting([2, 2], .u1, seed: 90)
    let action = try WilsonAction(beta: 1, dimension: 2)
    let metropolis = PlantedMetropolis(action: action, width: 0.8, rule: rule, seed: 90)
    let report = try SamplerCheck.acceptance(
      of: "Metropolis, \(rule)", on: setting, effort: .init(replicas: 512, updates: 500),
      equilibrate: Self.equilibrate(action, seed: 90), update: { metropolis.update(&$0, $1) })
    #expect(report.acceptance > 0.4 && report.acceptance < 0.8, "\(report)")
    if rule == .right {
      #expect(report.holds, "\(report)")
    } else {
      #expect(!report.holds && report.largestPull > 5, "\(report)")
    }
  }

  @Test(
    "two algorithms agree, and a wrong one with none",
    arguments: [
      (AcceptanceRule.right, [2, 2, 2], 1.0, 2), (.right, [2, 2], 2, 1), (.restored, [2, 2], 2, 1),
    ])
  func twoAlgorithms(
    _ rule: AcceptanceRule, _ extents: [Int], _ beta: Double, _ steps: Int
  ) throws {
    let setting = try CheckSetting(extents, .su2, seed: 91)
    let action = try WilsonAction(beta: beta, dimension: extents.count)
    let heatBath = HeatBath(action: action, seed: 92)
    let hmc = Self.hybrid(action, rule, seed: 93, steps: steps)
    let report = try SamplerCheck.detailedBalance(
      of: "hybrid, \(rule)", and: "heat bath", on: setting,
      effort: .init(replicas: 512, updates: rule == .right ? 200 : 500, thermalization: 50),
      update: { (u: inout LinkField<Double>, k) in _ = hmc.update(&u, k) },
      reference: { heatBath.update(&$0, sweep: $1) })
    #expect(report.comparisons.count == 3 && report.reference == "heat bath")
    #expect(rule == .right ? report.holds : !report.holds && report.largestPull > 5, "\(report)")
  }

  @Test("an updater that does nothing is told to be unresolved")
  func nothing() throws {
    let report = try SamplerCheck.detailedBalance(
      of: "nothing", on: CheckSetting([2, 2], .u1, seed: 94), beta: 1,
      effort: .init(replicas: 64, updates: 40)
    ) { (_: inout LinkField<Double>, _) in }
    #expect(report.isUnresolved && !report.holds, "\(report)")
  }
}
