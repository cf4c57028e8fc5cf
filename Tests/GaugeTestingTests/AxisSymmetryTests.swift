import GaugeTesting
import Groups
import Loops
import Sampling
import TestSupport
import Testing

@Suite("Permutations and reflections of the axes")
struct AxisSymmetryTests {
  @Test("sets of symmetries in their dimension")
  func groups() {
    #expect(AxisSymmetryGroup.hypercubic.generators(dimension: 4).count == 7)
    #expect(AxisSymmetryGroup.rotations.generators(dimension: 3).allSatisfy { $0.determinant == 1 })
    #expect(
      AxisSymmetryGroup.spatial.generators(dimension: 4).allSatisfy {
        $0.image(of: 3) == (3, 1)
      })
    let turn = SignedPermutation.rotation(0, 2, dimension: 3)
    #expect(turn.mapping == "x->z, z->-x" && turn.determinant == 1)
    #expect(turn * turn * turn * turn == .identity(3))
    #expect(SignedPermutation.exchange(0, 2, dimension: 3).determinant == -1)
    #expect("\(AxisSymmetryGroup.elements([turn]))" == "x->z, z->-x")
  }

  @Test("labels: Polyakov loops, planes, field strengths and charges")
  func labels() throws {
    var plan = CheckPlan(seed: 2)
    plan.lattices = [[3, 3], [2, 5], [3, 2, 4], [2, 3, 2, 3]]
    expectLatticeCovariant("Polyakov loops", labels: .orientedDirections, plan) {
      (u: LinkField<Double>) in (0..<u.dimension).map { u.polyakovLoop($0)! }
    }
    expectLatticeCovariant("plane plaquettes", labels: .planes, plan) { (u: LinkField<Double>) in
      u.planePlaquettes()
    }
    expectLatticeCovariant(
      .siteField("clover", labels: .fieldStrength) { (u: LinkField<Double>) in
        u.cloverFieldStrength()
      }, plan)
    expectLatticeCovariant(
      .siteField("plaquette field", labels: .orientedPlanes) { (u: LinkField<Double>) in
        u.plaquetteField()
      }, under: .permutations, plan)
    var four = CheckPlan(.su3, [2, 3, 2, 3])
    four.groups = [.su2, .su3]
    expectLatticeCovariant("charge", labels: .pseudoscalar, four) { (u: LinkField<Double>) in
      u.topologicalCharge(.clover)!
    }
    #expect(
      CheckSuite.lattice(
        .observable("charge", labels: .scalar) { (u: LinkField<Double>) in
          u.topologicalCharge(.clover)!
        }, four
      ).isBroken)
    expectLatticeCovariant("charge", labels: .scalar, under: .rotations, four) {
      (u: LinkField<Double>) in u.topologicalCharge(.clover)!
    }
  }
}
