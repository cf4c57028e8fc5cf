import Compute
import Lattice
import Loops
import Sampling
import Statistics
import SymmetryDetection
import Testing

/// Couplings found again in ensembles that were sampled with them.
///
/// Seeds are fixed; with other seeds one of these comparisons at 4 errors would fail in about one of a
/// thousand runs of the suite.
@Suite("Inference of couplings")
struct CouplingInferenceTests {
  /// Independent chains in a batch by the heat bath, so many configurations of each.
  static func sample(
    _ extents: [Int], _ group: GaugeGroup, _ action: WilsonAction, chains: Int,
    configurations: Int, thermalization: Int = 40, between: Int = 2, seed: UInt64,
    boundary: Boundary? = nil, _ body: (LinkField<Double>) throws -> Void
  ) throws {
    var u = try LinkField<Double>(
      try Geometry(extents), group: group, batch: chains, boundary: boundary)
    let bath = HeatBath(action: action, seed: seed)
    let reflection = Overrelaxation(action: action)
    var sweep: UInt32 = 0
    func update() {
      bath.update(&u, sweep: sweep)
      reflection.update(&u)
      sweep += 1
    }
    for _ in 0..<thermalization { update() }
    for _ in 0..<configurations {
      for _ in 0..<between { update() }
      try body(u)
    }
  }

  /// Couplings of `terms` of a Wilson ensemble.
  static func infer(
    _ terms: [CouplingTerm]?, _ extents: [Int], _ group: GaugeGroup, _ action: WilsonAction,
    chains: Int = 8, configurations: Int, seed: UInt64, boundary: Boundary? = nil,
    boundaryWeight: Double = 1
  ) throws -> InferredCouplings {
    var inference = try CouplingInference(
      terms, geometry: try Geometry(extents), group: group, boundary: boundary,
      boundaryWeight: boundaryWeight)
    try sample(
      extents, group, action, chains: chains, configurations: configurations, seed: seed,
      boundary: boundary
    ) { try inference.add($0) }
    return try inference.couplings()
  }

