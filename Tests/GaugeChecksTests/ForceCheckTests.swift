import Foundation
import GaugeChecks
import Lattice
import Loops
import Testing

@Suite("Forces against values")
struct ForceCheckTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [4, 6]), (.u1, [3, 2, 4]), (.su2, [6, 4]), (.su2, [2, 3, 2, 2]), (.su3, [3, 5]),
    (.su3, [3, 2, 4]), (.su3, [2, 2, 3, 2]), (.su4, [2, 3, 2]), (.su(5), [3, 2]),
  ]

  @Test("the actions of the package", arguments: cases)
  func actions(_ group: GaugeGroup, _ extents: [Int]) throws {
    let d = extents.count
    let setting = try CheckSetting(extents, group, seed: 51)
    let wilson = try WilsonAction(beta: 2.5, anisotropy: 1.5, dimension: d)
    var actions: [any Action] = [
      wilson, try ImprovedAction.iwasaki(beta: 2.5, dimension: d),
      try ImprovedAction.symanzik(beta: 2.5, dimension: d),
    ]
    if d == 4 {
      actions.append(try ThetaAction(theta: 3, dimension: 4))
      actions.append(wilson + (try ThetaAction(theta: -2, dimension: 4)))
    }
    for action in actions {
      let report = try ForceCheck.forceMatchesAction(action, on: setting)
      #expect(report.holds && report.tolerance < 1e-8, "\(report)")
      #expect(!report.isPiecewiseConstant && !"\(report)".contains("\n"))
    }
  }

  @Test("open boundaries", arguments: [GaugeGroup.u1, .su3])
  func open(_ group: GaugeGroup) throws {
    let boundary = Boundary(isOpen: [false, false, true])
    let report = try ForceCheck.forceMatchesAction(
      WilsonAction(beta: 4, dimension: 3, boundaryWeight: 0.5),
      on: CheckSetting([3, 2, 4], group, seed: 52), boundary: boundary)
    #expect(report.holds, "\(report)")
  }

  @Test("single precision", arguments: [GaugeGroup.u1, .su2, .su3])
  func single(_ group: GaugeGroup) throws {
    let setting = try CheckSetting([3, 2, 4], group, seed: 53)
    let report = try ForceCheck.forceMatchesAction(
      WilsonAction(beta: 4, dimension: 3), on: setting, precision: Float.self)
    #expect(report.holds && report.tolerance < 0.1, "\(report)")
    let wrong = try ForceCheck.forceMatchesAction(
      MistakenWilson(beta: 4, mistake: .factorTwo), on: setting, precision: Float.self)
    #expect(!wrong.holds, "\(wrong)")
  }

  @Test(
    "mistakes everywhere are seen", arguments: [GaugeGroup.u1, .su2, .su3, .su4],
    ForceMistake.allCases)
  func everywhere(_ group: GaugeGroup, _ mistake: ForceMistake) throws {
    let report = try ForceCheck.forceMatchesAction(
      MistakenWilson(beta: 3, mistake: mistake), on: CheckSetting([3, 2, 4], group, seed: 54))
    // Some are none for a group.
    let isRight =
      mistake == .none || (mistake == .hardCodedThree && group == .su3)
      || (mistake == .subgroupOnly && group.n <= 2)
    #expect(isRight ? report.holds : report.isBroken && report.place != nil, "\(report)")
  }

  @Test("mistakes at one site are seen and named", arguments: [GaugeGroup.u1, .su2, .su3])
  func oneSite(_ group: GaugeGroup) throws {
    let setting = try CheckSetting([3, 2, 4], group, seed: 55)
    let site = setting.geometry.site(at: [2, 1, 3])
    for mistake in [ForceMistake.wrongNeighbour, .missingPlane, .missingDagger] {
      let report = try ForceCheck.forceMatchesAction(
        MistakenWilson(beta: 3, mistake: mistake, onlySite: site), on: setting)
      #expect(report.isBroken, "\(report)")
      #expect(report.place?.site == [2, 1, 3])
      #expect(report.expected != report.found)
      #expect("\(report)".contains("site [2, 1, 3], direction"))
      #expect("\(report)".contains("seed 55"))
    }
  }

  @Test("piecewise constant actions have no force")
  func piecewiseConstant() throws {
    let setting = try CheckSetting([4, 3], .u1, seed: 56)
    let theta = try ThetaAction(theta: 2, dimension: 2)
    let report = try ForceCheck.forceMatchesAction(theta, on: setting)
    #expect(report.holds && report.isPiecewiseConstant, "\(report)")
    let forced = try ForceCheck.forceMatchesAction(ForcedTheta(theta: theta), on: setting)
    #expect(forced.isBroken && forced.place?.site == [1, 0], "\(forced)")
    // With a smooth part it is an action like others.
    let sum = try ForceCheck.forceMatchesAction(
      ActionSum([try WilsonAction(beta: 1, dimension: 2), theta]),
      on: CheckSetting([4, 3], .u1, seed: 57))
    #expect(!sum.isPiecewiseConstant)
  }

  @Test("an action of nothing is told to be vacuous")
  func vacuous() throws {
    let report = try ForceCheck.forceMatchesAction(
      WilsonAction(beta: 0, dimension: 2), on: CheckSetting([4, 3], .su3, seed: 58))
    #expect(report.isVacuous && !report.holds && !report.isBroken, "\(report)")
    #expect(throws: ActionError.self) {
      try ForceCheck.forceMatchesAction(
        WilsonAction(beta: 1, dimension: 3), on: CheckSetting([4, 3], .su3, seed: 58))
    }
  }
}
