import Compute
import Foundation
import GaugeChecks
import Lattice
import Loops
import Sampling

/// Rules of acceptance, right and wrong by 1 %.
enum AcceptanceRule: String, CaseIterable {
  /// min(1, exp(-dH))
  case right
  /// min(1, 1.01 exp(-dH))
  case larger
  /// min(1, 0.99 exp(-dH))
  case smaller
  /// One in a hundred rejected moves is accepted.
  case restored

  func probability(_ change: Double) -> Double {
    switch self {
    case .right: min(1, exp(-change))
    case .larger: min(1, 1.01 * exp(-change))
    case .smaller: min(1, 0.99 * exp(-change))
    case .restored: min(1, exp(-change)) + 0.01 * (1 - min(1, exp(-change)))
    }
  }
}

/// Hybrid Monte Carlo out of its parts with a rule of acceptance.
struct PlantedHybrid: Sendable {
  let parts: HybridMonteCarlo
  let rule: AcceptanceRule
  private let decisions: RandomStream

  init(_ dynamics: MolecularDynamics, rule: AcceptanceRule, seed: UInt64) {
    (parts, self.rule) = (HybridMonteCarlo(dynamics, seed: seed), rule)
    decisions = RandomStream(seed: seed, purpose: .checks)
  }

  func update<S: LatticeReal>(_ field: inout LinkField<S>, _ number: UInt32) -> [MetropolisDecision]
  {
    var momenta = parts.drawMomenta(field, trajectory: number)
    let before = parts.dynamics.energies(field, momenta)
    let start = field
    parts.dynamics.integrate(&field, &momenta)
    let after = parts.dynamics.energies(field, momenta)
    let outcomes = zip(before, after).enumerated().map { member, energies in
      let change = energies.1 - energies.0
      return MetropolisDecision(
        energyChange: change,
        isAccepted: decisions.uniforms(UInt32(member), 0, number).0 < rule.probability(change))
    }
    field.copyMembers(from: start) { !outcomes[$0].isAccepted }
    return outcomes
  }
}

/// Metropolis et al. with moves exp(width X) U of all links at once.
struct PlantedMetropolis: Sendable {
  let action: WilsonAction
  let width: Double
  let rule: AcceptanceRule
  let seed: UInt64

  func update<S: LatticeReal>(_ field: inout LinkField<S>, _ number: UInt32) -> [MetropolisDecision]
  {
    var move = AlgebraField<S>(layout: field.layout, group: field.group)
    move.setMomenta(seed: seed, trajectory: number)
    let (start, before) = (field, action.valuesOfMembers(field))
    field.multiplyByExponential(of: move, times: S(width))
    let after = action.valuesOfMembers(field)
    let decisions = RandomStream(seed: seed, purpose: .checks)
    let outcomes = zip(before, after).enumerated().map { member, values in
      let change = values.1 - values.0
      return MetropolisDecision(
        energyChange: change,
        isAccepted: decisions.uniforms(UInt32(member), 0, number).0 < rule.probability(change))
    }
    field.copyMembers(from: start) { !outcomes[$0].isAccepted }
    return outcomes
  }
}
