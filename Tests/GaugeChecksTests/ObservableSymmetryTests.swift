import GaugeChecks
import Lattice
import Loops
import Testing

/// Every observable of the package declares its symmetries; what is declared holds, what is not is
/// seen broken.
@Suite("Declared symmetries of observables", .serialized)
struct ObservableSymmetryTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [4, 6]), (.u1, [3, 5]), (.u1, [2, 3, 4]), (.u1, [2, 3, 2, 3]),
    (.su2, [4, 4]), (.su2, [3, 2, 4]), (.su2, [2, 2, 2, 4]),
    (.su3, [2, 3]), (.su3, [4, 2, 3]), (.su3, [2, 3, 2, 4]),
    (.su4, [5, 2]), (.su4, [2, 3, 2]), (.su4, [2, 2, 3, 2]),
  ]

  func expect(_ reports: [SymmetryReport]) {
    for report in reports { #expect(report.isAsDeclared, "\(report)") }
  }

  @Test("plaquettes, Wilson loops and clover energies: invariant, C even", arguments: cases)
  func even(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 11)
    let declared = DeclaredSymmetries(gauge: .all, translation: .all, chargeConjugation: .even)
    expect(
      try DeclaredSymmetries.verify(declared: declared, observable: "plane plaquettes", on: setting)
      { (u: LinkField<Double>) in u.planePlaquettes() })
    expect(
      try DeclaredSymmetries.verify(declared: declared, observable: "Wilson loops", on: setting) {
        (u: LinkField<Double>) in
        u.wilsonLoopTable(maximumR: 2, maximumT: 3).flatMap { $0.map { $0! } }
      })
    expect(
      try DeclaredSymmetries.verify(declared: declared, observable: "clover energy", on: setting) {
        (u: LinkField<Double>) in [u.cloverEnergy()]
      })
  }

  @Test(
    "the clover charge: invariant, C even",
    arguments: cases.filter { _, extents in extents.count == 4 })
  func cloverCharge(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 11)
    let declared = DeclaredSymmetries(gauge: .all, translation: .all, chargeConjugation: .even)
    expect(
      try DeclaredSymmetries.verify(declared: declared, observable: "clover charge", on: setting) {
        (u: LinkField<Double>) in
        ChargeDefinition.allCases.map { u.topologicalCharge($0) ?? .nan }
      })
  }

  @Test("Polyakov loops and loop traces: invariant, conjugated by C", arguments: cases)
  func conjugate(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 12)
    let declared = DeclaredSymmetries(chargeConjugation: .conjugate)
    expect(
      try DeclaredSymmetries.verify(declared: declared, observable: "Polyakov loops", on: setting) {
        (u: LinkField<Double>) in
        (0..<u.dimension).map { u.polyakovLoop($0)! }.flatMap { [$0.real, $0.imaginary] }
      })
    let path = try LatticePath("+x +x +t -x -t -x", dimension: extents.count)
    expect(
      try DeclaredSymmetries.verify(declared: declared, observable: "loop trace", on: setting) {
        (u: LinkField<Double>) in
        let z = u.loopTrace(path)!
        return [z.real, z.imaginary]
      })
  }

  @Test("site fields turn with their site", arguments: cases)
  func siteFields(_ group: GaugeGroup, _ extents: [Int]) throws {
    let setting = try CheckSetting(extents, group, seed: 13)
    let declared = DeclaredSymmetries(chargeConjugation: .conjugate)
    expect(
      try DeclaredSymmetries.verify(declared: declared, siteField: "plaquette field", on: setting) {
        (u: LinkField<Double>) in u.plaquetteField()
      })
    expect(
      try DeclaredSymmetries.verify(declared: declared, siteField: "Polyakov field", on: setting) {
        (u: LinkField<Double>) in u.polyakovLoopField(0)
      })
    // For SU(2) and others F = (C - C^dagger) / (8i) gets a sign from conjugating i: not declared.
    expect(
      try DeclaredSymmetries.verify(
        declared: DeclaredSymmetries(chargeConjugation: nil), siteField: "clover", on: setting
      ) { (u: LinkField<Double>) in u.cloverFieldStrength() })
  }

  @Test("the charge in two dimensions is odd under C", arguments: [[8, 8], [6, 9], [11, 7]])
  func oddCharge(_ extents: [Int]) throws {
    let setting = try CheckSetting(extents, .u1, seed: 14)
    expect(
      try DeclaredSymmetries.verify(
        declared: DeclaredSymmetries(chargeConjugation: .odd), observable: "charge", on: setting
      ) { (u: LinkField<Double>) in [u.topologicalCharge() ?? .nan] })
    // Rounded integers that are 0 on all inputs show nothing.
    let zero = try GaugeCheck.invariance(of: "zero charge", on: setting) {
      (u: LinkField<Double>) in [1e-17 * (u.linkTrace() + u.plaquette())]
    }
    #expect(zero.isVacuous && !zero.holds && !zero.isBroken, "\(zero)")
    #expect(
      try ChargeConjugationCheck.parity(.even, of: "charge", on: setting) {
        (u: LinkField<Double>) in [u.topologicalCharge() ?? .nan]
      }.isBroken)
  }

  @Test("the link trace is seen not to be gauge invariant", arguments: cases)
  func linkTrace(_ group: GaugeGroup, _ extents: [Int]) throws {
    expect(
      try DeclaredSymmetries.verify(
        declared: DeclaredSymmetries(gauge: .none), observable: "link trace",
        on: try CheckSetting(extents, group, seed: 15)
      ) { (u: LinkField<Double>) in [u.linkTrace()] })
  }

  @Test("an observable without parity or translations is seen as such")
  func neither() throws {
    let declared = DeclaredSymmetries(gauge: .all, translation: .none, chargeConjugation: nil)
    expect(
      try DeclaredSymmetries.verify(
        declared: declared, observable: "a loop at the origin",
        on: try CheckSetting([3, 4], .su3, seed: 16)
      ) { (u: LinkField<Double>) in
        let trace = u.plaquetteField()[0].trace
        return [trace.real + trace.imaginary]
      })
  }

  @Test("single precision", arguments: [(GaugeGroup.u1, [4, 6]), (.su3, [2, 3, 2, 4])])
  func single(_ group: GaugeGroup, _ extents: [Int]) throws {
    expect(
      try DeclaredSymmetries.verify(
        declared: DeclaredSymmetries(), observable: "plane plaquettes",
        on: try CheckSetting(extents, group, seed: 17)
      ) { (u: LinkField<Float>) in u.planePlaquettes() })
  }
}
