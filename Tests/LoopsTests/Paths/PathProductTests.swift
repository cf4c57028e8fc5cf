import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

@Suite("Products of links along paths")
struct PathProductTests {
  static let paths = [
    "", "+x", "-x", "+x +y -x -y", "-t +x -t -x +t +t", "+x +x +x +t +x -t -y",
    "-y -y -y +x +x +y -x -t +t",
  ]

  static let cases = everyGroup.flatMap { group in
    mixedExtents.filter { group.n <= 3 || $0.reduce(1, *) <= 64 }.map { (group, $0) }
  }

  func check<S: LatticeReal>(
    _ type: S.Type, _ group: GaugeGroup, _ extents: [Int], batch: Int, member: Int
  ) throws {
    let u = try LinkField<S>.hot(extents, group, batch: batch, seed: 11)
    let plain = ReferenceLattice(u, member: member)
    for text in Self.paths {
      let path = try LatticePath(text, dimension: extents.count)
      let steps = path.steps.map { ($0.direction, $0.isForward) }
      let product = u.pathProduct(path)
      let eps = tolerance(type)
      #expect(
        product.largestDifference(member: member) { site, _ in plain.product(site, steps) } < eps)
      // The reversed path from the end is the adjoint.
      let back = u.pathProduct(path.reversed).shifted(by: path.displacement)
      #expect(
        back.largestDifference(member: member) { site, _ in
          product[site, 0, member].adjoint
        } < eps)
      if path.isClosed(on: u.geometry) {
        let traces = product.traces(member: member)
        let mean = traces.reduce(.zero, +) / Complex(Double(u.geometry.volume))
        #expect((u.loopTrace(path, member: member)! - mean).length < eps)
        #expect((product.meanTraces(member: member)[0] - mean).length < eps)
      }
    }
  }

  @Test("every extent and group", arguments: cases)
  func products(_ group: GaugeGroup, _ extents: [Int]) throws {
    try check(Double.self, group, extents, batch: 1, member: 0)
    try check(Float.self, group, extents, batch: 3, member: 2)
  }

  @Test("transport along a path", arguments: mixedExtents)
  func transport(_ extents: [Int]) throws {
    let u = try LinkField<Double>.hot(extents, .su3, seed: 5)
    let w = u.plaquetteField()
    let path = try LatticePath("+x +x -y +t", dimension: extents.count)
    let p = u.pathProduct(path)
    let moved = u.transport(w, along: path)
    let difference = moved.largestDifference { site, channel in
      let x = zip(u.geometry.coordinates(of: site), path.displacement).map(+)
      return p[site] * w[u.geometry.site(at: x), channel] * p[site].adjoint
    }
    #expect(difference < 1e-12)
  }

  @Test("lines by doubling", arguments: [[4, 4], [3, 5, 4], [2, 3, 2, 4]], 1...9)
  func lines(_ extents: [Int], _ length: Int) throws {
    let u = try LinkField<Double>.hot(extents, .su2, batch: 2, seed: 5)
    for mu in 0..<extents.count {
      let path = LatticePath(
        Array(repeating: .init(mu, forward: true), count: length), dimension: extents.count)
      #expect(
        u.linkProducts(mu, length: length).largestDifference(u.pathProduct(path)) < 1e-12)
    }
  }
}
