import ComplexModule
import Compute
import Lattice
import RealModule
import TestSupport
import Testing

@Suite("Link and site fields")
struct LinkFieldTests {
  /// A matrix that tells its place.
  func label(_ n: Int, _ site: Int, _ mu: Int, _ member: Int) -> ComplexMatrix {
    ComplexMatrix(n: n) { i, j in
      Complex(Double(site * 16 + mu * 4 + member), Double(i * n + j) + 0.5)
    }
  }

  @Test(
    "what is written is read, everywhere else nothing changes", arguments: everyGroup, mixedExtents)
  func subscripts(_ group: GaugeGroup, _ extents: [Int]) throws {
    func check<S: LatticeReal>(_ type: S.Type) throws {
      let geometry = try Geometry(extents)
      var u = try LinkField<S>(geometry, group: group, batch: 3)
      var w = try SiteField<S>(geometry, group: group, channels: 2, batch: 3)
      let cold = u
      for member in 0..<3 {
        for site in 0..<geometry.volume {
          for mu in 0..<u.dimension { u[site, mu, member] = label(group.n, site, mu, member) }
          for c in 0..<2 { w[site, c, member] = label(group.n, site, c, member) }
        }
      }
      for member in 0..<3 {
        #expect(
          u.largestDifference(member: member) { label(group.n, $0, $1, member) } == 0)
        #expect(
          w.largestDifference(member: member) { label(group.n, $0, $1, member) } == 0)
        // Copies are values.
        #expect(cold.largestDifference(member: member) { _, _ in .identity(group.n) } == 0)
      }
    }
    try check(Double.self)
    try check(Float.self)
  }

  @Test("import and export in serial order", arguments: mixedExtents)
  func serial(_ extents: [Int]) throws {
    let geometry = try Geometry(extents)
    var u = try LinkField<Double>(geometry, group: .su3, batch: 2)
    let perSite = u.numbersPerSite
    #expect(perSite == extents.count * 18)
    var numbers = [Double]()
    for site in 0..<geometry.volume {
      for mu in 0..<u.dimension {
        for z in label(3, site, mu, 1).elements { numbers += [z.real, z.imaginary] }
      }
    }
    numbers.withUnsafeBufferPointer { all in
      // In two pieces, as a reader would.
      let half = geometry.volume / 2
      u.importSites(0..<half, member: 1, from: all)
      u.importSites(
        half..<geometry.volume, member: 1,
        from: UnsafeBufferPointer(rebasing: all[(half * perSite)...]))
    }
    #expect(u.largestDifference(member: 1) { label(3, $0, $1, 1) } == 0)
    #expect(u.largestDifference(member: 0) { _, _ in .identity(3) } == 0)
    var back = [Double](repeating: .nan, count: numbers.count)
    back.withUnsafeMutableBufferPointer {
      u.exportSites(0..<geometry.volume, member: 1, to: $0)
    }
    #expect(back == numbers)
  }

  @Test("shifts, conjugation and transport", arguments: mixedExtents)
  func shifts(_ extents: [Int]) throws {
    func check<S: LatticeReal>(_ type: S.Type) throws {
      let u = try LinkField<S>.hot(extents, .su3, batch: 2, seed: 3)
      let geometry = u.geometry
      let displacement = extents.indices.map { [2, -1, 3, -4, 1][$0] }
      func target(_ site: Int) -> Int {
        geometry.site(at: zip(geometry.coordinates(of: site), displacement).map(+))
      }
      let moved = u.shifted(by: displacement)
      let line = u.links(0)
      let shifted = line.shifted(by: displacement)
      let conjugated = u.chargeConjugated()
      let product = line.multiplied(by: u.links(1), displacement: displacement)
      let transported = line.transported(by: u.links(1), displacement: displacement)
      let eps = tolerance(type)
      for member in 0..<2 {
        #expect(moved.largestDifference(member: member) { u[target($0), $1, member] } == 0)
        #expect(
          shifted.largestDifference(member: member) { site, _ in u[target(site), 0, member] }
            == 0)
        #expect(
          conjugated.largestDifference(member: member) { u[$0, $1, member].conjugate } == 0)
        #expect(
          product.largestDifference(member: member) { site, _ in
            u[site, 0, member] * u[target(site), 1, member]
          } < eps)
        #expect(
          transported.largestDifference(member: member) { site, _ in
            u[site, 1, member] * u[target(site), 0, member] * u[site, 1, member].adjoint
          } < eps)
      }
      let back = moved.shifted(by: displacement.map { -$0 })
      #expect(back.largestDifference { u[$0, $1] } == 0)
    }
    try check(Double.self)
    try check(Float.self)
  }

  @Test("traces of site fields and links", arguments: everyGroup)
  func traces(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([4, 3, 2], group, batch: 3, seed: 3)
    for member in 0..<3 {
      var mean = 0.0
      for mu in 0..<3 {
        let field = u.links(mu)
        let expected = (0..<24).map {
          Complex(1 / Double(group.n)) * u[$0, mu, member].trace
        }
        #expect(zip(field.traces(member: member), expected).allSatisfy { ($0 - $1).length < 1e-14 })
        let sum = expected.reduce(.zero, +) / 24
        #expect((field.meanTraces(member: member)[0] - sum).length < 1e-13)
        mean += sum.real / 3
      }
      #expect(abs(u.linkTrace(member: member) - mean) < 1e-13)
    }
  }
}
