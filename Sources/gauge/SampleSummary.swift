import Foundation
import Lattice
import Sampling

extension MeanWithError {
  /// Value and error, or the value alone.
  var text: String { error.map { estimateText(value, $0) } ?? "\(value)" }

  /// The keys `name` and `nameError`.
  static func json(_ name: String, _ mean: MeanWithError?) -> [(String, JSONValue)] {
    [(name, .number(mean?.value)), (name + "Error", .number(mean?.error))]
  }
}

extension ChainRun.Summary {
  func json(_ p: ChainParameters) -> JSONValue {
    let t = trajectories
    let integers: [(String, JSONValue)] = [
      ("steps", t.map { .int($0.steps) } ?? .null),
      ("stepSize", .number(t?.stepSize)),
      ("reversibilityViolation", .number(t?.reversibilityViolation)),
      ("accelerationMass", .number(p.hybrid?.accelerationMass)),
    ]
    return .object(
      [
        ("group", .string(GaugeGroup(name: p.group)!.description)),
        ("lattice", .ints(p.lattice)),
        ("action", .string(p.action)),
        ("c1", .number(p.c1)),
        ("beta", .number(p.planeCouplings == nil ? p.beta : nil)),
        ("xi0", .number(p.planeCouplings == nil ? p.xi0 : nil)),
        ("planeCouplings", p.planeCouplings.map { .numbers($0) } ?? .null),
        ("theta", .number(p.theta)),
        ("boundary", .strings(p.boundary)),
        ("boundaryWeight", p.hasOpenDirection ? .number(p.boundaryWeight) : .null),
        ("algorithm", .string(p.algorithm.rawValue)),
        ("updates", .int(p.sweeps)),
        ("plaquette", .number(plaquette)),
        ("plaquetteError", .number(plaquetteError)),
        ("integratedAutocorrelationTime", .number(integratedAutocorrelationTime)),
        ("integratedAutocorrelationTimeError", .number(integratedAutocorrelationTimeError)),
      ] + MeanWithError.json("acceptance", t?.acceptance)
        + MeanWithError.json("exponentialOfEnergyChange", t?.exponentialOfEnergyChange)
        + MeanWithError.json("energyChange", t?.energyChange) + integers
        + MeanWithError.json("chargeDensity", charge?.density)
        + MeanWithError.json("susceptibility", charge?.susceptibility) + [
          ("files", .strings(files)),
          ("resumedFrom", resumedFrom.map { .int($0) } ?? .null),
        ])
  }

  func text(_ p: ChainParameters, folder: String) -> String {
    let action =
      "\(p.action) action, "
      + (p.planeCouplings.map { "couplings \($0.map { "\($0)" }.joined(separator: ","))" }
        ?? "beta \(p.beta)" + (p.xi0 == 1 ? "" : ", xi0 \(p.xi0)"))
      + (p.c1.map { ", c1 \($0)" } ?? "")
      + (p.theta.map { ", theta \($0)" } ?? "")
    var lines = [
      "\(GaugeGroup(name: p.group)!), \(p.lattice.map(String.init).joined(separator: "x")), "
        + "\(action), \(p.sweeps) updates after \(p.thermalization)"
    ]
    if p.hasOpenDirection {
      lines.append(
        "boundary        \(p.boundary.joined(separator: ",")), plaquettes in boundary slices have "
          + "weight \(p.boundaryWeight)")
    }
    func add(_ name: String, _ value: String) {
      lines.append(name + String(repeating: " ", count: max(1, 16 - name.count)) + value)
    }
    if let plaquette {
      add(
        "plaquette", plaquetteError.map { estimateText(plaquette, $0) } ?? "\(plaquette)")
    }
    if let tau = integratedAutocorrelationTime {
      add("tau_int", estimateText(tau, integratedAutocorrelationTimeError ?? 0) + " updates")
    }
    if let t = trajectories {
      add("acceptance", t.acceptance.text)
      add("<exp(-dH)>", t.exponentialOfEnergyChange.text)
      add("steps", "\(t.steps), step size \(t.stepSize)")
      if let mass = p.hybrid?.accelerationMass { add("acceleration", "by Fourier, mass \(mass)") }
      if let violation = t.reversibilityViolation {
        add("reversibility", String(format: "%.1e", violation))
      }
    }
    if let charge {
      add("<Q>/V", charge.density.text)
      add("<Q^2>/V", charge.susceptibility.text)
    }
    lines.append("\(files.count) configurations, history.csv and chain.json in \(folder)")
    return lines.joined(separator: "\n")
  }

  /// What the user should know; nil if there is nothing.
  func warning(_ p: ChainParameters) -> String? {
    guard let t = trajectories, t.acceptance.value < 0.3 else { return nil }
    // A long way from what is stable, doubling would be advice for many runs.
    let usual = t.stepSize > 1 ? Int(min(100_000, (p.hybridParameters.length * 5).rounded(.up))) : 0
    return "acceptance \(fixed(t.acceptance.value, 2)): try --steps \(max(2 * t.steps, usual)) or "
      + "--tune 0.8, in a new folder"
  }
}