  func expectCovered(
    _ estimate: Estimate?, _ exact: Double, error: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let estimate = try #require(estimate, sourceLocation: sourceLocation)
    #expect(
      abs(estimate.pull(from: exact)) < 4, "\(estimate), planted \(exact)",
      sourceLocation: sourceLocation)
    #expect(
      estimate.error > 0 && estimate.error < error, "\(estimate)", sourceLocation: sourceLocation)
  }

  @Test("an anisotropic action is found again, by default and by planes")
  func anisotropic() throws {
    for (group, beta, xi0, seed) in [
      (GaugeGroup.u1, 0.9, 1.1, 51), (.su2, 2.1, 1.2, 52), (.su3, 5.4, 0.9, 53),
    ] as [(GaugeGroup, Double, Double, UInt64)] {
      let action = try WilsonAction(beta: beta, anisotropy: xi0, dimension: 4)
      let found = try Self.infer(
        nil, [4, 4, 4, 4], group, action, configurations: 12, seed: seed)
      #expect(found.terms == [.spatial, .temporal])
      #expect(found.configurations == 96 && found.bins >= CouplingInference.minimalBins)
      try expectCovered(found.anisotropy, xi0, error: 0.02)
      try expectCovered(found.beta, beta, error: 0.02 * beta)
      try expectCovered(found.coupling(.spatial), beta / xi0, error: 0.03 * beta)
      try expectCovered(found.coupling(.temporal), beta * xi0, error: 0.03 * beta)
    }
  }

  @Test("a further term is what it would be among the others")
  func further() throws {
    let action = try WilsonAction(beta: 1.9, anisotropy: 1.1, dimension: 3)
    var asked = try CouplingInference(
      [.temporal, .spatial, .rectangleTemporal], geometry: Geometry([4, 2, 4]), group: .su2)
    var looked = try CouplingInference(
      [.temporal, .spatial], further: [.plaquette, .rectangleTemporal],
      geometry: Geometry([4, 2, 4]), group: .su2)
    try Self.sample([4, 2, 4], .su2, action, chains: 4, configurations: 20, seed: 63) {
      try asked.add($0)
      try looked.add($0)
    }
    let (all, some) = try (asked.couplings(binLength: 2), looked.couplings(binLength: 2))
    // Plaquettes of all planes cannot be told from those of space and time.
    #expect(some.further[0].coupling == nil)
    let rectangle = try #require(some.further[1].coupling)
    #expect(abs(rectangle.value - all.couplings[2].value) < 1e-10)
    #expect(abs(rectangle.error - all.couplings[2].error) < 1e-10)
    try expectCovered(rectangle, 0, error: 0.2)
    try expectCovered(some.anisotropy, 1.1, error: 0.1)
    #expect(
      CouplingTerm.standardFurther(than: [.plaquette], dimension: 4) == [.rectangle, .theta])
    #expect(
      CouplingTerm.standardFurther(than: [.rectangleSpatial, .plaquette], dimension: 3).isEmpty)
  }

  @Test("every plane has a coupling of its own")
  func planes() throws {
    let couplings = [0.7, 0.8, 0.9, 1.0, 1.1, 0.6]
    let action = try WilsonAction(couplings: couplings, dimension: 4)
    let terms = try CouplingTerm.parse("planes", dimension: 4)
    #expect(terms.count == 6 && terms[4].name(dimension: 4) == "plane-yt")
    let found = try Self.infer(
      terms, [4, 4, 2, 4], .u1, action, configurations: 24, seed: 54)
    for (k, beta) in couplings.enumerated() {
      try expectCovered(found.couplings[k], beta, error: 0.05)
    }
    // Means over planes with and without time.
    try expectCovered(
      found.anisotropy, ((0.9 + 1.1 + 0.6) / (0.7 + 0.8 + 1.0)).squareRoot(), error: 0.05)
  }

  @Test("other groups, dimensions and odd extents")
  func groups() throws {
    for (extents, group, beta, seed) in [
      ([5, 3], GaugeGroup.su(4), 9.0, 55), ([6, 6], .u1, 1.5, 56), ([3, 2, 4], .su3, 4.0, 57),
      ([3, 3, 4], .su2, 1.8, 58), ([2, 2, 2, 2, 3], .u1, 0.5, 59),
    ] as [([Int], GaugeGroup, Double, UInt64)] {
      let action = try WilsonAction(beta: beta, dimension: extents.count)
      let found = try Self.infer(
        [.plaquette], extents, group, action, chains: 16, configurations: 30, seed: seed)
      try expectCovered(found.coupling(.plaquette), beta, error: 0.1 * beta)
      #expect(found.anisotropy == nil && found.beta == found.coupling(.plaquette))
    }
  }

  /// Rectangles that the action does not have are found to be zero, on extents of 2 as well, where they
  /// contain links twice.
  @Test(
    "a Wilson action has no rectangles and no charge", arguments: [[4, 4, 4, 4], [2, 4, 2, 4]])
  func absent(_ extents: [Int]) throws {
    let action = try WilsonAction(beta: 2.2, dimension: 4)
    let found = try Self.infer(
      [.plaquette, .rectangle, .theta], extents, .su2, action, chains: 16, configurations: 24,
      seed: 60)
    try expectCovered(found.coupling(.plaquette), 2.2, error: 0.1)
    try expectCovered(found.coupling(.rectangle), 0, error: 0.02)
    try expectCovered(found.coupling(.theta), 0, error: 3)
    try expectCovered(found.c1, 0, error: 0.02)
  }

  /// A weight of rectangles and a theta term by hybrid Monte Carlo, which samples any action.
  @Test("c1 of an improved action and theta are found again")
  func improved() throws {
    let theta = 3.0
    let improved = try ImprovedAction(beta: 1.6, c1: -1.0 / 12, dimension: 4)
    let action = improved + (try ThetaAction(theta: theta, dimension: 4))
    var u = try LinkField<Double>(try Geometry([4, 4, 4, 4]), group: .su2, batch: 8)
    u.setHaarRandom(seed: 61)
    let chain = HybridMonteCarlo(MolecularDynamics([.init(action, steps: 6)]), seed: 61)
    var inference = try CouplingInference(
      [.plaquette, .rectangle, .theta], geometry: u.geometry, group: .su2)
    var short = try CouplingInference(
      [.plaquette], further: [.rectangle, .theta, .temporal], geometry: u.geometry, group: .su2)
    for trajectory in 0..<70 {
      _ = chain.update(&u, trajectory: UInt32(trajectory))
      if trajectory >= 20 {
        try inference.add(u)
        try short.add(u)
      }
    }
    let found = try inference.couplings()
    try expectCovered(found.beta, 1.6, error: 0.05)
    try expectCovered(found.c1, -1.0 / 12, error: 0.02)
    try expectCovered(found.coupling(.theta), theta, error: 1)

    // Plaquettes alone are an effective action, and what is missing shows.
    let incomplete = try short.couplings()
    let plaquette = try #require(incomplete.coupling(.plaquette))
    #expect(abs(plaquette.pull(from: 1.6 * 5 / 3)) > 5)
    #expect(incomplete.further.map(\.term) == [.rectangle, .theta, .temporal])
    let further = try incomplete.further.map { try #require($0.coupling) }
    #expect(abs(further[0].pull(from: 0)) > 5)
    try expectCovered(further[1], theta, error: 1)
    try expectCovered(further[2], 0, error: 0.2)
  }

  @Test("open boundaries with the weight of their slices; another weight is seen to be wrong")
  func open() throws {
    let boundary = Boundary(isOpen: [false, false, true])
    let action = try WilsonAction(beta: 2, dimension: 3, boundaryWeight: 0.5)
    func infer(weight: Double) throws -> Estimate? {
      try Self.infer(
        [.plaquette], [4, 4, 4], .su2, action, chains: 16, configurations: 40, seed: 62,
        boundary: boundary, boundaryWeight: weight
      ).coupling(.plaquette)
    }
    try expectCovered(try infer(weight: 0.5), 2, error: 0.05)
    let wrong = try #require(try infer(weight: 1))
    #expect(abs(wrong.pull(from: 2)) > 5)
  }
}
