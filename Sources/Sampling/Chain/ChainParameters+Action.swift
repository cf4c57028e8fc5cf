import Compute
import Lattice
import Loops

extension ChainParameters {
  /// The action, whatever the algorithm.
  ///
  /// - Throws: `ChainParameterError` for an unknown name, `ActionError` for couplings that make none
  ///   or an action that the lattice or group has not.
  public func makeAction() throws -> any Action {
    let result: any Action
    switch action {
    case "wilson": result = try wilsonAction()
    default:
      throw ChainParameterError(name: "action", found: action, expected: "wilson")
    }
    guard let group = GaugeGroup(name: group) else { return result }
    try result.validate(try Geometry(lattice), group)
    return result
  }

  /// The parameters of hybrid Monte Carlo, by default from the size of the lattice and the coupling.
  public var hybridParameters: HybridParameters {
    if let hybrid { return hybrid }
    let largest = planeCouplings?.map(abs).max() ?? abs(beta) * max(xi0, 1 / xi0)
    return HybridParameters(
      steps: HybridParameters.defaultSteps(
        n: GaugeGroup(name: group)?.n ?? 1, lattice: lattice, beta: largest))
  }

  /// Whether the history has the topological charge: for U(1) in two dimensions.
  var recordsCharge: Bool { GaugeGroup(name: group) == .u1 && lattice.count == 2 }

  /// The links that a chain begins with.
  func startField<Scalar: LatticeReal>() throws -> LinkField<Scalar> {
    guard let group = GaugeGroup(name: group) else {
      throw ChainParameterError(name: "group", found: group, expected: "u1, su2, su3, ...")
    }
    var field = try LinkField<Scalar>(Geometry(lattice), group: group)
    if start == .hot { field.setHaarRandom(seed: seed) }
    return field
  }
}
