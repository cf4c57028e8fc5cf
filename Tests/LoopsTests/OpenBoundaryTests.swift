import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

/// Loops on open lattices against plain sums over those that exist.
@Suite("Loops with open boundaries")
struct OpenBoundaryTests {
  func field<S: LatticeReal>(
    _ extents: [Int], _ isOpen: [Bool], _ group: GaugeGroup, batch: Int = 2, as: S.Type = S.self
  ) throws -> LinkField<S> {
    var u = try LinkField<S>(
      Geometry(extents), group: group, batch: batch, boundary: Boundary(isOpen: isOpen))
    u.setHaarRandom(seed: 21)
    return u
  }

  func isClose(_ a: Complex<Double>?, _ b: Complex<Double>?, _ eps: Double) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return (a - b).length < eps
  }

  func loops<S: LatticeReal>(_ group: GaugeGroup, as: S.Type) throws {
    let eps = tolerance(S.self)
    for (extents, isOpen) in openCases {
      let u = try field(extents, isOpen, group, as: S.self)
      let boundary = u.boundary
      let d = extents.count
      let plain = ReferenceLattice(u, member: 1)
      for (r, t) in [(1, 1), (2, 1), (1, 3), (2, 2)] {
        for (plane, value) in zip(u.geometry.planes, u.planeWilsonLoops(r, t, member: 1)) {
          let steps = ReferenceLattice.rectangle(plane.mu, plane.nu, r, t)
          let expected = plain.meanTrace([steps], boundary)
          #expect(isClose(value, expected, eps))
          #expect(isClose(u.wilsonLoop(plane.mu, plane.nu, r, t, member: 1), expected, eps))
          let path = try LatticePath.rectangle(plane.mu, plane.nu, r, t, dimension: d)
          #expect(isClose(u.loopTrace(path, member: 1), expected, eps))
        }
      }
      let table = u.wilsonLoopTable(maximumR: 3, maximumT: 3, member: 1)
      for r in 1...3 {
        for t in 1...3 {
          let paths = (0..<(d - 1)).map { ReferenceLattice.rectangle($0, d - 1, r, t) }
          let expected = plain.meanTrace(paths, boundary).map { Complex($0.real) }
          #expect(isClose(table[r - 1][t - 1].map { Complex($0) }, expected, eps))
        }
      }
      for mu in 0..<d {
        let value = u.polyakovLoop(mu, member: 1)
        #expect((value == nil) == isOpen[mu])
        let line = Array(repeating: (mu, true), count: extents[mu])
        #expect(isClose(value, plain.meanTrace([line], boundary), eps))
      }
      let path = try LatticePath("+x -t +x +t -x -x", dimension: d)
      let steps = path.steps.map { ($0.direction, $0.isForward) }
      #expect(isClose(u.loopTrace(path, member: 1), plain.meanTrace([steps], boundary), eps))
    }
  }

  @Test(
    "Wilson loops, Polyakov loops and paths: means over those that exist, nil without any",
    arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func loops(_ group: GaugeGroup) throws {
    try loops(group, as: Double.self)
    if group == .su3 { try loops(group, as: Float.self) }
  }

  @Test(
    "clover energy and charge leave incomplete clovers out",
    arguments: [
      GaugeGroup.u1, .su2, .su3, .su4,
    ])
  func clover(_ group: GaugeGroup) throws {
    for (extents, isOpen) in openCases {
      let u = try field(extents, isOpen, group, as: Double.self)
      let d = extents.count
      let plain = ReferenceLattice(u, member: 1)
      let sites = plain.innerSites(u.boundary)
      let found = u.cloverObservables(member: 1)
      guard !sites.isEmpty else {
        #expect(found.energy.isNaN && found.charge == nil)
        #expect(u.topologicalChargeClover(member: 1) == nil)
        continue
      }
      var (spatial, temporal) = (0.0, 0.0)
      for site in sites {
        for (mu, nu) in u.geometry.planes {
          let f = plain.clover(site, mu, nu)
          let square = (f * f).trace.real / Double(sites.count)
          if nu == d - 1 { temporal += square } else { spatial += square }
        }
      }
      #expect(abs(found.energySpatial - spatial) < 1e-11 * Double(group.n))
      #expect(abs(found.energyTemporal - temporal) < 1e-11 * Double(group.n))
      guard d == 4 else { continue }
      func charge(_ f: (Int, Int, Int) -> ComplexMatrix) -> Double {
        sites.reduce(0) { $0 + plain.chargeDensity($1, f) }
      }
      #expect(abs(found.charge! - charge(plain.clover)) < 1e-11)
      #expect(abs(found.chargeWithoutTraceRemoval! - charge(plain.cloverWithTrace)) < 1e-11)
      let density = u.topologicalChargeDensity(.clover, member: 1)!
      #expect(abs(density.reduce(0, +) - found.charge!) < 1e-12)
      #expect(density.indices.allSatisfy { sites.contains($0) || density[$0] == 0 })
      var plaquettes = 0.0
      for site in 0..<u.geometry.volume {
        plaquettes += plain.chargeDensity(site) { x, mu, nu in
          let p = plain.plaquette(x, mu, nu)
          return Complex(0, -0.5) * (p - p.adjoint)
        }
      }
      #expect(abs(u.topologicalCharge(.plaquette, member: 1)! - plaquettes) < 1e-11)
    }
  }

  @Test("the charge of U(1) in two dimensions is the sum over the plaquettes that exist")
  func charge() throws {
    for (extents, isOpen) in openCases where extents.count == 2 {
      let u = try field(extents, isOpen, .u1, as: Double.self)
      // Zeroes may have any sign.
      var conjugate = u.chargeConjugated()
      for charges in [u.topologicalChargesOfMembers()!] {
        for member in 0..<2 {
          let plain = ReferenceLattice(u, member: member)
          let steps = ReferenceLattice.rectangle(0, 1, 1, 1)
          let sum = (0..<u.geometry.volume).filter { plain.exists($0, steps, u.boundary) }
            .reduce(0.0) { $0 + plain.plaquette($1, 0, 1).trace.phase }
          #expect(abs(charges[member] - sum / (2 * Double.pi)) < 1e-12)
        }
      }
      conjugate.multiplyByExponential(
        of: AlgebraField<Double>(layout: u.layout, group: .u1), times: -1)
      #expect(
        abs(conjugate.topologicalCharge(member: 1)! + u.topologicalCharge(member: 1)!) < 1e-12)
    }
  }

  /// Every gauge-invariant number.
  func invariants(_ u: LinkField<Double>) throws -> [Double] {
    let d = u.dimension
    var numbers = u.planePlaquettes() + [u.plaquette()]
    let clover = u.cloverObservables()
    numbers += [clover.energySpatial, clover.energyTemporal].filter(\.isFinite)
    numbers += [clover.charge, u.topologicalCharge(.plaquette), u.topologicalCharge()].compactMap {
      $0
    }
    numbers += u.wilsonLoopTable(maximumR: 2, maximumT: 2).flatMap { $0.compactMap { $0 } }
    numbers += (0..<d).compactMap { u.polyakovLoop($0)?.imaginary }
    let action = try WilsonAction(beta: 2, anisotropy: 1.2, dimension: d, boundaryWeight: 0.5)
    numbers.append(action.value(of: u))
    return numbers
  }

  @Test("gauge invariance", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func gauge(_ group: GaugeGroup) throws {
    for (extents, isOpen) in openCases {
      let u = try field(extents, isOpen, group, as: Double.self)
      var g = SiteField<Double>(layout: u.layout, group: group)
      g.setHaarRandom(seed: 8)
      let v = u.transformed(by: g)
      let (a, b) = (try invariants(u), try invariants(v))
      #expect(a.count == b.count)
      for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-10 * max(1, abs(x))) }
      #expect(abs(u.linkTrace() - v.linkTrace()) > 1e-4)
    }
  }

  @Test("smeared links keep their boundary, and loops of them are means over those that exist")
  func smearedLinksStayOpen() throws {
    for group in [GaugeGroup.u1, .su2, .su3] {
      let u = try field([4, 3, 4], [false, true, true], group, as: Double.self)
      for text in ["ape:0:1", "hyp:0:0:0:1", "stout:0:1"] {
        let same = u.smeared(try Smearing(text))
        #expect(same.boundary == u.boundary, "\(text)")
        #expect(same.polyakovLoop() == nil)
        for member in 0..<2 {
          #expect(abs(same.plaquette(member: member) - u.plaquette(member: member)) < 1e-13)
          #expect(abs(same.cloverEnergy(member: member) - u.cloverEnergy(member: member)) < 1e-12)
          #expect(same.unitarityViolation(member: member) < 1e-13)
        }
      }
      let table = u.wilsonLoopTable(maximumR: 2, maximumT: 3)
      for smearing in [try Smearing("ape:0:1"), try Smearing("hyp:0:0:0:1")] {
        let loops = u.staticPotentialLoops(
          maximumR: 2, maximumT: 3, smearing: smearing, timeSmearing: smearing)
        for (row, expected) in zip(loops, table) {
          #expect(row.count == expected.count)
          for (value, loop) in zip(row, expected) { #expect(abs(value - (loop ?? .nan)) < 1e-13) }
        }
      }
    }
  }
}
