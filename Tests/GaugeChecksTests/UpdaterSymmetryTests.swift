import GaugeChecks
import Lattice
import Loops
import Sampling
import Testing

/// Covariance of the updaters: exact, under a subgroup, or in law.
@Suite("Declared symmetries of updaters", .serialized)
struct UpdaterSymmetryTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [4, 6]), (.u1, [3, 5]), (.u1, [2, 4, 2, 4]), (.su2, [4, 4]), (.su2, [3, 2, 5]),
    (.su2, [2, 4, 2, 4]), (.su3, [4, 6]), (.su3, [3, 4, 2]), (.su3, [4, 2, 2, 4]), (.su4, [4, 2]),
    (.su4, [3, 3, 2]),
  ]

  @Test("overrelaxation", arguments: cases)
  func overrelaxation(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 21)
    let action = try WilsonAction(beta: 2, dimension: extents.count)
    // In three or more colours it goes through SU(2) subgroups of a fixed basis.
    let declared = DeclaredSymmetries(
      gauge: group.n <= 2 ? .all : .diagonal, translation: .even, chargeConjugation: .conjugate)
    let reports = try DeclaredSymmetries.verify(
      declared: declared, map: "overrelaxation", on: setting
    ) { (u: LinkField<Double>) in
      var v = u
      Overrelaxation(action: action).update(&v)
      return v
    }
    for report in reports { #expect(report.isAsDeclared, "\(report)") }
  }

  @Test("anisotropic overrelaxation", arguments: [GaugeGroup.u1, .su2, .su3])
  func anisotropic(_ group: GaugeGroup) throws {
    let action = try WilsonAction(beta: 2, anisotropy: 1.7, dimension: 3)
    let reports = try DeclaredSymmetries.verify(
      declared: DeclaredSymmetries(
        gauge: group.n <= 2 ? .all : .diagonal, translation: .even, chargeConjugation: .conjugate),
      map: "anisotropic overrelaxation", on: try CheckSetting([4, 2, 4], group, seed: 22)
    ) { (u: LinkField<Double>) in
      var v = u
      Overrelaxation(action: action).update(&v)
      return v
    }
    for report in reports { #expect(report.isAsDeclared, "\(report)") }
  }

  /// U(1): the new phase is drawn relative to the staples, which is covariant number by number.
  /// SU(N): the vector part of the quaternion refers to a basis of colour.
  @Test("a heat-bath sweep with given random numbers is covariant for U(1) only", arguments: cases)
  func heatBath(_ group: GaugeGroup, _ extents: [Int]) throws {
    let action = try WilsonAction(beta: 2, dimension: extents.count)
    let report = try GaugeCheck.covariance(
      ofMap: "heat bath", on: try CheckSetting(extents, group, seed: 23)
    ) { (u: LinkField<Double>) in
      var v = u
      HeatBath(action: action, seed: 5).update(&v, sweep: 0)
      return v
    }
    #expect(group == .u1 ? report.holds : report.isBroken, "\(report)")
  }

  /// The plaquette after one sweep from U and from U^g; for three or more colours, where the
  /// subgroups refer to a basis, after six, when the start is mostly forgotten. Six tests at 1e-4
  /// each: a false alarm in 1 of 1600 choices of seeds.
  @Test(
    "the heat bath is covariant in law",
    arguments: [
      (GaugeGroup.u1, [4, 4], 1), (.u1, [2, 3, 4], 1), (.su2, [4, 4], 1), (.su2, [2, 2, 2, 4], 1),
      (.su3, [4, 3], 6), (.su4, [2, 4], 6),
    ])
  func heatBathInLaw(_ group: GaugeGroup, _ extents: [Int], _ sweeps: Int) throws {
    let action = try WilsonAction(beta: 4, dimension: extents.count)
    let report = try GaugeCheck.covarianceInLaw(
      of: "heat bath", on: try CheckSetting(extents, group, seed: 24),
      update: { (u: inout LinkField<Double>, seed) in
        let heatBath = HeatBath(action: action, seed: seed)
        for sweep in 0..<sweeps { heatBath.update(&u, sweep: UInt32(sweep)) }
      }, observable: { $0.plaquette() })
    #expect(report.holds, "\(report)")
  }

  @Test("a random map that prefers a gauge is seen in law")
  func preferredGauge() throws {
    let action = try WilsonAction(beta: 40, dimension: 2)
    let report = try GaugeCheck.covarianceInLaw(
      of: "resets a link, then heat bath", on: try CheckSetting([4, 4], .su2, seed: 25),
      update: { (u: inout LinkField<Double>, seed) in
        for site in 0..<16 { u[site, 1] = .identity(2) }
        HeatBath(action: action, seed: seed).update(&u, sweep: 0)
      }, observable: { $0.plaquette() })
    #expect(!report.holds && !report.isVacuous, "\(report)")
    #expect("\(report)".contains("broken"))
  }
}
