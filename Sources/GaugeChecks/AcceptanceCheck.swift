import Compute
import Foundation
import Lattice
import Loops
import Sampling
import Statistics

/// A decision of a Metropolis test.
public struct MetropolisDecision: Sendable, Hashable {
  /// H after less H before the move that was proposed.
  public let energyChange: Double
  public let isAccepted: Bool

  public init(energyChange: Double, isAccepted: Bool) {
    (self.energyChange, self.isAccepted) = (energyChange, isAccepted)
  }
}

extension SamplerCheck {
  /// Whether an updater accepts moves with the probabilities min(1, exp(-dH)) of the energy changes
  /// that it tells, does with the links what it tells, and is in equilibrium by two identities.
  ///
  /// The decisions a_i (0 or 1) are independent given their probabilities p_i, so that z = sum w_i (a_i
  /// - p_i) / sqrt(sum w_i^2 p_i (1 - p_i)) is normal whatever the dynamics: with w = 1, with w = 1 /
  /// (1 - p), which sees probabilities times a factor best, and with w = 1 / p, which sees rejected
  /// moves that are accepted best (p between 0.02 and 0.98 in the weights); and as chi^2 of ten bins in
  /// p. A factor of 1.01 gives z = 0.01 sqrt(sum p / (1 - p)): with half of the moves rejected, 6
  /// standard deviations take some 10^5 decisions.
  ///
  /// In equilibrium reversible moves that preserve the measure have <exp(-dH)> = 1 (M. Creutz, Phys.
  /// Rev. D 38 (1988) 1228), and accept as many moves up as down: <sign(dH) min(1, exp(-dH))> = 0,
  /// whose terms are bounded. The first is tested where at least half of the moves are accepted: with
  /// fewer a few rare moves decide, and its error is not known.
  ///
  /// - Parameters:
  ///   - equilibrate: brings unit links into equilibrium, without which the identities do not hold.
  ///   - update: one update of all batch members, which returns the decision of each.
  public static func acceptance<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting, effort: SamplingEffort = .init(),
    falseAlarmRate: Double = 1e-5, equilibrate: (inout LinkField<Scalar>) throws -> Void,
    update: (inout LinkField<Scalar>, _ number: UInt32) throws -> [MetropolisDecision]
  ) throws -> AcceptanceReport {
    var field = try LinkField<Scalar>(
      setting.geometry, group: setting.group, batch: effort.replicas)
    try equilibrate(&field)
    for number in 0..<UInt32(effort.thermalization) { _ = try update(&field, number) }
    var statistics = AcceptanceStatistics()
    var weights = [[Double]](repeating: [], count: effort.replicas)
    var balances = weights
    var before = field.planePlaquettesOfMembers()
    for number in 0..<UInt32(effort.updates) {
      let decisions = try update(&field, UInt32(effort.thermalization) + number)
      precondition(decisions.count == effort.replicas, "one decision for every member")
      let after = field.planePlaquettesOfMembers()
      for (member, decision) in decisions.enumerated() {
        let hasMoved = before[member] != after[member]
        statistics.add(decision, hasMoved: hasMoved)
        let (change, weight) = (decision.energyChange, exp(-decision.energyChange))
        weights[member].append(weight.isFinite ? weight : 0)
        let probability = change.isFinite ? min(1, weight) : 0
        balances[member].append(change < 0 ? -probability : probability)
      }
      before = after
    }
    let weight = try GammaMethod().analyse(Measurements(replicaSeries: weights)).estimate
    let balance = try GammaMethod().analyse(Measurements(replicaSeries: balances)).estimate
    return AcceptanceReport(
      subject: name, setting: "\(setting)", decisions: statistics.count,
      acceptance: Double(statistics.accepted) / Double(statistics.count),
      impossible: statistics.impossible, inconsistent: statistics.inconsistent, weight: weight,
      tests: try statistics.tests(weight: weight, balance: balance), falseAlarmRate: falseAlarmRate,
      seed: setting.seed)
  }

  /// Whether hybrid Monte Carlo accepts with its probabilities, and is in equilibrium.
  ///
  /// Equilibrium is by heat bath where the action has one, else by trajectories: `thermalization` has
  /// to suffice then.
  public static func acceptance<Scalar: LatticeReal>(
    of hmc: HybridMonteCarlo, on setting: CheckSetting, effort: SamplingEffort = .init(),
    falseAlarmRate: Double = 1e-5, precision: Scalar.Type = Double.self
  ) throws -> AcceptanceReport {
    try hmc.dynamics.action.validate(setting.geometry, setting.group)
    return try acceptance(
      of: "hybrid Monte Carlo, \(hmc.dynamics.checkName)", on: setting, effort: effort,
      falseAlarmRate: falseAlarmRate,
      equilibrate: { (field: inout LinkField<Scalar>) in
        guard let heatBath = try? HeatBath(action: hmc.dynamics.action, seed: setting.seed),
          (try? heatBath.validate(setting.geometry, setting.group)) != nil
        else { return }
        for sweep in 0..<100 { heatBath.update(&field, sweep: UInt32(sweep)) }
      },
      update: { field, number in
        hmc.update(&field, trajectory: number).map {
          MetropolisDecision(energyChange: $0.energyChange, isAccepted: $0.isAccepted)
        }
      })
  }
}

