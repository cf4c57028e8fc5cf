import Compute
import Lattice
import TestSupport
import Testing

@Suite("Gauge transformations")
struct GaugeTransformationTests {
  @Test("the law of links and sites", arguments: everyGroup, mixedExtents)
  func law(_ group: GaugeGroup, _ extents: [Int]) throws {
    func check<S: LatticeReal>(_ type: S.Type) throws {
      let u = try LinkField<S>.hot(extents, group, batch: 2, seed: 3)
      var g = SiteField<S>(layout: u.layout, group: group)
      g.setHaarRandom(seed: 4)
      let v = u.transformed(by: g)
      let w = u.links(1)
      let moved = w.transformed(by: g)
      for member in 0..<2 {
        #expect(
          v.largestDifference(member: member) { site, mu in
            g[site, 0, member] * u[site, mu, member]
              * g[u.geometry.neighbour(of: site, direction: mu), 0, member].adjoint
          } < tolerance(type))
        #expect(
          moved.largestDifference(member: member) { site, _ in
            g[site, 0, member] * w[site, 0, member] * g[site, 0, member].adjoint
          } < tolerance(type))
        #expect(abs(v.plaquette(member: member) - u.plaquette(member: member)) < tolerance(type))
      }
    }
    try check(Double.self)
    try check(Float.self)
  }
}
