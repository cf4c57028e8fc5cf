import Compute
import Lattice
import Loops
import TestSupport
import Testing

@Suite("Sums of actions")
struct ActionSumTests {
  func names(_ actions: [any Action]) -> [String] { actions.map(\.name) }

  @Test("components keep their names, terms are what integrators take apart")
  func parts() throws {
    let wilson = try WilsonAction(beta: 2, dimension: 4)
    let symanzik = try ImprovedAction.symanzik(beta: 2, dimension: 4)
    let theta = try ThetaAction(theta: 1, dimension: 4)
    let sum = symanzik + theta
    #expect(sum.name == "symanzik+theta")
    #expect(names(sum.components) == ["symanzik", "theta"])
    #expect(names(sum.terms) == ["wilson", "rectangle", "theta"])
    // Sums of sums join their components.
    let more = wilson + sum
    #expect(names(more.components) == ["wilson", "symanzik", "theta"])
    #expect(names((sum + wilson).components) == ["symanzik", "theta", "wilson"])
    #expect(names(more.terms) == ["wilson", "wilson", "rectangle", "theta"])
    let nested = ActionSum([wilson, sum])
    #expect(names(nested.components) == ["wilson", "symanzik+theta"])
    #expect(names(nested.terms) == names(more.terms))
    #expect(ActionSum([]).terms.isEmpty && ActionSum([]).name.isEmpty)
  }

  @Test("values and forces of components add up")
  func sums() throws {
    let u = try LinkField<Double>.hot([2, 3, 2, 4], .su3, batch: 2, seed: 9)
    let parts: [any Action] = [
      try ImprovedAction.iwasaki(beta: 2, dimension: 4), try ThetaAction(theta: 3, dimension: 4),
    ]
    let sum = parts[0] + parts[1]
    let values = parts.map { $0.valuesOfMembers(u) }
    for (member, value) in sum.valuesOfMembers(u).enumerated() {
      let expected = values[0][member] + values[1][member]
      #expect(abs(value - expected) < 1e-12 * abs(expected))
    }
    let (found, forces) = (sum.force(of: u), parts.map { $0.force(of: u) })
    for member in 0..<2 {
      for site in 0..<u.geometry.volume {
        for mu in 0..<4 {
          let expected = forces[0][site, mu, member] + forces[1][site, mu, member]
          #expect((found[site, mu, member] - expected).frobeniusNorm < 1e-12)
        }
      }
    }
  }

  @Test("a refusal names the component, not a term of it")
  func refusals() throws {
    let sum =
      try ImprovedAction.symanzik(beta: 2, dimension: 4)
      + ThetaAction(theta: 1, dimension: 4)
    #expect(throws: ActionError.dimension(action: "symanzik", expected: 4, found: 2)) {
      try sum.validate(Geometry([4, 4]), .su3)
    }
    #expect(throws: ActionError.dimension(action: "theta", expected: 2, found: 4)) {
      try (WilsonAction(beta: 2, dimension: 4) + ThetaAction(theta: 1, dimension: 2))
        .validate(Geometry([2, 2, 2, 2]), .su3)
    }
  }
}