/// Sums over decisions.
private struct AcceptanceStatistics {
  var (count, accepted, impossible, inconsistent) = (0, 0, 0, 0)
  private var (plain, factor, rest) = (ScoreSum(), ScoreSum(), ScoreSum())
  private var bins = [ScoreSum](repeating: ScoreSum(), count: 10)

  mutating func add(_ decision: MetropolisDecision, hasMoved: Bool) {
    count += 1
    if decision.isAccepted { accepted += 1 }
    if decision.isAccepted != hasMoved { inconsistent += 1 }
    let change = decision.energyChange
    let p = change.isFinite ? min(1, exp(-change)) : 0
    if p == 0 || p == 1 {
      if decision.isAccepted != (p == 1) { impossible += 1 }
      return
    }
    let difference = (decision.isAccepted ? 1 : 0) - p
    let bounded = min(0.98, max(0.02, p))
    let (larger, restored) = (min(1, 1.01 * p) - p, 0.01 * (1 - p))
    plain.add(difference, p, weight: 1, shift: 0)
    factor.add(difference, p, weight: 1 / (1 - bounded), shift: larger)
    rest.add(difference, p, weight: 1 / bounded, shift: restored)
    bins[min(9, Int(10 * p))].add(difference, p, weight: 1, shift: 0)
  }

  func tests(weight: Estimate, balance: Estimate) throws -> [AcceptanceReport.Test] {
    guard plain.variance > 0 else { return [] }
    func normal(_ name: String, _ z: Double, _ expected: Double?) -> AcceptanceReport.Test {
      .init(
        name: name, pull: z, pValue: SpecialFunctions.normalTwoSidedTail(z),
        pullOfOnePercent: expected)
    }
    var tests = [
      normal("decisions", plain.pull, nil),
      normal("probabilities times a factor", factor.pull, factor.expectedPull),
      normal("rejected moves accepted", rest.pull, rest.expectedPull),
      normal("moves up and down", balance.pull(from: 0), nil),
    ]
    if 2 * accepted >= count { tests.append(normal("<exp(-dH)>", weight.pull(from: 1), nil)) }
    // Bins with enough decisions to be normal.
    let filled = bins.filter { $0.variance > 25 }
    if !filled.isEmpty {
      let chiSquared = filled.reduce(0) { $0 + $1.pull * $1.pull }
      let p = try SpecialFunctions.chiSquaredTail(chiSquared, degreesOfFreedom: filled.count)
      tests.append(
        .init(
          name: "bins", pull: normalQuantile(twoSidedTail: p), pValue: p, pullOfOnePercent: nil))
    }
    return tests
  }
}

/// sum w (a - p) with its variance, and what a mistake would add to it.
private struct ScoreSum {
  var sum = 0.0
  var variance = 0.0
  var shift = 0.0

  mutating func add(_ difference: Double, _ p: Double, weight: Double, shift: Double) {
    sum += weight * difference
    variance += weight * weight * p * (1 - p)
    self.shift += weight * shift
  }

  var pull: Double { sum / variance.squareRoot() }
  var expectedPull: Double { shift / variance.squareRoot() }
}
