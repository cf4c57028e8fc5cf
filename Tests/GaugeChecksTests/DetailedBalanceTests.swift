import Compute
import Foundation
import GaugeChecks
import Lattice
import Loops
import Sampling
import Testing

@Suite("Detailed balance", .serialized)
struct DetailedBalanceTests {
  @Test("explore")
  func explore() throws {
    for (group, extents, beta, steps, length) in [
      (GaugeGroup.u1, [2, 2], 1.0, 1, 1.0), (.u1, [2, 2], 2.0, 1, 1.0), (.u1, [2, 2], 2.0, 2, 2.0),
      (.u1, [4, 4], 1.0, 2, 1.0),
      (.su2, [2, 2], 2.0, 1, 1.0), (.su2, [2, 2], 2.0, 2, 2.0),
    ] {
      let setting = try CheckSetting(extents, group, seed: 91)
      let action = try WilsonAction(beta: beta, dimension: 2)
      for rule in AcceptanceRule.allCases {
        let clock = ContinuousClock()
        var t = clock.now
        let hmc = PlantedHybrid(
          MolecularDynamics([.init(action, integrator: .leapfrog, steps: steps)], length: length),
          rule: rule, seed: 92)
        let effort = SamplingEffort(replicas: 512, updates: 500)
        let r = try SamplerCheck.detailedBalance(
          of: "planted hmc \(rule) \(steps) \(length)", on: setting, beta: beta, effort: effort
        ) { (u: inout LinkField<Double>, k) in _ = hmc.update(&u, k) }
        let t1 = clock.now
        print(r, t.duration(to: t1))
        t = t1
        let a = try SamplerCheck.acceptance(
          of: "planted hmc", on: setting, effort: effort,
          equilibrate: { (u: inout LinkField<Double>) in
            for k in 0..<100 { HeatBath(action: action, seed: 3).update(&u, sweep: UInt32(k)) }
          }, update: { hmc.update(&$0, $1) })
        print(a, t.duration(to: clock.now))
        let m = PlantedMetropolis(action: action, width: 0.5, rule: rule, seed: 4)
        t = clock.now
        let b = try SamplerCheck.detailedBalance(
          of: "planted metropolis \(rule)", on: setting, beta: beta, effort: effort
        ) { (u: inout LinkField<Double>, k) in _ = m.update(&u, k) }
        print(b, t.duration(to: clock.now))
      }
    }
  }
}
