import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

@Suite("Smearing of links")
struct LinkSmearingTests {
  static let groups: [GaugeGroup] = [.u1, .su2, .su3, .su4]
  static let extents = [[3, 2, 4], [2, 3, 2, 4], [6, 4], [2, 3, 2, 2, 3]]
  static func kinds() throws -> [Smearing] {
    try [
      .ape(alpha: 0.5), .ape(alpha: 0.6, steps: 2, spatialOnly: true), .hyp(),
      .hyp(alpha1: 0.7, alpha2: 0.5, alpha3: 0.4, spatialOnly: true), .stout(rho: 0.1),
      .stout(rho: 0.12, steps: 2, spatialOnly: true),
    ]
  }

  /// Rough enough for every term to count, smooth enough for a well-conditioned projection.
  func links<S: LatticeReal>(
    _ extents: [Int], _ group: GaugeGroup, batch: Int = 3, as: S.Type = S.self
  ) throws -> LinkField<S> {
    var u = try LinkField<S>(try Geometry(extents), group: group, batch: batch)
    u.setNearUnit(epsilon: 0.35, seed: 21)
    var g = SiteField<S>(layout: u.layout, group: group)
    g.setHaarRandom(seed: 22)
    return u.transformed(by: g)
  }

  @Test("against plain matrices", arguments: groups, extents)
  func reference(_ group: GaugeGroup, _ extents: [Int]) throws {
    func check<S: LatticeReal>(_ type: S.Type, _ eps: Double) throws {
      let u = try links(extents, group, as: type)
      let d = extents.count
      for member in [0, 2] {
        let plain = ReferenceLattice(u, member: member)
        for directions in [d, d - 1] {
          let spatial = directions == d - 1
          func compare(_ found: LinkField<S>, _ expected: ReferenceLattice) {
            #expect(
              found.largestDifference(member: member) { expected.links[$0][$1] } < eps)
          }
          compare(
            u.apeSmeared(alpha: 0.6, spatialOnly: spatial),
            plain.apeSmeared(0.6, directions: directions))
          let alphas = Array([0.75, 0.75, 0.6, 0.3].suffix(directions - 1))
          compare(
            u.hypSmeared(spatialOnly: spatial), plain.hypSmeared(alphas, directions: directions))
          compare(
            u.stoutSmeared(rho: 0.11, spatialOnly: spatial),
            plain.stoutSmeared { max($0, $1) < directions ? 0.11 : 0 })
        }
        let rho = (0..<d).map { mu in (0..<d).map { 0.02 * Double(1 + mu + 2 * $0) } }
        let expected = plain.stoutSmeared { rho[$0][$1] }
        #expect(
          u.stoutSmeared(rho: rho).largestDifference(member: member) { expected.links[$0][$1] }
            < eps)
      }
    }
    try check(Double.self, 2e-13)
    try check(Float.self, 2e-5)
  }

  @Test("gauge covariance, every kind", arguments: groups, extents)
  func covariance(_ group: GaugeGroup, _ extents: [Int]) throws {
    let u = try links(extents, group, as: Double.self)
    var g = SiteField<Double>(layout: u.layout, group: group)
    g.setHaarRandom(seed: 5)
    for kind in try Self.kinds() {
      let (a, b) = (u.transformed(by: g).smeared(kind), u.smeared(kind).transformed(by: g))
      for member in 0..<3 {
        #expect(a.largestDifference(member: member) { b[$0, $1, member] } < 1e-12, "\(kind)")
      }
    }
  }

  @Test("the group is kept, time is left alone in space, the plaquette rises", arguments: groups)
  func properties(_ group: GaugeGroup) throws {
    let u = try links([4, 3, 2, 5], group, as: Double.self)
    for kind in try Self.kinds() {
      let v = u.smeared(kind)
      #expect(v.unitarityViolationsOfMembers().allSatisfy { $0 < 1e-13 })
      for member in 0..<3 {
        let (before, after) = (
          u.planePlaquettes(member: member), v.planePlaquettes(member: member)
        )
        // Planes without time rise in every case.
        for plane in [0, 1, 3] { #expect(after[plane] > before[plane], "\(kind)") }
        for site in stride(from: 0, to: 120, by: 7) {
          if group.n > 1 { #expect((v[site, 1, member].determinant - 1).length < 1e-13) }
          if kind.spatialOnly { #expect(v[site, 3, member] == u[site, 3, member]) }
        }
      }
    }
    #expect(u.smeared(try .hyp(steps: 0)).largestDifference { u[$0, $1] } == 0)
  }

  @Test("rough links: unitary, and the projection is the polar one", arguments: everyGroup)
  func rough(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([4, 3, 2, 4], group, seed: 8)
    let v = u.apeSmeared(alpha: 0.75)
    #expect(v.unitarityViolation() < 1e-13)
    let plain = ReferenceLattice(u).apeSmeared(0.75, directions: 4)
    // Small singular values amplify rounding.
    #expect(v.largestDifference { plain.links[$0][$1] } < 1e-10)
    let single = try LinkField<Float>.hot([4, 3, 2, 4], group, seed: 8).hypSmeared()
    #expect(single.unitarityViolation() < 1e-5)
  }

  /// Matrices with every determinant phase, every scale, and singular values down to 1e-9 in
  /// direction 0.
  func stretched(_ group: GaugeGroup) throws -> LinkField<Double> {
    let n = group.n
    var u = try LinkField<Double>.hot([4, 6], group, seed: 4)
    for site in 0..<24 {
      let phase = Complex(length: 1e-3 * Double(1 + site), phase: 0.26 * Double(site) - 3.1)
      let stretch = ComplexMatrix(n: n) { i, j in
        i != j ? 0 : i == n - 1 ? Complex(site < 20 ? 0.3 : 1e-9) : 1
      }
      let (a, b) = (u[site, 0], u[site, 1])
      u[site, 0] = n == 2 ? Complex(phase.length) * a : phase * (a * stretch * b)
    }
    return u
  }

  /// alpha 0 leaves the projection alone.
  @Test("projection of any matrix", arguments: groups + [.su(5)])
  func projection(_ group: GaugeGroup) throws {
    let u = try stretched(group)
    let v = u.apeSmeared(alpha: 0)
    #expect(v.unitarityViolation() < 1e-13)
    for site in 0..<24 {
      #expect(group.n == 1 || (v[site, 0].determinant - 1).length < 1e-13)
      let distance = (v[site, 0] - u[site, 0].polarUnitary()).frobeniusNorm
      #expect(distance < (site < 20 ? 1e-13 : 1e-6))
    }
  }

  /// The nearest matrix is not unique for N >= 3, and any will do.
  @Test("projection of singular matrices", arguments: [GaugeGroup.su3, .su4, .su(5)])
  func singular(_ group: GaugeGroup) throws {
    let n = group.n
    var u = try stretched(group)
    for (site, rank) in [(0, 1), (1, n - 1)] {
      let projector = ComplexMatrix(n: n) { $0 == $1 && $0 < rank ? 1 : 0 }
      u[site, 0] = u[site, 0].polarUnitary() * projector * u[site, 1]
    }
    let w = u.apeSmeared(alpha: 0)
    #expect((w[1, 0] * w[1, 0].adjoint - .identity(n)).frobeniusNorm < 1e-12)
    #expect(w[0, 0].frobeniusNorm.isFinite)
  }

  @Test("links that do not exist stay zero and spoil nothing", arguments: groups)
  func missing(_ group: GaugeGroup) throws {
    func check<S: LatticeReal>(_ type: S.Type, _ eps: Double) throws {
      var u = try links([3, 2, 4], group, as: type)
      let last = (0..<24).filter { u.geometry.coordinates(of: $0)[2] == 3 }
      for site in last {
        for member in 0..<3 { u[site, 2, member] = .zero(group.n) }
      }
      for kind in try Self.kinds() {
        let v = u.smeared(kind)
        for site in 0..<24 {
          for mu in 0..<3 {
            let link = v[site, mu, 1]
            if mu == 2 && last.contains(site) {
              #expect(link == .zero(group.n))
            } else {
              #expect((link * link.adjoint - .identity(group.n)).frobeniusNorm < eps, "\(kind)")
            }
          }
        }
      }
      let plain = ReferenceLattice(u, member: 1).hypSmeared([0.6, 0.3], directions: 3)
      #expect(u.hypSmeared().largestDifference(member: 1) { plain.links[$0][$1] } < eps)
    }
    try check(Double.self, 2e-13)
    try check(Float.self, 2e-5)
  }

  @Test("stout reference vectors", .enabled(if: ReferenceVectors.areEnabled))
  func vectors() throws {
    for name in ReferenceVectors.names {
      let v = try ReferenceVectors(name)
      for kind in ["hot", "smooth"] {
        let smeared = try v.links("\(kind)_U").smeared(.stout(rho: 0.1))
        let expected = v["\(kind)_stout_rho0.1"]
        #expect(smeared.largestDifference { v.matrix(expected, $1, $0) } < 1e-12, "\(name)")
      }
    }
  }

  @Test("the same bits for any number of threads")
  func threads() throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    let u = try links([8, 6, 4, 4], .su3, batch: 1, as: Double.self)
    for kind in try Self.kinds() {
      Threads.count = 1
      let one = u.smeared(kind)
      Threads.count = 3
      #expect(u.smeared(kind).largestDifference { one[$0, $1] } == 0)
    }
  }
}
