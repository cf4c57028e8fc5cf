import ComplexModule
import GaugeChecks
import Lattice
import RealModule
import Testing

@Suite("Lists of checks", .serialized)
struct CatalogueTests {
  @Test("names are given once, in parts")
  func names() {
    let names = CheckCatalogue.subjects().map(\.name)
    #expect(Set(names).count == names.count)
    let parts = Set(names.map { $0.split(separator: "/")[0] })
    #expect(
      parts == [
        "plain", "observables", "smearings", "flows", "actions", "dynamics", "updaters", "networks",
        "suites",
      ])
    #expect(names == CheckCatalogue.subjects(precision: Float.self).map(\.name))
  }

  @Test("lattices of a group; of one without its own, two")
  func settings() {
    let all = CheckCatalogue.settings(seed: 1)
    #expect(Set(all.map(\.group)) == [.u1, .su2, .su3, .su4])
    #expect(all.contains { $0.geometry.dimension == 4 })
    #expect(CheckCatalogue.settings(seed: 1, group: .su3).allSatisfy { $0.group == .su3 })
    #expect(CheckCatalogue.settings(seed: 1, group: .su(5)).map(\.group) == [.su(5), .su(5)])
  }

  @Test("results stand in the order of subjects and settings, and errors come out")
  func order() throws {
    struct Refusal: Error {}
    let setting = try CheckSetting([4, 3], .su2, seed: 1)
    let other = try CheckSetting([2, 2], .u1, seed: 1)
    let subjects = ["b", "a", "c"].map { name in
      CheckSubject(name) { setting in
        [
          CheckResult(
            subject: name, check: "nothing", setting: "\(setting)", deviation: 0, tolerance: 1)
        ]
      }
    }
    let results = try CheckCatalogue.results(of: subjects, on: [setting, other])
    #expect(results.map(\.subject) == ["b", "b", "a", "a", "c", "c"])
    #expect(
      results.map(\.setting)
        == Array(repeating: ["SU(2) on 4x3", "U(1) on 2x2"], count: 3).flatMap { $0 })
    #expect(throws: Refusal.self) {
      try CheckCatalogue.results(
        of: subjects + [CheckSubject("d") { _ in throw Refusal() }], on: [setting])
    }
    #expect(try CheckCatalogue.results(of: [], on: [setting]).isEmpty)
  }

  @Test("verdicts of symmetry reports: declared or not, held or broken, vacuous")
  func verdicts() throws {
    let setting = try CheckSetting([4, 3], .su2, seed: 2)
    let plaquette = try GaugeCheck.invariance(of: "p", on: setting) { (u: LinkField<Double>) in
      [u.plaquette()]
    }
    let trace = try GaugeCheck.invariance(of: "t", on: setting) { (u: LinkField<Double>) in
      [u.linkTrace()]
    }
    let constant = try GaugeCheck.invariance(of: "c", on: setting) { (_: LinkField<Double>) in [1] }
    let reports = [plaquette, plaquette.undeclared, trace, trace.undeclared, constant]
    let results = reports.map { CheckResult($0, subject: "s") }
    #expect(
      results.map(\.verdict) == [.holds, .notSeenBroken, .violated, .seenBroken, .vacuous])
    #expect(results.map(\.passes) == [true, false, false, true, false])
    // What is not a number violates.
    let nan = CheckResult(
      subject: "s", check: "c", setting: "", deviation: .nan, tolerance: 1)
    #expect(nan.verdict == .violated && !nan.passes)
  }

  @Test("constant diagonal links are in every gauge, until they are transformed")
  func gauges() throws {
    for group in [GaugeGroup.u1, .su2, .su3] {
      var u = try LinkField<Double>(try Geometry([3, 4, 2]), group: group)
      for site in 0..<u.geometry.volume {
        for mu in 0..<3 {
          let angle = 0.3 + 0.2 * Double(mu)
          u[site, mu] = ComplexMatrix(n: group.n) { i, j in
            i != j
              ? 0
              : Complex(length: 1, phase: i == 0 ? angle : i == 1 ? -angle : 0)
          }
        }
      }
      for gauge in FixedGauge.allCases {
        #expect(try #require(u.distance(from: gauge)) < 1e-14)
        let g = GaugeTransformationKind.haar.make(for: u, seed: 3)
        let distance = try #require(u.transformed(by: g).distance(from: gauge))
        #expect(distance > 0.5 && distance < 2, "\(distance)")
      }
      // Time links may turn in Coulomb gauge.
      for site in 0..<u.geometry.volume {
        let phase = Double(site % 5)
        u[site, 2] = ComplexMatrix(n: group.n) { i, j in
          i != j ? 0 : Complex(length: 1, phase: i == 0 ? phase : i == 1 ? -phase : 0)
        }
      }
      #expect(try #require(u.distance(from: .coulomb)) < 1e-14)
      #expect(try #require(u.distance(from: .landau)) > 0.1)
    }
    // Unit links have nothing to tell it by.
    #expect(
      try LinkField<Double>(try Geometry([3, 4]), group: .su3).distance(from: .landau) == nil)
  }
}
