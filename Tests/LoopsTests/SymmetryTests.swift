import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

/// Gauge and translation covariance of every observable, exactness of every sum.
@Suite("Covariance and exactness of loops", .serialized)
struct SymmetryTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [4, 6]), (.su2, [3, 4, 2]), (.su3, [2, 3, 2, 4]), (.su3, [4, 4, 4, 4]),
    (.su4, [2, 2, 3, 2]), (.su(5), [3, 2]),
  ]

  /// Every gauge-invariant number of the module.
  func invariants<S>(_ u: LinkField<S>, member: Int = 0) throws -> [Double] {
    let d = u.dimension
    let path = try LatticePath("+x +x +t -x -t -x", dimension: d)
    var numbers = u.planePlaquettes(member: member)
    let clover = u.cloverObservables(member: member)
    numbers += [clover.energySpatial, clover.energyTemporal]
    numbers += [clover.charge, clover.chargeWithoutTraceRemoval].compactMap { $0 }
    if let q = u.topologicalCharge(.plaquette, member: member) { numbers.append(q) }
    if let q = u.topologicalCharge(member: member) { numbers.append(q) }
    numbers += u.wilsonLoopTable(maximumR: 2, maximumT: 3, member: member).flatMap {
      $0.compactMap { $0 }
    }
    let loops =
      [u.loopTrace(path, member: member), u.wilsonLoop(0, d - 1, 3, 2, member: member)]
      + u.planeWilsonLoops(2, 1, member: member)
      + (0..<d).map({ u.polyakovLoop($0, member: member) })
    for z in loops.compactMap({ $0 }) { numbers += [z.real, z.imaginary] }
    return numbers
  }

  @Test("gauge invariance", arguments: cases)
  func gauge(_ group: GaugeGroup, _ extents: [Int]) throws {
    let u = try LinkField<Double>.hot(extents, group, batch: 3, seed: 2)
    var g = SiteField<Double>(layout: u.layout, group: group)
    g.setHaarRandom(seed: 8)
    let v = u.transformed(by: g)
    for member in 0..<3 {
      for (a, b) in zip(
        try invariants(u, member: member), try invariants(v, member: member))
      {
        #expect(abs(a - b) < 1e-10)
      }
    }
    let path = try LatticePath("+x +t +t -x", dimension: extents.count)
    #expect(
      v.cloverFieldStrength().largestDifference(u.cloverFieldStrength().transformed(by: g))
        < 1e-10)
    #expect(
      v.plaquetteField().largestDifference(u.plaquetteField().transformed(by: g)) < 1e-10)
    let (p, moved) = (u.pathProduct(path), v.pathProduct(path))
    let ahead = g.shifted(by: path.displacement)
    for member in 0..<3 {
      #expect(
        moved.largestDifference(member: member) { site, _ in
          g[site, 0, member] * p[site, 0, member] * ahead[site, 0, member].adjoint
        } < 1e-10)
      // The staple transports back: S_mu(x) -> g(x + mu) S_mu(x) g(x)^dagger.
      let (s, t) = (u.stapleField(), v.stapleField())
      #expect(
        t.largestDifference(member: member) { site, mu in
          g[u.geometry.neighbour(of: site, direction: mu), 0, member] * s[site, mu, member]
            * g[site, 0, member].adjoint
        } < 1e-10)
    }
    // A link alone is not invariant: the check can fail.
    #expect(abs(u.linkTrace() - v.linkTrace()) > 1e-3)
  }

  @Test("translation invariance", arguments: cases)
  func translation(_ group: GaugeGroup, _ extents: [Int]) throws {
    let u = try LinkField<Double>.hot(extents, group, seed: 2)
    let displacement = extents.indices.map { [1, -2, 3, 5, -1][$0] }
    let v = u.shifted(by: displacement)
    for (a, b) in zip(try invariants(u), try invariants(v)) { #expect(abs(a - b) < 1e-12) }
    #expect(
      v.cloverFieldStrength().largestDifference(
        u.cloverFieldStrength().shifted(by: displacement)) < 1e-13)
  }

  @Test("the same bits for any number of threads, and for a member alone", arguments: cases)
  func exactness(_ group: GaugeGroup, _ extents: [Int]) throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    let u = try LinkField<Double>.hot(extents, group, batch: 5, seed: 4)
    let w = try LinkField<Float>.hot(extents, group, batch: 3, seed: 4)
    var results = [[[Double]]]()
    for count in [1, 2, 3] {
      Threads.count = count
      results.append(
        try (0..<5).map { try invariants(u, member: $0) }
          + (0..<3).map { try invariants(w, member: $0) })
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
    for member in 0..<5 {
      #expect(try invariants(u.alone(member)) == results[0][member])
    }
    for member in 0..<3 {
      #expect(try invariants(w.alone(member)) == results[0][5 + member])
    }
  }
}
