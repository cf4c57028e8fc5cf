import Lattice
import Loops
import TestSupport
import Testing

@Suite("Improved actions")
struct ImprovedActionTests {
  @Test(
    "names and weights",
    arguments: [
      (-1.0 / 12, "symanzik"), (-0.331, "iwasaki"), (-1.4088, "dbw2"),
      (-0.2, "plaquette+rectangle"),
    ])
  func names(_ c1: Double, _ name: String) throws {
    let action = try ImprovedAction(beta: 2, c1: c1, dimension: 4)
    #expect(action.name == name)
    #expect(abs(action.c0 + 8 * action.c1 - 1) < 1e-15)
    #expect(action.terms.map(\.name) == ["wilson", "rectangle"])
    #expect(action.plaquettes.couplings == Array(repeating: action.c0 * 2, count: 6))
    #expect(action.rectangles.couplings == Array(repeating: c1 * 2, count: 6))
  }

  @Test("the three that have names")
  func named() throws {
    #expect(try ImprovedAction.symanzik(beta: 4, dimension: 3).c1 == -1.0 / 12)
    #expect(try ImprovedAction.iwasaki(beta: 4, dimension: 3).c1 == -0.331)
    #expect(try ImprovedAction.dbw2(beta: 4, dimension: 3).c1 == -1.4088)
  }

  @Test(
    "value and force", arguments: [GaugeGroup.u1, .su2, .su3, .su4],
    [[6, 4], [3, 2, 4], [2, 3, 2, 4]])
  func valueAndForce(_ group: GaugeGroup, _ extents: [Int]) throws {
    let d = extents.count
    let u = try LinkField<Double>.hot(extents, group, seed: 31)
    for action in [
      try ImprovedAction.iwasaki(beta: 2.6, dimension: d),
      try ImprovedAction(beta: 2.6, anisotropy: 1.5, c1: -0.1, dimension: d),
      try ImprovedAction(
        couplings: u.geometry.planes.map { 1 + Double($0.nu) }, c1: 0.2, dimension: d),
    ] {
      var expected = 0.0
      for (plane, (mu, nu)) in u.geometry.planes.enumerated() {
        let beta = action.plaquettes.couplings[plane] / action.c0
        let loops = try [(1, 1), (2, 1), (1, 2)].map { r, t in
          1 - u.loopTrace(try LatticePath.rectangle(mu, nu, r, t, dimension: d))!.real
        }
        let density = action.c0 * loops[0] + action.c1 * (loops[1] + loops[2])
        expected += beta * Double(u.geometry.volume) * density
      }
      #expect(abs(action.value(of: u) - expected) < 1e-12 * abs(expected))
      #expect(forceError(action, u) < 1e-8)
      #expect(covarianceError(action, u) < 1e-12)
      let sum = ActionSum(action.terms)
      #expect(relativeDifference(action.force(of: u), sum.force(of: u)) == 0)
    }
  }

  @Test("parameters that make no action")
  func errors() throws {
    #expect(throws: ActionError.coupling(name: "c1", found: .infinity)) {
      try ImprovedAction(beta: 1, c1: .infinity, dimension: 4)
    }
    #expect(throws: ActionError.coupling(name: "xi0", found: -1)) {
      try ImprovedAction(beta: 1, anisotropy: -1, c1: 0, dimension: 4)
    }
    #expect(throws: ActionError.dimension(action: "dbw2", expected: 4, found: 3)) {
      try ImprovedAction.dbw2(beta: 1, dimension: 4).validate(try Geometry([2, 2, 2]), .su3)
    }
  }
}
