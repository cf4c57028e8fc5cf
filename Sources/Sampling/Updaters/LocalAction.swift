import Lattice
import Loops

/// What local updates can do of an action: Wilson's part, and theta for U(1) in two dimensions.
struct LocalAction: Sendable {
  let wilson: WilsonAction
  let theta: Double

  /// - Throws: `ActionError.unsupported` naming the part of the action and the algorithm.
  init(_ action: any Action, by algorithm: String) throws(ActionError) {
    var sum: WilsonAction?
    var theta = 0.0
    for term in Self.components(of: action) {
      switch term {
      case let term as WilsonAction:
        guard let earlier = sum else {
          sum = term
          continue
        }
        guard earlier.dimension == term.dimension else {
          throw .dimension(action: term.name, expected: earlier.dimension, found: term.dimension)
        }
        guard earlier.boundaryWeight == term.boundaryWeight else {
          throw .unsupported(
            action: action.name, by: algorithm, reason: "its parts have different boundary weights")
        }
        sum = try WilsonAction(
          couplings: zip(earlier.couplings, term.couplings).map { $0 + $1 },
          dimension: term.dimension, boundaryWeight: term.boundaryWeight)
      case let term as ThetaAction:
        guard term.theta == 0 || term.dimension == 2 else {
          throw .unsupported(
            action: term.name, by: algorithm,
            reason: "only the charge of two dimensions is local; use HMC")
        }
        theta += term.theta
      default:
        throw .unsupported(
          action: term.name, by: algorithm,
          reason: "a link has to appear in plaquettes only; use HMC")
      }
    }
    guard let wilson = sum else {
      throw .unsupported(
        action: action.name, by: algorithm, reason: "it has no Wilson action; add one of beta 0")
    }
    guard theta == 0 || wilson.dimension == 2 else {
      throw .dimension(action: "theta", expected: wilson.dimension, found: 2)
    }
    self.wilson = wilson
    self.theta = theta
  }

  /// What was added, sums of sums included, under the names it was added by.
  private static func components(of action: any Action) -> [any Action] {
    (action as? ActionSum)?.components.flatMap(components) ?? [action]
  }

  /// - Throws: `ActionError` for another dimension, or a theta term with another group than U(1).
  static func validate(
    _ wilson: WilsonAction, theta: Double, _ geometry: Geometry, _ group: GaugeGroup
  ) throws(ActionError) {
    try wilson.validate(geometry, group)
    if theta != 0 {
      try ThetaAction(theta: theta, dimension: geometry.dimension).validate(geometry, group)
    }
  }
}
