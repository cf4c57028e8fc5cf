import Compute
import Lattice
import Loops
import TestSupport
import Testing

@Suite("Wilson loops for the static potential")
struct StaticPotentialLoopsTests {
  @Test(
    "smeared loops are loops of smeared links",
    arguments: [
      (GaugeGroup.su3, [2, 3, 2, 4]), (.su2, [3, 4, 5]), (.u1, [4, 6]), (.su4, [3, 2, 4]),
    ])
  func loops(_ group: GaugeGroup, _ extents: [Int]) throws {
    let d = extents.count
    var u = try LinkField<Double>(try Geometry(extents), group: group, batch: 2)
    u.setNearUnit(epsilon: 0.4, seed: 3)
    for (smearing, time) in [
      (nil, nil), (try Smearing.ape(alpha: 0.6, steps: 2), nil), (try .hyp(), try .hyp()),
    ] as [(Smearing?, Smearing?)] {
      var mixed = u
      for member in 0..<2 {
        let plain = ReferenceLattice(u, member: member)
        let space: ReferenceLattice
        let alphas = Array([0.75, 0.6, 0.3].suffix(d - 2))
        switch smearing?.kind {
        case .ape(let alpha):
          space = plain.apeSmeared(alpha, directions: d - 1).apeSmeared(alpha, directions: d - 1)
        case .hyp: space = plain.hypSmeared(alphas, directions: d - 1)
        default: space = plain
        }
        let withTime = Array([0.75, 0.6, 0.3].suffix(d - 1))
        let timeLinks = time == nil ? plain : plain.hypSmeared(withTime, directions: d)
        for site in 0..<u.geometry.volume {
          for mu in 0..<(d - 1) { mixed[site, mu, member] = space.links[site][mu] }
          mixed[site, d - 1, member] = timeLinks.links[site][d - 1]
        }
      }
      let found = u.staticPotentialLoopsOfMembers(
        maximumR: 2, maximumT: 3, smearing: smearing, timeSmearing: time)
      for member in 0..<2 {
        for r in 1...2 {
          for t in 1...3 {
            var expected = 0.0
            for mu in 0..<(d - 1) {
              let path = try LatticePath.rectangle(mu, d - 1, r, t, dimension: d)
              expected += mixed.loopTrace(path, member: member)!.real / Double(d - 1)
            }
            #expect(abs(found[member][r - 1][t - 1] - expected) < 1e-12)
          }
        }
        #expect(
          found[member]
            == u.staticPotentialLoops(
              maximumR: 2, maximumT: 3, smearing: smearing, timeSmearing: time, member: member))
      }
    }
  }

  @Test("gauge invariance, and smearing raises the loops")
  func invariance() throws {
    var u = try LinkField<Double>(try Geometry([4, 3, 4, 6]), group: .su3)
    u.setNearUnit(epsilon: 0.3, seed: 3)
    var g = SiteField<Double>(layout: u.layout, group: .su3)
    g.setHaarRandom(seed: 4)
    let smearing = try Smearing("hyp:2")
    let a = u.staticPotentialLoops(maximumR: 2, maximumT: 3, smearing: smearing)
    let b = u.transformed(by: g)
      .staticPotentialLoops(maximumR: 2, maximumT: 3, smearing: smearing)
    let bare = u.staticPotentialLoops(maximumR: 2, maximumT: 3, smearing: nil)
    for r in 0..<2 {
      for t in 0..<3 {
        #expect(abs(a[r][t] - b[r][t]) < 1e-12)
        #expect(a[r][t] > bare[r][t])
      }
    }
    #expect(bare == u.wilsonLoopTable(maximumR: 2, maximumT: 3))
  }
}
