import Compute
import Foundation
import Lattice
import Loops
import Sampling
import Statistics

extension IntegratorCheck {
  /// Whether the change of the energy along a trajectory falls with the order of the integrator:
  /// ln rms(dH) = a + p ln h + b h^2 over several step sizes h, with p the order.
  ///
  /// rms(dH) is over independent trajectories from a field near the unit. The error of p is that of a
  /// jackknife over trajectories and, in square, the change of p without the coarsest step. Step sizes
  /// whose rms(dH) is rounding, below 1000 u |H|, are left out.
  ///
  /// - Parameters:
  ///   - order: the declared order.
  ///   - stepCounts: steps of a trajectory, four numbers or more, in ascending order.
  ///   - trajectories: independent trajectories.
  ///   - energies: H of every batch member.
  ///   - integrate: moves links and momenta along a trajectory of a number of steps.
  public static func energyConservation<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting, order: Int,
    stepCounts: [Int] = [12, 16, 24, 32, 48, 64], trajectories: Int = 16,
    energies: (LinkField<Scalar>, AlgebraField<Scalar>) throws -> [Double],
    integrate: (inout LinkField<Scalar>, inout AlgebraField<Scalar>, _ steps: Int) throws -> Void
  ) throws -> EnergyReport {
    precondition(
      stepCounts.count >= 4 && zip(stepCounts, stepCounts.dropFirst()).allSatisfy { $0 < $1 },
      "a fit of the order takes four ascending numbers of steps")
    var field = try LinkField<Scalar>(
      setting.geometry, group: setting.group, batch: trajectories)
    field.setNearUnit(epsilon: 0.3, seed: setting.seed)
    let start = PhaseSpacePoint(field, seed: setting.seed, trajectory: 0)
    let before = try energies(start.links, start.momenta)
    let floor = 1000 * Double(Scalar.ulpOfOne) * max(1, before.map(\.magnitude).max() ?? 0)
    var points = [(steps: Int, changes: [Double])]()
    for steps in stepCounts {
      var point = start
      try integrate(&point.links, &point.momenta, steps)
      let changes = zip(try energies(point.links, point.momenta), before).map { $0 - $1 }
      points.append((steps, changes))
    }
    let used = points.filter { rootMeanSquare($0.changes) > floor }
    return EnergyReport(
      subject: name, setting: "\(setting)", declaredOrder: order,
      order: used.count >= 4 ? try fittedOrder(used) : nil,
      points: points.map { .init(steps: $0.steps, energyChange: rootMeanSquare($0.changes)) },
      trajectories: trajectories, seed: setting.seed, remark: nil, isExempt: false)
  }

  /// Whether molecular dynamics conserves the energy with the order of its integrators, the lowest of
  /// all levels; the steps of the first level are varied.
  ///
  /// Piecewise constant terms have no force and jump: they are left out of the energy, and dynamics of
  /// nothing else are exempt. The report says so.
  public static func energyConservation<Scalar: LatticeReal>(
    of dynamics: MolecularDynamics, on setting: CheckSetting,
    stepCounts: [Int] = [12, 16, 24, 32, 48, 64], trajectories: Int = 16,
    precision: Scalar.Type = Double.self
  ) throws -> EnergyReport {
    try dynamics.action.validate(setting.geometry, setting.group)
    let order = dynamics.levels.map(\.integrator.order).min()!
    let terms = dynamics.levels.flatMap(\.action.terms)
    let smooth = ActionSum(terms.filter { !$0.isPiecewiseConstant })
    let jumping = terms.filter(\.isPiecewiseConstant).map(\.name).joined(separator: ", ")
    guard !smooth.terms.isEmpty else {
      return EnergyReport(
        subject: dynamics.checkName, setting: "\(setting)", declaredOrder: order, order: nil,
        points: [], trajectories: 0, seed: setting.seed,
        remark: "\(jumping) is piecewise constant: its jumps say nothing of the integrator",
        isExempt: true)
    }
    var report = try energyConservation(
      of: dynamics.checkName, on: setting, order: order, stepCounts: stepCounts,
      trajectories: trajectories,
      energies: { (links: LinkField<Scalar>, momenta) in
        zip(smooth.valuesOfMembers(links), dynamics.kineticEnergiesOfMembers(momenta)).map {
          $0 + $1
        }
      },
      integrate: { links, momenta, steps in
        var dynamics = dynamics
        dynamics.levels[0].steps = steps
        dynamics.integrate(&links, &momenta)
      })
    if !jumping.isEmpty {
      report.remark = "\(jumping) is piecewise constant and left out of the energy"
    }
    return report
  }

  private static func rootMeanSquare(_ values: [Double]) -> Double {
    let mean = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    return mean.isNaN ? .infinity : mean.squareRoot()
  }

  private static func fittedOrder(
    _ points: [(steps: Int, changes: [Double])]
  ) throws -> Estimate {
    /// p of ln rms = a + p ln h + b h^2.
    func order(_ points: [(steps: Int, changes: [Double])]) throws -> Double {
      let h = points.map { Double(points[0].steps) / Double($0.steps) }
      let fit = try LinearFit(
        basis: h.map { [1, log($0), $0 * $0] },
        values: points.map { log(rootMeanSquare($0.changes)) },
        errors: Array(repeating: 1, count: points.count))
      return fit.parameters[1].value
    }
    let full = try order(points)
    let replicas = points[0].changes.indices
    let spread = try replicas.reduce(0.0) { sum, left in
      let value = try order(
        points.map {
          ($0.steps, $0.changes.enumerated().filter { $0.offset != left }.map(\.element))
        })
      return sum + (value - full) * (value - full)
    }
    let statistical = spread * Double(replicas.count - 1) / Double(replicas.count)
    let systematic = points.count > 4 ? try order(Array(points.dropFirst())) - full : 0
    return Estimate(value: full, error: (statistical + systematic * systematic).squareRoot())
  }
}

/// How the energy is conserved along trajectories of different step sizes.
public struct EnergyReport: Sendable, Hashable, CustomStringConvertible {
  /// The name of the integrator.
  public let subject: String
  public let setting: String
  public let declaredOrder: Int
  /// The order that was found; nil where dH was rounding, not finite, or exempt.
  public let order: Estimate?
  /// The root mean square of dH for every number of steps.
  public let points: [Point]
  public let trajectories: Int
  public let seed: UInt64
  /// What was left out.
  public internal(set) var remark: String?
  /// Whether there is no order to be seen, as for piecewise constant actions.
  public let isExempt: Bool

  public struct Point: Sendable, Hashable {
    public let steps: Int
    public let energyChange: Double
  }

  /// The largest error of the order for which the check says anything.
  public static let largestError = 0.2

  /// Whether the order is the declared one within four errors, and 0.05, or there is none to be seen.
  public var holds: Bool {
    if isExempt { return true }
    guard let order, order.error <= Self.largestError else { return false }
    return abs(order.value - Double(declaredOrder)) <= max(0.05, 4 * order.error)
  }

  /// One line.
  public var description: String {
    let verdict = isExempt ? "EXEMPT" : holds ? "holds" : order == nil ? "UNRESOLVED" : "broken"
    let changes = points.map { "\($0.energyChange) in \($0.steps)" }.joined(separator: ", ")
    return "\(subject) (\(setting)): energy conservation of order \(declaredOrder) \(verdict)"
      + (order.map { "; order \($0)" } ?? "") + (changes.isEmpty ? "" : "; dH \(changes) steps")
      + (remark.map { "; \($0)" } ?? "") + ", seed \(seed)"
  }
}
