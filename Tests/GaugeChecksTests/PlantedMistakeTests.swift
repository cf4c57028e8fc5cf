import ComplexModule
import GaugeChecks
import Lattice
import RealModule
import Testing

/// Mistakes of the usual kinds are caught, and the report says where.
@Suite("Planted mistakes")
struct PlantedMistakeTests {
  /// A plaquette sum out of plain matrices, with a mistake at one site only.
  func plaquettes(
    _ u: LinkField<Double>, wrongSite: Int?, _ mistake: (LinkField<Double>, Int) -> ComplexMatrix
  ) -> SiteField<Double> {
    var result = SiteField<Double>(layout: u.layout, group: u.group)
    for site in 0..<u.geometry.volume {
      result[site] = site == wrongSite ? mistake(u, site) : right(u, site)
    }
    return result
  }

  func right(_ u: LinkField<Double>, _ x: Int) -> ComplexMatrix {
    let (a, b) = (
      u.geometry.neighbour(of: x, direction: 0), u.geometry.neighbour(of: x, direction: 1)
    )
    return u[x, 0] * u[a, 1] * u[b, 0].adjoint * u[x, 1].adjoint
  }

  func withoutDagger(_ u: LinkField<Double>, _ x: Int) -> ComplexMatrix {
    let (a, b) = (
      u.geometry.neighbour(of: x, direction: 0), u.geometry.neighbour(of: x, direction: 1)
    )
    return u[x, 0] * u[a, 1] * u[b, 0].adjoint * u[x, 1]
  }

  func neighbourOffByOne(_ u: LinkField<Double>, _ x: Int) -> ComplexMatrix {
    let (a, b) = (
      u.geometry.neighbour(of: x, direction: 0, steps: 2), u.geometry.neighbour(of: x, direction: 1)
    )
    return u[x, 0] * u[a, 1] * u[b, 0].adjoint * u[x, 1].adjoint
  }

  @Test("at one site of a site field", arguments: [GaugeGroup.u1, .su2, .su3])
  func oneSite(_ group: GaugeGroup) throws {
    let setting = try CheckSetting([3, 4, 2], group, seed: 31)
    let wrongSite = setting.geometry.site(at: [2, 1, 1])
    for mistake in [withoutDagger, neighbourOffByOne] {
      let report = try GaugeCheck.covariance(ofSiteField: "planted", on: setting) {
        plaquettes($0, wrongSite: wrongSite, mistake)
      }
      #expect(report.isBroken && !report.holds)
      #expect(report.place == .site([2, 1, 1], channel: 0))
      #expect(report.description.contains("site [2, 1, 1]"))
      #expect(report.description.contains("seed 31"))
      #expect(report.description.contains("planted (\(group) on 3x4x2)"))
      #expect(report.expected != report.found && report.expected.count == 2 * group.n * group.n)
      #expect(!report.description.contains("\n"))
    }
    let fine = try GaugeCheck.covariance(ofSiteField: "right", on: setting) {
      plaquettes($0, wrongSite: nil, right)
    }
    #expect(fine.holds, "\(fine)")
  }

  @Test("at one link of a map")
  func oneLink() throws {
    let setting = try CheckSetting([4, 3], .su3, seed: 32)
    let wrongSite = setting.geometry.site(at: [1, 2])
    let report = try GaugeCheck.covariance(ofMap: "planted", on: setting) {
      (u: LinkField<Double>) in
      var v = u
      v[wrongSite, 1] = u[wrongSite, 1].adjoint
      return v
    }
    #expect(report.isBroken)
    #expect(report.place == .link([1, 2], direction: 1))
    let moved = try TranslationCheck.covariance(ofMap: "planted", on: setting, by: [[1, 0]]) {
      (u: LinkField<Double>) in
      var v = u
      v[wrongSite, 1] = u[wrongSite, 1].adjoint
      return v
    }
    // Expected a step further down, found at the same place: either may deviate most.
    #expect(moved.isBroken)
    #expect([.link([1, 2], direction: 1), .link([0, 2], direction: 1)].contains(moved.place))
  }

  @Test("in one output of an observable")
  func oneOutput() throws {
    let setting = try CheckSetting([4, 3], .su2, seed: 33)
    let report = try GaugeCheck.invariance(of: "planted", on: setting) { (u: LinkField<Double>) in
      [u.plaquette(), 1e-4 * u.linkTrace() + u.plaquette()]
    }
    #expect(report.isBroken && report.place == .output(1))
  }

  @Test("checks that could not have failed are failed", arguments: [0, 1, 2, 3])
  func vacuous(_ kind: Int) throws {
    let setting = try CheckSetting([4, 3], .su3, seed: 34)
    func constant(_ u: LinkField<Double>) -> [Double] {
      [[0], [1, 2], [], [.nan]][kind]
    }
    let gauge = try GaugeCheck.invariance(of: "constant", on: setting, observable: constant)
    let moved = try TranslationCheck.invariance(of: "constant", on: setting, observable: constant)
    let odd = try ChargeConjugationCheck.parity(
      .odd, of: "constant", on: setting, observable: constant)
    for report in [gauge, moved, odd] {
      #expect(!report.holds && !report.isAsDeclared, "\(report)")
      if kind < 3 { #expect(report.isVacuous && !report.isBroken) }
    }
  }

  @Test("tolerances follow from precision and operations")
  func tolerances() throws {
    #expect(SymmetryTolerance.standard.value(ulp: Double.ulpOfOne) == 1e-10)
    #expect(SymmetryTolerance.standard.value(ulp: Double(Float.ulpOfOne)) == 1e-4)
    #expect(SymmetryTolerance.operations(10).value(ulp: 0x1p-52) == 80 * 0x1p-52)
    #expect(SymmetryTolerance.relative(0.5).value(ulp: 1) == 0.5)
    // A plaquette is 4 products of N multiply-adds, transformed by 2 more each.
    let setting = try CheckSetting([4, 4], .su3, seed: 35, tolerance: .operations(4 * 3 * 3))
    let report = try GaugeCheck.invariance(of: "plaquette", on: setting) {
      (u: LinkField<Double>) in [u.plaquette()]
    }
    #expect(report.holds && report.tolerance < 1e-13, "\(report)")
  }
}
