import ComplexModule
import Compute
import GaugeChecks
import Lattice
import Loops
import Sampling
import Testing

@Suite("Covariance of flows, smearings and trajectories", .serialized)
struct CovarianceCheckTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [4, 6]), (.su2, [3, 2, 4]), (.su3, [2, 3, 2, 2]), (.su3, [3, 4]), (.su4, [3, 2]),
  ]

  func expect(_ reports: [SymmetryReport]) {
    #expect(reports.map(\.symmetry) == ["gauge", "translation"])
    for report in reports { #expect(report.holds, "\(report)") }
  }

  @Test("gradient flows", arguments: cases)
  func flows(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 71)
    expect(
      try CovarianceCheck.flowCovariance(
        of: .wilson(group, dimension: extents.count), on: setting))
    expect(
      try CovarianceCheck.flowCovariance(
        of: .wilson(group, dimension: extents.count), on: setting, precision: Float.self))
    let improved = try ImprovedAction.symanzik(beta: Double(group.n), dimension: extents.count)
    expect(try CovarianceCheck.flowCovariance(of: GradientFlow(action: improved), on: setting))
  }

  @Test("smearings", arguments: cases)
  func smearings(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 72)
    for kind in [Smearing.Kind.stout(rho: 0.1), .ape(alpha: 0.4)] {
      let smearing = try Smearing(kind)
      expect(
        try CovarianceCheck.mapCovariance(of: "\(kind)", on: setting) {
          (u: LinkField<Double>) in u.smeared(smearing)
        })
    }
  }

  @Test("trajectories with momenta that are transformed along", arguments: cases)
  func trajectories(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 73)
    let action = try WilsonAction(beta: Double(group.n), dimension: extents.count)
    for integrator in [Integrator.leapfrog, .omelyan, .omf4] {
      let dynamics = MolecularDynamics([.init(action, integrator: integrator, steps: 4)])
      expect(try CovarianceCheck.dynamicsCovariance(of: dynamics, on: setting))
    }
  }

  @Test("a flow with another projection than TA is seen", arguments: [GaugeGroup.su2, .su3])
  func wrongProjection(_ group: GaugeGroup) throws {
    let setting = try CheckSetting([3, 4], group, seed: 74)
    let action = ChangedForce(action: try WilsonAction(beta: 3, dimension: 2)) { f in
      // Of the elements off the diagonal the real part is forgotten.
      ComplexMatrix(n: f.n) { Complex(0, f[$0, $1].imaginary) }
    }
    let reports = try CovarianceCheck.flowCovariance(
      of: GradientFlow(action: action), on: setting)
    #expect(reports[0].isBroken && !reports[0].holds, "\(reports[0])")
    #expect(reports[1].holds, "\(reports[1])")
  }

  @Test("a flow that knows its place is seen")
  func wrongPlace() throws {
    let setting = try CheckSetting([3, 4], .su3, seed: 75)
    let site = setting.geometry.site(at: [1, 2])
    let action = MistakenWilson(beta: 3, mistake: .factorTwo, onlySite: site)
    let reports = try CovarianceCheck.flowCovariance(
      of: GradientFlow(action: action), on: setting)
    #expect(reports[0].holds, "\(reports[0])")
    #expect(reports[1].isBroken, "\(reports[1])")
  }

  @Test("a smearing with a missing dagger, and trajectories with a force in a gauge, are seen")
  func planted() throws {
    let setting = try CheckSetting([3, 4], .su3, seed: 76)
    let smeared = try CovarianceCheck.mapCovariance(of: "planted", on: setting) {
      (u: LinkField<Double>) in
      var v = u
      v.multiplyByExponential(
        of: MistakenWilson(beta: 1, mistake: .missingDagger).force(of: u), times: -0.1)
      return v
    }
    #expect(smeared[0].isBroken, "\(smeared[0])")
    let action = MistakenWilson(beta: 3, mistake: .subgroupOnly)
    let reports = try CovarianceCheck.dynamicsCovariance(
      of: MolecularDynamics([.init(action, steps: 2)]), on: setting)
    #expect(reports[0].isBroken && reports[1].holds, "\(reports)")
    // Momenta that stay behind.
    let fixed = try CovarianceCheck.dynamicsCovariance(of: "fixed momenta", on: setting) {
      (u: inout LinkField<Double>, p: inout AlgebraField<Double>) in
      p.setMomenta(seed: 1, trajectory: 1)
      u.multiplyByExponential(of: p, times: 0.1)
    }
    #expect(fixed[0].isBroken && fixed[1].isBroken, "\(fixed)")
    #expect("\(fixed[0])".contains("direction"))
  }
}
