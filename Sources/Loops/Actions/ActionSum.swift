import Compute
import Lattice

/// The sum of actions.
public struct ActionSum: Action {
  public let terms: [any Action]

  public init(_ terms: [any Action]) { self.terms = terms }

  public var name: String { terms.map(\.name).joined(separator: "+") }

  public var isPiecewiseConstant: Bool { terms.allSatisfy(\.isPiecewiseConstant) }

  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    for term in terms { try term.validate(geometry, group) }
  }

  public func valuesOfMembers<Scalar>(_ field: LinkField<Scalar>) -> [Double] {
    terms.reduce(into: [Double](repeating: 0, count: field.batch)) { sum, term in
      for (member, value) in term.valuesOfMembers(field).enumerated() { sum[member] += value }
    }
  }

  public func addForce<Scalar>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    for term in terms { term.addForce(of: field, times: factor, to: &momenta) }
  }
}

/// The sum of two actions.
public func + (a: any Action, b: any Action) -> ActionSum {
  ActionSum(a.terms + b.terms)
}
