import Lattice
import Testing

@Suite("Geometry")
struct GeometryTests {
  @Test("serial order runs x fastest")
  func serialOrder() throws {
    let g = try Geometry([2, 3, 4])
    #expect(g.volume == 24 && g.dimension == 3)
    var site = 0
    for z in 0..<4 {
      for y in 0..<3 {
        for x in 0..<2 {
          #expect(g.coordinates(of: site) == [x, y, z])
          #expect(g.site(at: [x, y, z]) == site)
          #expect(g.site(at: [x - 2, y + 6, z - 8]) == site)
          site += 1
        }
      }
    }
    #expect(g.neighbour(of: 0, direction: 1, steps: -1) == g.site(at: [0, 2, 0]))
    #expect(g.planes.map { [$0.mu, $0.nu] } == [[0, 1], [0, 2], [1, 2]])
    #expect(g.description == "2x3x4")
  }

  @Test("the index of a plane is its place among the planes", arguments: 2...8)
  func planeIndex(_ dimension: Int) throws {
    let planes = try Geometry(Array(repeating: 2, count: dimension)).planes
    #expect(planes.count == dimension * (dimension - 1) / 2)
    for (index, (mu, nu)) in planes.enumerated() {
      #expect(Geometry.planeIndex(mu, nu, dimension: dimension) == index)
      #expect(Geometry.planeIndex(nu, mu, dimension: dimension) == index)
    }
  }

  @Test("what is no lattice is refused")
  func errors() {
    #expect(throws: GeometryError.dimension(1)) { try Geometry([4]) }
    #expect(throws: GeometryError.dimension(9)) { try Geometry(Array(repeating: 2, count: 9)) }
    #expect(throws: GeometryError.extent(direction: 1, found: 1)) { try Geometry([4, 1]) }
    #expect(throws: GeometryError.tooManySites([1 << 16, 1 << 16])) {
      try Geometry([1 << 16, 1 << 16])
    }
    #expect(throws: GeometryError.tooManySites([1 << 40, 1 << 40])) {
      try Geometry([1 << 40, 1 << 40])
    }
    #expect(throws: GeometryError.batch(0)) {
      try Layout(Geometry([4, 4]), batch: 0, laneCount: 8)
    }
  }
}
