import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

/// The block kernels against plain matrices for every group, extents and precision.
@Suite("Loop kernels against plain matrices")
struct KernelTests {
  static let cases = everyGroup.flatMap { group in
    mixedExtents.filter { group.n <= 3 || $0.reduce(1, *) <= 64 }.map { (group, $0) }
  }

  func check<S: LatticeReal>(
    _ type: S.Type, _ group: GaugeGroup, _ extents: [Int], batch: Int = 1, member: Int = 0
  ) throws {
    let u = try LinkField<S>.hot(extents, group, batch: batch, seed: 7)
    let plain = ReferenceLattice(u, member: member)
    let eps = tolerance(type) * Double(group.n)
    let planes = u.geometry.planes
    let d = u.dimension

    #expect(
      u.plaquetteField().largestDifference(member: member) {
        plain.plaquette($0, planes[$1].mu, planes[$1].nu)
      } < eps)
    for (plane, (mu, nu)) in planes.enumerated() {
      #expect(
        abs(u.planePlaquettes(member: member)[plane] - plain.planePlaquette(mu, nu)) < eps)
    }
    #expect(
      u.stapleField().largestDifference(member: member) { plain.staple($0, $1) }
        < 4 * Double(d) * eps)
    #expect(
      u.cloverFieldStrength().largestDifference(member: member) {
        plain.clover($0, planes[$1].mu, planes[$1].nu)
      } < 4 * eps)

    let clover = u.cloverObservables(member: member)
    #expect(abs(clover.energySpatial - plain.cloverEnergy { $1 < d - 1 }) < 10 * eps)
    #expect(abs(clover.energyTemporal - plain.cloverEnergy { $1 == d - 1 }) < 10 * eps)
    #expect((clover.charge != nil) == (d == 4))
    if d == 4 {
      let volume = u.geometry.volume
      let density = u.topologicalChargeDensity(.clover, member: member)!
      let withTrace = u.topologicalChargeDensity(.cloverWithTrace, member: member)!
      let expected = (0..<volume).map { plain.chargeDensity($0, plain.clover) }
      let expectedWithTrace = (0..<volume).map { plain.chargeDensity($0, plain.cloverWithTrace) }
      for site in 0..<volume {
        #expect(abs(density[site] - expected[site]) < eps)
        #expect(abs(withTrace[site] - expectedWithTrace[site]) < eps)
      }
      #expect(abs(clover.charge! - expected.reduce(0, +)) < 100 * eps)
      #expect(
        abs(clover.chargeWithoutTraceRemoval! - expectedWithTrace.reduce(0, +)) < 100 * eps)
    }
  }

  @Test("double precision", arguments: cases)
  func double(_ group: GaugeGroup, _ extents: [Int]) throws {
    try check(Double.self, group, extents)
  }

  @Test("single precision", arguments: cases.filter { group, _ in group.n <= 4 })
  func single(_ group: GaugeGroup, _ extents: [Int]) throws {
    try check(Float.self, group, extents)
  }

  @Test("batches", arguments: [2, 3, 8, 11], [[4, 4], [3, 5, 4], [2, 3, 2, 4]])
  func batches(_ batch: Int, _ extents: [Int]) throws {
    for member in [0, batch / 2, batch - 1] {
      try check(Double.self, .su2, extents, batch: batch, member: member)
      try check(Float.self, .su3, extents, batch: batch, member: member)
    }
  }
}
