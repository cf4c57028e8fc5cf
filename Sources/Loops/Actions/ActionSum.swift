import Compute
import Lattice

/// The sum of actions.
public struct ActionSum: Action {
  /// The actions that were added.
  public let components: [any Action]

  public init(_ components: [any Action]) { self.components = components }

  /// The terms of all components.
  public var terms: [any Action] { components.flatMap(\.terms) }

  public var name: String { components.map(\.name).joined(separator: "+") }

  public var isPiecewiseConstant: Bool { components.allSatisfy(\.isPiecewiseConstant) }

  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    for component in components { try component.validate(geometry, group) }
  }

  public func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    components.reduce(into: [Double](repeating: 0, count: field.batch)) { sum, component in
      for (member, value) in component.valuesOfMembers(field).enumerated() { sum[member] += value }
    }
  }

  public func addForce<Scalar>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    for component in components { component.addForce(of: field, times: factor, to: &momenta) }
  }
}

/// The sum of two actions, or of the components of sums.
public func + (a: any Action, b: any Action) -> ActionSum {
  func components(_ action: any Action) -> [any Action] {
    (action as? ActionSum)?.components ?? [action]
  }
  return ActionSum(components(a) + components(b))
}
