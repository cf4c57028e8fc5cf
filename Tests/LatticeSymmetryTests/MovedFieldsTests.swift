import ComplexModule
import Compute
import Groups
import Lattice
import LatticeSymmetry
import Loops
import TestSupport
import Testing

/// Elements of B_d with and without charge conjugation and translations, some of each kind.
func someOperations(_ d: Int, count: Int, seed: UInt64) throws -> [LatticeOperation] {
  var random = SplitMix64(seed: seed)
  return try (0..<count).map { _ in
    var images = Array(0..<d)
    for k in images.indices.dropFirst() { images.swapAt(k, Int(random.next() % UInt64(k + 1))) }
    let signs = (0..<d).map { _ in random.next() % 2 == 0 ? 1 : -1 }
    return LatticeOperation(
      try SignedPermutation(images: images, signs: signs),
      translation: (0..<d).map { _ in Int(random.next() % 23) - 11 },
      conjugatesCharge: random.next() % 2 == 0)
  }
}

struct MovedCase: CustomTestStringConvertible, Sendable {
  let extents: [Int]
  let group: GaugeGroup
  let batch: Int
  var testDescription: String { "\(extents) \(group) batch \(batch)" }

  static let all = [
    MovedCase(extents: [4, 4], group: .u1, batch: 1),
    MovedCase(extents: [5, 3], group: .su2, batch: 3),
    MovedCase(extents: [6, 2], group: .su3, batch: 1),
    MovedCase(extents: [2, 2], group: .su2, batch: 37),
    MovedCase(extents: [7, 2], group: .su3, batch: 2),
    MovedCase(extents: [4, 2, 3], group: .su(4), batch: 5),
    MovedCase(extents: [8, 8, 8], group: .u1, batch: 2),
    MovedCase(extents: [4, 4, 4, 4], group: .su3, batch: 1),
    MovedCase(extents: [16, 4, 2, 2], group: .su2, batch: 1),
    MovedCase(extents: [6, 3, 4, 10], group: .su3, batch: 1),
    MovedCase(extents: [2, 3, 2, 2, 4], group: .su2, batch: 1),
  ]
}

@Suite("Moved fields")
struct MovedFieldsTests {
  private func links<S: LatticeReal>(_ c: MovedCase, _: S.Type) throws -> LinkField<S> {
    var u = try LinkField<S>(try Geometry(c.extents), group: c.group, batch: c.batch)
    u.setHaarRandom(seed: 11)
    return u
  }

  private func movedOneByOne<S: LatticeReal>(
    _ u: LinkField<S>, _ g: LatticeOperation
  ) throws -> LinkField<S> {
    var result = try LinkField<S>(
      g.image(of: u.geometry), group: u.group, batch: u.batch,
      boundary: g.image(of: u.boundary))
    for site in 0..<u.geometry.volume {
      for mu in 0..<u.dimension where u.boundary.hasLink(mu, at: site, in: u.geometry) {
        let place = g.image(ofLink: mu, at: site, of: u.geometry)
        for member in 0..<u.batch {
          var m = u[site, mu, member]
          if place.isReversed { m = m.adjoint }
          if g.conjugatesCharge { m = m.conjugate }
          result[place.site, place.direction, member] = m
        }
      }
    }
    return result
  }

  private func checkLinks<S: LatticeReal>(_ c: MovedCase, _ type: S.Type) throws {
    let u = try links(c, type)
    for g in try someOperations(c.extents.count, count: 12, seed: 1) {
      let moved = try u.image(under: g)
      #expect(moved.geometry == g.image(of: u.geometry))
      #expect(moved.largestDifference(try movedOneByOne(u, g)) == 0, "\(g)")
    }
  }

  @Test("links are moved as one by one, to the bit", arguments: MovedCase.all)
  func linksOneByOne(_ c: MovedCase) throws {
    try checkLinks(c, Double.self)
    try checkLinks(c, Float.self)
  }

  @Test("a product moves as its factors one after the other, to the bit", arguments: MovedCase.all)
  func homomorphism(_ c: MovedCase) throws {
    let u = try links(c, Double.self)
    let d = c.extents.count
    for (g, h) in zip(
      try someOperations(d, count: 10, seed: 2), try someOperations(d, count: 10, seed: 3))
    {
      #expect(
        try u.image(under: g * h).largestDifference(u.image(under: h).image(under: g)) == 0)
      #expect(try u.image(under: g).image(under: g.inverse).largestDifference(u) == 0)
    }
  }

  @Test("every element of the hypercubic group in four dimensions is exact")
  func allOfB4() throws {
    var u = try LinkField<Float>(try Geometry([4, 4, 4, 4]), group: .u1)
    u.setHaarRandom(seed: 4)
    let group = try FiniteGroup(named: "B4")
    for (index, operation) in group.operations!.enumerated() {
      let g = LatticeOperation(operation)
      let moved = try u.image(under: g)
      #expect(moved.largestDifference(try movedOneByOne(u, g)) == 0)
      let s = group.generators[index % group.generators.count]
      let product = LatticeOperation(group.operations![group.product(s, index)])
      #expect(
        try u.image(under: product).largestDifference(
          moved.image(under: LatticeOperation(group.operations![s]))) == 0)
    }
  }

  @Test("the unit links stay, idle lanes and members included, in the group")
  func unitarity() throws {
    var u = try LinkField<Double>(try Geometry([3, 5]), group: .su3, batch: 3)
    u.setHaarRandom(seed: 3)
    for g in try someOperations(2, count: 8, seed: 9) {
      let moved = try u.image(under: g)
      #expect(moved.unitarityViolation() < 1e-13)
      #expect(try moved.plaquettesOfMembersAgree(with: u))
    }
  }

  @Test("open boundaries: reversed directions go to themselves")
  func openBoundaries() throws {
    var u = try LinkField<Double>(
      try Geometry([4, 4, 6]), group: .su2, boundary: Boundary(isOpen: [false, false, true]))
    u.setHaarRandom(seed: 5)
    let points = try LatticePointGroup(u.geometry, boundary: u.boundary, chargeConjugation: true)
    #expect(points.order == 32)
    for g in 0..<points.order {
      let operation = points.operation(g)
      let moved = try u.image(under: operation)
      #expect(moved.boundary == u.boundary)
      #expect(moved.largestDifference(try movedOneByOne(u, operation)) == 0)
      #expect(abs(moved.plaquette() - u.plaquette()) < 1e-14)
    }
    let turned = LatticeOperation(try SignedPermutation("x->z, z->x", dimension: 3))
    #expect(try u.image(under: turned).boundary.isOpen == [true, false, false])
    let reflection = LatticeOperation(.reflection(of: 2, dimension: 3))
    #expect(throws: LatticeSymmetryError.self) { try u.image(under: reflection) }
    #expect(throws: LatticeSymmetryError.self) {
      try u.image(under: .translation([0, 0, 1]))
    }
  }

  @Test("an operation of another dimension is refused by name")
  func otherDimension() throws {
    let u = try LinkField<Double>(try Geometry([4, 4]), group: .su2)
    #expect(
      throws: LatticeSymmetryError.dimension(expected: 2, found: 3, element: "identity")
    ) { try u.image(under: .identity(3)) }
  }
}

extension LinkField {
  fileprivate func plaquettesOfMembersAgree(with other: LinkField) throws -> Bool {
    (0..<batch).allSatisfy { abs(plaquette(member: $0) - other.plaquette(member: $0)) < 1e-13 }
  }
}
