import Compute
import Lattice
import Loops
import Sampling

/// Updaters are statistics: each of these checks fails for a right one once in 10^5 choices of the
/// seed, those in law once in 10^4.
extension CheckCatalogue {
  static func updaters<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    [
      overrelaxation(S.self), heatBath(S.self), heatBathBalance(S.self),
      CheckSubject("updaters/hybrid") { setting in
        try flat(setting) { setting in
          let name = "updaters/hybrid"
          let beta = coupling(setting.group)
          let action = try WilsonAction(beta: beta, dimension: 2)
          // Coarse steps, so that half of the moves are refused: nothing else tests decisions.
          let hmc = HybridMonteCarlo(
            MolecularDynamics([.init(action, integrator: .leapfrog, steps: 1)]), seed: setting.seed)
          let acceptance = try SamplerCheck.acceptance(
            of: hmc, on: setting, effort: .init(replicas: 512, updates: 500), precision: S.self)
          let fine = HybridMonteCarlo(
            MolecularDynamics([.init(action, integrator: .omelyan, steps: 2)]), seed: setting.seed)
          let balance = try SamplerCheck.detailedBalance(
            of: name, on: setting, beta: beta, effort: .init(replicas: 256, updates: 200)
          ) { (u: inout LinkField<S>, k) in _ = fine.update(&u, trajectory: k) }
          return [
            CheckResult(acceptance, subject: name), CheckResult(balance, subject: name),
          ]
        }
      },
      theta(S.self),
    ]
  }

  private static func overrelaxation<S: LatticeReal>(_: S.Type) -> CheckSubject {
    let name = "updaters/overrelaxation"
    return CheckSubject(name) { setting in
      let action = try WilsonAction(
        beta: 2, anisotropy: 1.7, dimension: setting.geometry.dimension)
      func update(_ u: LinkField<S>) -> LinkField<S> {
        var v = u
        Overrelaxation(action: action).update(&v)
        return v
      }
      // In three or more colours it goes through SU(2) subgroups of a fixed basis.
      let declared = DeclaredSymmetries(
        gauge: setting.group.n <= 2 ? .all : .diagonal, translation: .even,
        chargeConjugation: .conjugate)
      // Rounding grows along a sweep where staples nearly cancel: in single precision by too much.
      var rough = setting
      rough.tolerance = .relative(1e-7)
      let reports =
        S.self == Double.self
        ? try DeclaredSymmetries.verify(declared: declared, map: name, on: rough, update) : []
      let inputs: [LinkField<S>] = try setting.inputs()
      let outputs = inputs.map(update)
      let tolerance = setting.tolerance.value(ulp: Double(S.ulpOfOne))
      var change = 0.0
      var least = Double.infinity
      for (before, after) in zip(inputs, outputs) {
        let (a, b) = (action.value(of: before), action.value(of: after))
        change = max(change, abs(b - a) / max(1, abs(a)))
        least = min(least, before.largestLinkDistance(to: after))
      }
      return reports.map { CheckResult($0, subject: name) } + [
        GroupMembership.result(of: outputs, subject: name, setting),
        CheckResult(
          subject: name, check: "action conserved", setting: "\(setting)",
          deviation: change.isNaN ? .infinity : change, tolerance: tolerance,
          verdict: !(least > 1000 * tolerance)
            ? .vacuous : change <= tolerance ? .holds : .violated,
          detail: "links move by \(least) at least"),
      ]
    }
  }

  private static func heatBath<S: LatticeReal>(_: S.Type) -> CheckSubject {
    let name = "updaters/heat-bath"
    return CheckSubject(name) { setting in
      let action = try WilsonAction(beta: 4, dimension: setting.geometry.dimension)
      // For three or more colours subgroups refer to a basis; after six sweeps that is forgotten.
      let sweeps = setting.group.n <= 2 ? 1 : 6
      let law = try GaugeCheck.covarianceInLaw(
        of: name, on: setting,
        update: { (u: inout LinkField<S>, seed) in
          let heatBath = HeatBath(action: action, seed: seed)
          for sweep in 0..<sweeps { heatBath.update(&u, sweep: UInt32(sweep)) }
        }, observable: { $0.plaquette() })
      var input: LinkField<S> = try setting.inputs()[0]
      HeatBath(action: action, seed: setting.seed).update(&input, sweep: 0)
      return [
        CheckResult(law, subject: name),
        GroupMembership.result(of: [input], subject: name, setting),
      ]
    }
  }

  /// Against exact plaquettes in two dimensions; with unequal couplings and in more dimensions against
  /// hybrid Monte Carlo, with which it shares neither random numbers nor staples.
  private static func heatBathBalance<S: LatticeReal>(_: S.Type) -> CheckSubject {
    let name = "updaters/heat-bath-balance"
    return CheckSubject(name) { setting in
      if setting.geometry.dimension == 2 {
        // Small couplings are drawn in another way.
        return try [coupling(setting.group), 0.25 * Double(setting.group.n)].flatMap { beta in
          try flat(setting) { setting in
            let action = try WilsonAction(beta: beta, dimension: 2)
            let (heatBath, overrelaxation) = (
              HeatBath(action: action, seed: setting.seed), Overrelaxation(action: action)
            )
            let balance = try SamplerCheck.detailedBalance(
              of: "\(name) at beta \(beta)", on: setting, beta: beta,
              effort: .init(replicas: 256, updates: 200)
            ) { (u: inout LinkField<S>, k) in
              heatBath.update(&u, sweep: 1000 + k)
              overrelaxation.update(&u)
            }
            return [CheckResult(balance, subject: balance.subject)]
          }
        }
      }
      let small = CheckSetting(try Geometry([2, 2, 2]), setting.group, seed: setting.seed)
      let action = try WilsonAction(
        beta: coupling(setting.group), anisotropy: 1.5, dimension: 3)
      let heatBath = HeatBath(action: action, seed: setting.seed)
      let hmc = HybridMonteCarlo(
        MolecularDynamics([.init(action, integrator: .omelyan, steps: 4)]), seed: setting.seed)
      let balance = try SamplerCheck.detailedBalance(
        of: name, and: "hybrid Monte Carlo", on: small,
        effort: .init(replicas: 128, updates: 100, thermalization: 30),
        update: { (u: inout LinkField<S>, k) in heatBath.update(&u, sweep: k) },
        reference: { _ = hmc.update(&$0, trajectory: $1) })
      return [CheckResult(balance, subject: name)]
    }
  }

  /// U(1) in two dimensions with a theta term: local updates against hybrid Monte Carlo.
  private static func theta<S: LatticeReal>(_: S.Type) -> CheckSubject {
    let name = "updaters/theta"
    return CheckSubject(name) { setting in
      guard setting.group == .u1, setting.geometry.dimension == 2 else { return [] }
      return try flat(setting) { setting in
        let action =
          try WilsonAction(beta: 1.5, dimension: 2) + ThetaAction(theta: 2, dimension: 2)
        let heatBath = try HeatBath(action: action, seed: setting.seed)
        let overrelaxation = try Overrelaxation(action: action, seed: setting.seed)
        let hmc = HybridMonteCarlo(
          MolecularDynamics([.init(action, integrator: .omelyan, steps: 2)]), seed: setting.seed)
        let balance = try SamplerCheck.detailedBalance(
          of: name, and: "hybrid Monte Carlo", on: setting,
          effort: .init(replicas: 256, updates: 300, thermalization: 50),
          update: { (u: inout LinkField<S>, k) in
            heatBath.update(&u, sweep: k)
            overrelaxation.update(&u, sweep: k, pass: 0)
          },
          reference: { _ = hmc.update(&$0, trajectory: $1) })
        return [CheckResult(balance, subject: name)]
      }
    }
  }

  /// Two dimensions and eight sites, where moves of all links at once are accepted now and then.
  private static func flat(
    _ setting: CheckSetting, _ body: (CheckSetting) throws -> [CheckResult]
  ) throws -> [CheckResult] {
    guard setting.geometry.dimension == 2 else { return [] }
    return try body(CheckSetting(try Geometry([2, 2]), setting.group, seed: setting.seed))
  }

  /// A coupling at which the plaquette is neither 0 nor 1.
  private static func coupling(_ group: GaugeGroup) -> Double {
    group == .u1 ? 1 : Double(group.n * group.n) / 2
  }
}
