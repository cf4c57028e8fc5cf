/// A symmetric integrator of Hamilton's equations: one step as kicks F (of the momenta) and drifts U
/// (of the links), in units of the step size.
public enum Integrator: Sendable, Hashable {
  /// Second order: F 1/2, U 1, F 1/2.
  case leapfrog
  /// Second order with a free parameter: F lambda, U 1/2, F (1 - 2 lambda), U 1/2, F lambda; two forces
  /// a step (Omelyan, Mryglod and Folk, Comput. Phys. Commun. 151 (2003) 272; lambda 0.19 after de
  /// Forcrand and Takaishi, hep-lat/0512016).
  case omelyan(lambda: Double)
  /// Fourth order with five forces a step (the same reference, "velocity" variant).
  case omf4

  /// The second-order integrator with lambda = 0.19.
  public static var omelyan: Integrator { .omelyan(lambda: 0.19) }

  /// Kicks and drifts in turn, a kick first and last.
  public var kicks: [Double] {
    switch self {
    case .leapfrog: return [0.5, 0.5]
    case .omelyan(let lambda): return [lambda, 1 - 2 * lambda, lambda]
    case .omf4:
      let (r0, r2) = (0.08398315262876693, 0.6822365335719091)
      return [r0, r2, 0.5 - r0 - r2, 0.5 - r0 - r2, r2, r0]
    }
  }

  /// One fewer than the kicks, between them.
  public var drifts: [Double] {
    switch self {
    case .leapfrog: return [1]
    case .omelyan: return [0.5, 0.5]
    case .omf4:
      let (r1, r3) = (0.2539785108410595, -0.03230286765269967)
      return [r1, r3, 1 - 2 * r1 - 2 * r3, r3, r1]
    }
  }

  /// The energy is conserved up to this power of the step size.
  public var order: Int {
    switch self {
    case .leapfrog, .omelyan: 2
    case .omf4: 4
    }
  }

  /// Forces for every step, the last kick of a step being one with the first of the next.
  public var forcesPerStep: Int { kicks.count - 1 }

  /// `leapfrog`, `omelyan`, `omf4`.
  public var name: String {
    switch self {
    case .leapfrog: "leapfrog"
    case .omelyan: "omelyan"
    case .omf4: "omf4"
    }
  }

  /// From its name.
  public init?(name: String) {
    switch name {
    case "leapfrog": self = .leapfrog
    case "omelyan": self = .omelyan
    case "omf4": self = .omf4
    default: return nil
    }
  }
}
