import GaugeTesting
import Loops
import Sampling
import TestSupport
import Testing

@Suite("Permutations and reflections of the axes")
struct AxisSymmetryTests {
  static let elements: [AxisSymmetry] = [
    .exchange(0, 2, dimension: 3), .reflection(1, dimension: 3), .rotation(0, 1, dimension: 3),
    AxisSymmetry([.init(2, isReversed: true), .init(0), .init(1, isReversed: true)]),
  ]

  @Test("plaquettes of every plane move with their plane", arguments: elements)
  func planes(_ s: AxisSymmetry) throws {
    let u = try LinkField<Double>.hot([2, 3, 4], .su3)
    let turned = s.applied(to: u)
    #expect(turned.geometry == s.image(of: u.geometry))
    for (k, (mu, nu)) in u.geometry.planes.enumerated() {
      let (a, b) = (s.images[mu].axis, s.images[nu].axis)
      let image = Geometry.planeIndex(a, b, dimension: 3)
      #expect(abs(turned.planePlaquettes()[image] - u.planePlaquettes()[k]) < 1e-14)
    }
  }

  @Test("sites go where coordinates do, links to the link between images", arguments: elements)
  func places(_ s: AxisSymmetry) throws {
    let u = try LinkField<Double>.hot([2, 3, 4], .su2)
    let turned = s.applied(to: u)
    for site in 0..<24 {
      for mu in 0..<3 {
        func image(_ site: Int) -> [Int] {
          let x = u.geometry.coordinates(of: site)
          var y = x
          for nu in 0..<3 {
            y[s.images[nu].axis] = s.images[nu].isReversed ? -x[nu] : x[nu]
          }
          return y
        }
        let (start, end) = (image(site), image(u.geometry.neighbour(of: site, direction: mu)))
        let link = turned.geometry
        // The link of the turned field from end to start is the adjoint of that from start to end.
        let found =
          s.images[mu].isReversed
          ? turned[link.site(at: end), s.images[mu].axis].adjoint
          : turned[link.site(at: start), s.images[mu].axis]
        #expect((found - u[site, mu]).frobeniusNorm == 0)
      }
    }
  }

  @Test("four quarter turns and two reflections are nothing; determinants")
  func order() throws {
    let u = try LinkField<Double>.hot([2, 3, 4], .su2)
    let turn = AxisSymmetry.rotation(0, 2, dimension: 3)
    let turned = (0..<4).reduce(u) { field, _ in turn.applied(to: field) }
    #expect(PlainLinks(turned) == PlainLinks(u))
    let mirror = AxisSymmetry.reflection(1, dimension: 3)
    #expect(PlainLinks(mirror.applied(to: mirror.applied(to: u))) == PlainLinks(u))
    #expect(PlainLinks(mirror.applied(to: u)) != PlainLinks(u))
    #expect(Self.elements.map(\.determinant) == [-1, -1, 1, 1])
    #expect("\(turn)" == "(x, y, t) to (t, y, -x)")
    #expect(AxisSymmetryGroup.hypercubic.generators(dimension: 4).count == 7)
    #expect(AxisSymmetryGroup.rotations.generators(dimension: 3).allSatisfy { $0.determinant == 1 })
    #expect(
      AxisSymmetryGroup.spatial.generators(dimension: 4).allSatisfy {
        $0.images[3] == .init(3)
      })
  }

  @Test("momenta turn so that drifts commute with symmetries", arguments: elements)
  func drift(_ s: AxisSymmetry) throws {
    let u = try LinkField<Double>.hot([2, 3, 4], .su3)
    var p = AlgebraField<Double>(layout: u.layout, group: .su3)
    p.setMomenta(seed: 1, trajectory: 0)
    var moved = u
    moved.multiplyByExponential(of: p, times: 0.3)
    var turned = s.applied(to: u)
    turned.multiplyByExponential(of: s.applied(to: p, over: u), times: 0.3)
    #expect(turned.largestLinkDistance(to: s.applied(to: moved)) < 1e-14)
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
