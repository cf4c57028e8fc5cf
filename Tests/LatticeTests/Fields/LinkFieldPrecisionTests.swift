import Lattice
import Testing

@Suite("Links in another precision")
struct LinkFieldPrecisionTests {
  @Test(
    "single precision returns bit for bit, double is rounded",
    arguments: [(GaugeGroup.u1, [3, 4], 1), (.su2, [2, 3, 4], 17), (.su3, [6, 2, 2, 3], 3)])
  func conversion(_ group: GaugeGroup, _ extents: [Int], _ batch: Int) throws {
    let isOpen = extents.indices.map { $0 == 1 }
    var links = try LinkField<Double>(
      Geometry(extents), group: group, batch: batch, boundary: Boundary(isOpen: isOpen))
    links.setHaarRandom(seed: 1)
    let rounded = LinkField<Float>(links)
    let widened = LinkField<Double>(rounded)
    let again = LinkField<Float>(widened)
    let same = LinkField<Double>(links)
    #expect(rounded.boundary == links.boundary && rounded.batch == batch)
    for member in 0..<batch {
      for site in 0..<links.geometry.volume {
        for mu in extents.indices {
          let u = links[site, mu, member]
          #expect(same[site, mu, member] == u)
          #expect(widened[site, mu, member] == rounded[site, mu, member])
          #expect(again[site, mu, member] == rounded[site, mu, member])
          for (a, b) in zip(u.elements, widened[site, mu, member].elements) {
            #expect(Double(Float(a.real)) == b.real && Double(Float(a.imaginary)) == b.imaginary)
          }
        }
      }
    }
  }
}
