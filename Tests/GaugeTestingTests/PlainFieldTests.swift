import Foundation
import GaugeTesting
import Loops
import TestSupport
import Testing

@Suite("Plain arrays")
struct PlainFieldTests {
  @Test("links come back bit for bit, in the order that is stated", arguments: everyGroup)
  func links(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([2, 3, 4], group)
    let plain = PlainLinks(u)
    let n = group.n
    for (site, mu) in [(0, 0), (5, 2), (23, 1)] {
      #expect(plain[site, mu] == u[site, mu])
      let first = ((site * 3 + mu) * n + (n - 1)) * n * 2
      #expect(plain.elements[first + 1] == u[site, mu][n - 1, 0].imaginary)
    }
    #expect(plain.linkField(Double.self).largestLinkDistance(to: u) == 0)
    var changed = plain
    changed[5, 2] = plain[5, 2].adjoint
    #expect(changed.elements != plain.elements && changed[5, 2] == plain[5, 2].adjoint)
    #expect(plain.neighbour(of: 0, 2, -1) == 18 && plain.group == group)
  }

  @Test("momenta and site fields")
  func others() throws {
    var p = AlgebraField<Double>(
      layout: try LinkField<Double>.hot([2, 3], .su3).layout, group: .su3)
    p.setMomenta(seed: 1, trajectory: 0)
    let again: AlgebraField<Double> = PlainLinks(p).algebraField()
    for site in 0..<6 { #expect((again[site, 1] - p[site, 1]).frobeniusNorm < 1e-15) }
    let w = try LinkField<Double>.hot([2, 3], .su3).plaquetteField()
    #expect(PlainSites(w)[4] == w[4])
  }

  @Test("arrays that do not fit are refused")
  func refused() throws {
    let geometry = try Geometry([2, 3])
    #expect(throws: PlainFieldError.matrix(found: 0)) {
      try PlainLinks(geometry, n: 0, elements: [])
    }
    #expect(
      throws: PlainFieldError.count(expected: 96, found: 5, geometry: geometry, n: 2)
    ) { try PlainLinks(geometry, n: 2, elements: [1, 2, 3, 4, 5]) }
    let fine = try PlainLinks(geometry, n: 1, elements: Array(repeating: 1, count: 24))
    #expect(fine[5, 1][0, 0] == Complex(1, 1))
  }

  @Test(
    "abelian fields have the plaquettes and Polyakov loops that they say",
    arguments: [[4, 4], [3, 5], [2, 7, 3], [2, 3, 4, 5]], [GaugeGroup.u1, .su2, .su3, .su4])
  func abelian(_ extents: [Int], _ group: GaugeGroup) throws {
    for flux in [0, 1, -2] {
      let field = AbelianField(try Geometry(extents), group, flux: flux)
      let u = field.links()
      #expect(abs(u.plaquette() - field.plaquette) < 1e-13)
      for (k, (mu, nu)) in u.geometry.planes.enumerated() {
        #expect(abs(u.planePlaquettes()[k] - field.plaquette(mu, nu)) < 1e-13)
      }
      for mu in 0..<extents.count {
        #expect((u.polyakovLoop(mu)! - field.polyakovLoop(mu)).length < 1e-13)
      }
      if group == .u1, extents.count == 2, flux == 1 {
        #expect(abs(u.topologicalCharge()! - 1) < 1e-12)
      }
    }
  }

  @Test("inputs of every kind are in the group and stored links take part")
  func inputs() throws {
    let kinds = InputKind.standard + [.unit]
    for group in [GaugeGroup.u1, .su2, .su3, .su4] {
      for kind in kinds {
        let u = kind.make(try Geometry([3, 2, 4]), group, seed: 1)
        #expect(u.unitarityViolation() < 1e-13, "\(kind)")
      }
    }
    var plan = CheckPlan(.su2, [3, 3])
    plan.stored = [PlainLinks(try LinkField<Double>.hot([2, 4], .su3, seed: 9))]
    let report = CheckSuite.gauge(
      .observable("plaquette") { (u: PlainLinks) in u.meanPlaquette() }, plan)
    #expect(report.holds && report.settings == 4, "\(report)")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).ildg"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ConfigurationWriter.write(
      try LinkField<Double>.hot([4, 2, 4, 6], .su3, seed: 9), to: path, format: .ildg)
    var filed = CheckPlan(.su2, [3, 3])
    try filed.addStored(path)
    #expect(filed.stored[0].extents == [3, 2, 3, 3] && filed.stored[0].group == .su3)
    #expect(throws: ConfigurationError.self) { try filed.addStored(path + "x") }
    let broken = CheckSuite.gauge(
      .observable("SU(3) only") { (u: PlainLinks) in
        u.n == 3 ? u[0, 0][0, 0].real : u.meanPlaquette()
      }, plan)
    #expect(broken.isBroken && broken.found!.setting.contains("stored links"), "\(broken)")
  }
}
