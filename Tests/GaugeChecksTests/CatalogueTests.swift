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
        "suites", "symmetries",
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
}
