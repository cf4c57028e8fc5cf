import Lattice
import Loops
import TestSupport
import Testing

@Suite("The theta term", .serialized)
struct ThetaActionTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [2, 3, 2, 4]), (.u1, [3, 3, 3, 3]), (.su2, [2, 2, 2, 2]), (.su2, [4, 2, 3, 2]),
    (.su3, [2, 3, 2, 4]), (.su3, [4, 4, 4, 4]), (.su4, [2, 2, 3, 2]), (.su(5), [2, 2, 2, 2]),
  ]

  @Test("four dimensions: the clover charge and its derivative", arguments: cases)
  func fourDimensions(_ group: GaugeGroup, _ extents: [Int]) throws {
    let action = try ThetaAction(theta: 7.5, dimension: 4)
    let u = try LinkField<Double>.hot(extents, group, batch: 3, seed: 41)
    try action.validate(u.geometry, group)
    #expect(!action.isPiecewiseConstant)
    for member in [0, 2] {
      #expect(
        action.value(of: u, member: member) == 7.5 * u.topologicalChargeClover(member: member)!)
      #expect(forceError(action, u, member: member) < 1e-8)
    }
    let force = action.force(of: u)
    #expect(relativeDifference(action.force(of: try singlePrecision(u)), force, batch: 3) < 1e-5)
    #expect(covarianceError(action, u) < 1e-11)
  }

  @Test("the same bits for any number of threads")
  func threads() throws {
    for (extents, batch) in [([8, 4, 4, 4], 1), ([2, 3, 2, 4], 11)] {
      let u = try LinkField<Double>.hot(extents, .su2, batch: batch, seed: 42)
      #expect(isIndependentOfThreads(try ThetaAction(theta: 2, dimension: 4), u))
    }
  }

  @Test(
    "U(1) in two dimensions: the geometric charge, without a force", arguments: [[8, 8], [3, 5]])
  func twoDimensions(_ extents: [Int]) throws {
    let action = try ThetaAction(theta: 2, dimension: 2)
    let u = try LinkField<Double>.hot(extents, .u1, batch: 3, seed: 43)
    try action.validate(u.geometry, .u1)
    #expect(action.isPiecewiseConstant)
    #expect(action.valuesOfMembers(u) == u.topologicalChargesOfMembers()!.map { 2 * $0 })
    let force = action.force(of: u)
    #expect((0..<3).allSatisfy { slope(force, force, member: $0) == 0 })
    let sum = try WilsonAction(beta: 1, dimension: 2) + action
    #expect(sum.name == "wilson+theta")
    #expect(!sum.isPiecewiseConstant)
  }

  @Test(
    "open boundaries: sites in a boundary slice do not count",
    arguments: [[true, false, false, true], [false, true, false, false]])
  func open(_ isOpen: [Bool]) throws {
    let u = try openField([4, 3, 2, 4], .su2, isOpen: isOpen, batch: 2)
    let plain = ReferenceLattice(u, member: 1)
    let action = try ThetaAction(theta: 3, dimension: 4)
    var charge = 0.0
    for site in 0..<u.geometry.volume {
      let x = u.geometry.coordinates(of: site)
      let isInside = (0..<4).allSatisfy {
        !isOpen[$0] || (x[$0] > 0 && x[$0] < u.geometry.extents[$0] - 1)
      }
      if isInside { charge += plain.chargeDensity(site, plain.clover) }
    }
    #expect(abs(action.value(of: u, member: 1) - 3 * charge) < 1e-12)
    #expect(forceError(action, u, member: 1) < 1e-8)
  }

  @Test(
    "open boundaries in two dimensions: a force on the boundary",
    arguments: [[true, false], [false, true], [true, true]])
  func openTwoDimensions(_ isOpen: [Bool]) throws {
    let u = try openField([6, 5], .u1, isOpen: isOpen, batch: 2)
    let action = try ThetaAction(theta: 3, dimension: 2)
    #expect(forceError(action, u, member: 1, singleLinks: 8) < 1e-8)
  }

  @Test("where there is no charge, the theta term is refused by name")
  func refusals() throws {
    for (group, extents) in [
      (GaugeGroup.su2, [4, 4]), (.su3, [4, 4, 4]), (.u1, [4, 4, 4]), (.su2, [2, 2, 2, 2, 2]),
    ] {
      let action = try ThetaAction(theta: 1, dimension: extents.count)
      let error = #expect(throws: ActionError.self) {
        try action.validate(try Geometry(extents), group)
      }
      guard case .unsupported("theta", let by, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(by == "\(group) in \(extents.count) dimensions")
    }
    #expect(throws: ActionError.dimension(action: "theta", expected: 4, found: 2)) {
      try ThetaAction(theta: 1, dimension: 4).validate(try Geometry([4, 4]), .u1)
    }
    #expect(throws: ActionError.self) { try ThetaAction(theta: .nan, dimension: 4) }
  }
}
