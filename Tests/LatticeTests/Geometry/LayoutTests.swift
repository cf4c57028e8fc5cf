import Lattice
import Testing

/// The tables of the layout against the plain geometry, site by site.
@Suite("Layout in blocks of lanes")
struct LayoutTests {
  static let extents: [[Int]] = [
    [2, 2], [2, 3], [4, 4], [5, 7], [6, 10], [16, 2], [9, 3], [12, 6], [2, 2, 2], [8, 4, 2],
    [3, 5, 4], [6, 6, 6], [2, 2, 2, 2], [4, 4, 4, 4], [8, 8, 8, 8], [2, 3, 2, 4], [6, 2, 10, 4],
    [3, 3, 3, 3], [5, 4, 3, 2], [2, 2, 2, 2, 2], [4, 2, 3, 2, 4], [2, 2, 2, 2, 2, 2],
  ]

  /// The member and site of every lane in use, [block of all groups][lane].
  func places(_ layout: Layout) -> [[(member: Int, site: Int)?]] {
    (0..<layout.blockCount).map { block in
      (0..<layout.laneCount).map { lane in
        layout.member(block: block, lane: lane).map {
          ($0, Int(layout.blockSitePointer[block % layout.siteBlocks] + layout.laneSite[lane]))
        }
      }
    }
  }

  @Test("every site of every member has one place", arguments: extents, [8, 16])
  func places(_ extents: [Int], _ laneCount: Int) throws {
    let geometry = try Geometry(extents)
    for batch in [1, 2, 3, 8, 11] {
      let layout = try Layout(geometry, batch: batch, laneCount: laneCount)
      var seen = [[Int]](
        repeating: Array(repeating: 0, count: geometry.volume), count: batch)
      for (block, lanes) in places(layout).enumerated() {
        for (lane, place) in lanes.enumerated() {
          guard let place else { continue }
          seen[place.member][place.site] += 1
          let found = layout.locate(site: place.site, member: place.member)
          #expect(found.block == block && found.lane == lane)
        }
      }
      #expect(seen.allSatisfy { $0.allSatisfy { $0 == 1 } })
    }
  }

  /// Whether an entry leads from every lane of a block to the sites that `target` names.
  func leads(
    _ layout: Layout, _ places: [[(member: Int, site: Int)?]], _ block: Int, _ entry: UInt32,
    _ target: (Int) -> Int
  ) -> Bool {
    let group = block / layout.siteBlocks
    let other = places[group * layout.siteBlocks + Int(entry >> 4)]
    for (lane, place) in places[block].enumerated() {
      guard let place else { continue }
      guard let found = other[layout.sourceLane(of: lane, code: Int(entry & 15))],
        found.member == place.member, found.site == target(place.site)
      else { return false }
    }
    return true
  }

