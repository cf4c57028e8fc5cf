import Compute
import Lattice
import Loops

extension ChainParameters {
  /// The action, whatever the algorithm.
  ///
  /// - Throws: `ChainParameterError` for an unknown name, `ActionError` for couplings that make none
  ///   or an action that the lattice or group has not.
  public func makeAction() throws -> any Action {
    if action != "rectangle", let c1 {
      throw ChainParameterError(
        name: "c1", found: "\(c1)", expected: "none but for the action rectangle")
    }
    var result: any Action
    switch action {
    case "wilson": result = try wilsonAction()
    case "symanzik": result = try improvedAction(ImprovedAction.symanzikC1)
    case "iwasaki": result = try improvedAction(ImprovedAction.iwasakiC1)
    case "dbw2": result = try improvedAction(ImprovedAction.dbw2C1)
    case "rectangle":
      guard let c1 else {
        throw ChainParameterError(name: "c1", found: "none", expected: "the weight of rectangles")
      }
      result = try improvedAction(c1)
    default:
      throw ChainParameterError(
        name: "action", found: action, expected: "wilson, symanzik, iwasaki, dbw2 or rectangle")
    }
    if let theta, theta != 0 {
      result = result + (try ThetaAction(theta: theta, dimension: lattice.count))
    }
    if let group = GaugeGroup(name: group) { try result.validate(try Geometry(lattice), group) }
    return result
  }

  private func improvedAction(_ c1: Double) throws -> ImprovedAction {
    if let planeCouplings {
      return try ImprovedAction(couplings: planeCouplings, c1: c1, dimension: lattice.count)
    }
    return try ImprovedAction(beta: beta, anisotropy: xi0, c1: c1, dimension: lattice.count)
  }

  /// The largest coupling of a plane.
  public var largestCoupling: Double {
    planeCouplings?.map(abs).max() ?? abs(beta) * max(xi0, 1 / xi0)
  }

  /// The parameters of hybrid Monte Carlo, by default from the size of the lattice and the coupling.
  public var hybridParameters: HybridParameters {
    if let hybrid { return hybrid }
    let improvement: Double =
      switch action {
      case "symanzik": ImprovedAction.symanzikC1
      case "iwasaki": ImprovedAction.iwasakiC1
      case "dbw2": ImprovedAction.dbw2C1
      default: c1 ?? 0
      }
    // Rectangles of the opposite sign make the stiffest modes stiffer.
    let largest = largestCoupling * (abs(1 - 8 * improvement) + 8 * abs(improvement))
    return HybridParameters(
      steps: HybridParameters.defaultSteps(
        n: GaugeGroup(name: group)?.n ?? 1, lattice: lattice, beta: largest))
  }

  /// The kinetic energy of hybrid Monte Carlo; nil for the plain one.
  ///
  /// - Throws: `FourierError.parameter` where there is none.
  func makeAcceleration(
    _ group: GaugeGroup, _ boundary: Boundary
  ) throws -> FourierAcceleration? {
    guard let mass = hybrid?.accelerationMass else { return nil }
    return try FourierAcceleration(
      mass: mass, Geometry(lattice), group: group, boundary: boundary)
  }

  /// Whether the history has the topological charge: for U(1) in two dimensions.
  var recordsCharge: Bool { GaugeGroup(name: group) == .u1 && lattice.count == 2 }

  /// The volume that the charge is summed over.
  var chargeVolume: Double {
    guard let geometry = try? Geometry(lattice), let boundary = try? fieldBoundary() else {
      return .nan
    }
    return Double(boundary.chargeVolume(in: geometry))
  }

  /// The links that a chain begins with.
  func startField<Scalar: LatticeReal>() throws -> LinkField<Scalar> {
    guard let group = GaugeGroup(name: group) else {
      throw ChainParameterError(name: "group", found: group, expected: "u1, su2, su3, ...")
    }
    var field = try LinkField<Scalar>(
      Geometry(lattice), group: group, boundary: fieldBoundary())
    if start == .hot { field.setHaarRandom(seed: seed) }
    return field
  }
}
