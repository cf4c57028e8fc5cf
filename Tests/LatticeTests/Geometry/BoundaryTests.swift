import Compute
import Lattice
import TestSupport
import Testing

@Suite("Boundaries")
struct BoundaryTests {
  @Test("words")
  func words() throws {
    let b = try Boundary(words: ["periodic", "open", "periodic"], dimension: 3)
    #expect(b.isOpen == [false, true, false] && b.anyOpen && b.dimension == 3)
    #expect(b.words == ["periodic", "open", "periodic"])
    #expect(b.description == "periodic,open,periodic")
    #expect(!Boundary.periodic(4).anyOpen)
    #expect(throws: BoundaryError.count(expected: 3, found: 2)) {
      try Boundary(words: ["open", "open"], dimension: 3)
    }
    #expect(throws: BoundaryError.word(direction: 1, found: "closed")) {
      try Boundary(words: ["open", "closed"], dimension: 2)
    }
    #expect("\(BoundaryError.word(direction: 1, found: "closed"))".contains("'closed'"))
  }

  @Test("counts of links, plaquettes and larger shapes")
  func counts() throws {
    for (extents, isOpen) in openCases {
      let geometry = try Geometry(extents)
      let boundary = Boundary(isOpen: isOpen)
      for mu in 0..<extents.count {
        let count = (0..<geometry.volume).filter { boundary.hasLink(mu, at: $0, in: geometry) }
        #expect(boundary.linkCount(mu, in: geometry) == count.count)
      }
      let u = ReferenceLattice(geometry: geometry, n: 1, links: [])
      for ((mu, nu), count) in zip(geometry.planes, boundary.plaquetteCounts(in: geometry)) {
        let steps = ReferenceLattice.rectangle(mu, nu, 1, 1)
        #expect(count == (0..<geometry.volume).filter { u.exists($0, steps, boundary) }.count)
      }
    }
    let geometry = try Geometry([3, 4])
    let open = Boundary(isOpen: [true, false])
    #expect(open.placements(spans: [2, 7], in: geometry) == 4)
    #expect(open.placements(spans: [3, 0], in: geometry) == 0)
    #expect(open.placements(spans: [5, 0], in: geometry) == 0)
  }

  @Test("slices of every lane plan", arguments: mixedExtents)
  func slices(_ extents: [Int]) throws {
    let geometry = try Geometry(extents)
    for (lanes, batch) in [(8, 1), (16, 1), (8, 3), (16, 8)] {
      let layout = try Layout(geometry, batch: batch, laneCount: lanes)
      let slices = BoundarySlices(layout)
      var (first, last) = ([Int](repeating: 0, count: extents.count), [Int]())
      last = first
      for b in 0..<layout.siteBlocks {
        for mu in extents.indices {
          first[mu] += slices.first(b, mu).nonzeroBitCount
          last[mu] += slices.last(b, mu).nonzeroBitCount
        }
      }
      for mu in extents.indices {
        let area = geometry.volume / extents[mu] * layout.batchLanes
        #expect(first[mu] == area && last[mu] == area)
      }
      for site in 0..<geometry.volume {
        let (b, lane) = layout.locate(site: site)
        for (mu, x) in geometry.coordinates(of: site).enumerated() {
          #expect((slices.first(b, mu) >> UInt32(lane) & 1 == 1) == (x == 0))
          #expect((slices.last(b, mu) >> UInt32(lane) & 1 == 1) == (x == extents[mu] - 1))
        }
      }
    }
  }
}