  @Test("every neighbour entry, single, double and displaced", arguments: extents, [8, 16])
  func neighbours(_ extents: [Int], _ laneCount: Int) throws {
    let geometry = try Geometry(extents)
    let d = geometry.dimension
    for batch in [1, 3, 8] {
      let layout = try Layout(geometry, batch: batch, laneCount: laneCount)
      let places = places(layout)
      let view = layout.view
      var good = true
      for block in 0..<layout.blockCount {
        let b = block % layout.siteBlocks
        for mu in 0..<d {
          let (up, down) = (view.up[b * d + mu], view.down[b * d + mu])
          good =
            good
            && leads(layout, places, block, up) { geometry.neighbour(of: $0, direction: mu) }
            && leads(layout, places, block, down) {
              geometry.neighbour(of: $0, direction: mu, steps: -1)
            }
          for nu in 0..<d {
            good =
              good
              && leads(layout, places, block, view.up(down, nu)) {
                geometry.neighbour(
                  of: geometry.neighbour(of: $0, direction: mu, steps: -1), direction: nu)
              }
              && leads(layout, places, block, view.down(down, nu)) {
                geometry.neighbour(
                  of: geometry.neighbour(of: $0, direction: mu, steps: -1), direction: nu,
                  steps: -1)
              }
          }
        }
      }
      #expect(good)
      for shift in [[1, -2, 3, 5, -7, 2], [0, 0, 0, 0, 0, 0], [-13, 4, 2, -1, 9, -3]] {
        let displacement = Array(shift[0..<d])
        let entries = layout.neighbours(displacement: displacement)
        #expect(
          (0..<layout.blockCount).allSatisfy { block in
            leads(layout, places, block, entries[block % layout.siteBlocks]) { site in
              geometry.site(at: zip(geometry.coordinates(of: site), displacement).map(+))
            }
          })
      }
    }
  }

  /// Idle lanes are closed under every permutation, so that what they hold cannot leak.
  @Test("idle lanes stay among themselves", arguments: extents, [8, 16])
  func idleLanes(_ extents: [Int], _ laneCount: Int) throws {
    let layout = try Layout(Geometry(extents), batch: 1, laneCount: laneCount)
    let codes = layout.splits.reduce(1, *)
    for code in 0..<codes {
      let sources = (0..<laneCount).map { layout.sourceLane(of: $0, code: code) }
      #expect(Set(sources).count == laneCount)
      for (lane, source) in sources.enumerated() {
        let isActive = layout.activeLaneBits >> UInt32(lane) & 1
        #expect(isActive == layout.activeLaneBits >> UInt32(source) & 1)
        // Where codes are exchanges, they are exclusive or of shifted bits.
        if layout.codesAreExchanges, isActive == 1 {
          #expect(source == lane ^ (code << layout.view.codeShift))
        }
      }
    }
  }

  @Test("colours cover every site once and share no plaquette", arguments: extents, [8, 16])
  func colours(_ extents: [Int], _ laneCount: Int) throws {
    let geometry = try Geometry(extents)
    for site in 0..<geometry.volume {
      let colour = Layout.colour(of: site, in: geometry)
      for mu in 0..<geometry.dimension {
        // Updates go direction by direction: the staples of U_mu(x) hold no other U_mu of its
        // colour, so sites that differ by +-nu, which is all they reach, must differ.
        for steps in [-1, 1] {
          let other = geometry.neighbour(of: site, direction: mu, steps: steps)
          #expect(Layout.colour(of: other, in: geometry) != colour)
        }
      }
    }
    for batch in [1, 3] {
      let layout = try Layout(geometry, batch: batch, laneCount: laneCount)
      let places = places(layout)
      var seen = [Int](repeating: 0, count: geometry.volume)
      for colour in 0..<layout.colourCount {
        for block in layout.blocks(ofColour: colour) {
          for lane in 0..<laneCount where block.bits >> UInt32(lane) & 1 == 1 {
            guard let place = places[Int(block.block)][lane], place.member == 0 else { continue }
            seen[place.site] += 1
            #expect(Layout.colour(of: place.site, in: geometry) == colour)
          }
        }
      }
      #expect(seen.allSatisfy { $0 == 1 })
    }
  }

  @Test("lattices of powers of two fill every lane, alone and in batches")
  func fullLanes() throws {
    for extents in [[8, 8, 8, 8], [4, 4, 4, 8], [16, 16], [4, 4, 4, 4]] {
      let layout = try Layout(Geometry(extents), batch: 1, laneCount: 8)
      #expect(layout.isFull && layout.codesAreExchanges == (extents.count > 2))
      #expect(layout.blocks(ofColour: 0).allSatisfy { $0.bits == 0xff })
    }
    #expect(try Layout(Geometry([3, 5]), batch: 8, laneCount: 8).isFull)
  }

  @Test("fields of one shape share a layout")
  func shared() throws {
    let geometry = try Geometry([4, 6])
    let a = try Layout.shared(geometry, batch: 2, laneCount: 8)
    #expect(try Layout.shared(geometry, batch: 2, laneCount: 8) === a)
    #expect(try Layout.shared(geometry, batch: 3, laneCount: 8) !== a)
  }
}
