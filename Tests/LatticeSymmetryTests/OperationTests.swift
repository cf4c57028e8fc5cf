import Groups
import Lattice
import LatticeSymmetry
import Loops
import TestSupport
import Testing

@Suite("Operations on places")
struct OperationTests {
  @Test("sites, links, paths and planes carry the group", arguments: [2, 3, 4, 5])
  func places(_ d: Int) throws {
    let geometry = try Geometry([4, 3, 2, 5, 2].prefix(d).map { $0 })
    let path = try LatticePath("+x +x -x", dimension: d)
    for (g, h) in zip(
      try someOperations(d, count: 20, seed: 1), try someOperations(d, count: 20, seed: 2))
    {
      let middle = h.image(of: geometry)
      #expect((g * h).image(of: geometry) == g.image(of: middle))
      #expect((g * h).image(of: path) == g.image(of: h.image(of: path)))
      #expect(g * g.inverse == .identity(d))
      for site in 0..<geometry.volume {
        let once = h.image(ofSite: site, of: geometry)
        #expect((g * h).image(ofSite: site, of: geometry) == g.image(ofSite: once, of: middle))
        for mu in 0..<d {
          let first = h.image(ofLink: mu, at: site, of: geometry)
          let second = g.image(ofLink: first.direction, at: first.site, of: middle)
          let both = (g * h).image(ofLink: mu, at: site, of: geometry)
          #expect(both.site == second.site && both.direction == second.direction)
          #expect(both.isReversed == (first.isReversed != second.isReversed))
        }
      }
      for (mu, nu) in geometry.planes {
        let first = h.image(ofPlane: mu, nu)
        let plane = geometry.planes[first.plane]
        let second = g.image(ofPlane: plane.mu, plane.nu)
        let both = (g * h).image(ofPlane: mu, nu)
        #expect(both.plane == second.plane && both.sign == first.sign * second.sign)
      }
    }
  }

  @Test("labels carry the group, and agree with its representations")
  func labels() throws {
    let group = try FiniteGroup(named: "B4")
    let representations: [(FieldLabels, Representation)] = [
      (.vector, try .vector(group)), (.directions, try .axes(group)),
      (.planes, try .planes(group)), (.fieldStrength, try .fieldStrength(group)),
      (.pseudoscalar, try .pseudoscalar(group)), (.scalar, .trivial(group)),
    ]
    for (labels, representation) in representations {
      #expect(labels.count(dimension: 4) == representation.dimension)
      for (index, operation) in group.operations!.enumerated() {
        for k in 0..<representation.dimension {
          var unit = [Double](repeating: 0, count: representation.dimension)
          unit[k] = 1
          #expect(
            try labels.image(of: unit, under: operation.axes)
              == representation.matrix(index) * unit)
        }
      }
    }
    var random = SplitMix64(seed: 4)
    for labels in FieldLabels.allCases {
      let count = labels.count(dimension: 4) * (labels.isComplex ? 2 : 1)
      let numbers = (0..<(2 * count)).map { _ in random.uniform() }
      for index in 0..<40 {
        let (a, b) = (group.operations![index * 9].axes, group.operations![383 - index * 7].axes)
        #expect(
          try labels.image(of: labels.image(of: numbers, under: b), under: a)
            == labels.image(of: numbers, under: a * b))
      }
    }
    #expect(throws: LatticeSymmetryError.self) {
      try FieldLabels.vector.image(of: [1, 2, 3], under: .identity(4))
    }
    #expect(throws: LatticeSymmetryError.self) {
      try FieldLabels.planes.image(of: [1], under: .identity(1))
    }
  }

  @Test(
    "the geometry leaves a group and says which",
    arguments: [
      ([8, 8, 8, 4], 96, "Oh x T"), ([8, 8, 4, 4], 64, "B2 x B2"), ([6, 6, 6, 6], 384, "B4"),
      ([4, 6, 8, 10], 16, nil), ([5, 5, 5], 48, "Oh"), ([5, 5, 3], 16, "D4h"), ([7, 7], 8, "B2"),
    ] as [([Int], Int, String?)])
  func geometryGroup(_ extents: [Int], _ order: Int, _ name: String?) throws {
    let points = try LatticePointGroup(try Geometry(extents))
    #expect(points.order == order)
    if let name, !points.isWhole { #expect(points.summary.contains("leaves \(name) of order")) }
    for g in 0..<points.order {
      #expect(points.operation(g).image(of: points.geometry) == points.geometry)
    }
    try points.check(carries: points.group)
    if !points.isWhole {
      #expect(throws: LatticeSymmetryError.self) { try points.check(carries: points.full) }
    }
  }

  @Test("a group that the lattice cannot carry is refused with an element and the extents")
  func refusedGroup() throws {
    let points = try LatticePointGroup(try Geometry([8, 8, 8, 4]))
    do {
      try points.check(carries: FiniteGroup(named: "B4"))
      Issue.record("accepted")
    } catch let error as LatticeSymmetryError {
      #expect(error.description.contains("8x8x8x4"))
    }
    #expect(throws: LatticeSymmetryError.noGeometry(group: "B3", dimension: 4)) {
      try points.check(carries: FiniteGroup(named: "B3"))
    }
  }

  @Test("operations say what they are")
  func text() throws {
    #expect(LatticeOperation.identity(3).description == "identity")
    #expect(LatticeOperation.translation([0, 2]).description == "shifted by (0, 2)")
    #expect(LatticeOperation.chargeConjugation(2).description == "charge conjugation")
    let g = LatticeOperation(.reflection(of: 0, dimension: 2), translation: [1, 0])
    #expect(g.description == "mirror x, shifted by (1, 0)")
    let far = LatticeOperation(.reflection(of: 0, dimension: 2), translation: [-7, 4])
    #expect(far.reduced(on: try Geometry([3, 4])).translation == [2, 0])
  }
}
