import GaugeTesting
import Loops
import Sampling
import TestSupport
import Testing

/// Every observable of the package declares its symmetries, those of the lattice included; what is
/// declared holds, what is not is seen broken.
@Suite("Declarations of observables", .serialized)
struct ObservableDeclarationTests {
  /// Of every group a lattice or two of every dimension.
  static let plan: CheckPlan = {
    var plan = CheckPlan(seed: 41)
    plan.groups = [.u1, .su2, .su3, .su4]
    plan.lattices = [[3, 4], [2, 5], [3, 2, 4], [2, 3, 2, 3]]
    plan.adversarySteps = 20
    return plan
  }()

  static let four: CheckPlan = {
    var plan = CheckPlan(seed: 42)
    plan.groups = [.u1, .su2, .su3]
    plan.lattices = [[2, 3, 2, 3], [3, 2, 2, 4]]
    plan.adversarySteps = 10
    return plan
  }()

  static let even = DeclaredSymmetries(lattice: .hypercubic)

  @Test("plaquettes")
  func plaquettes() {
    expectSymmetries(
      Self.even, of: .observable("plaquette") { (u: LinkField<Double>) in u.plaquette() }, Self.plan
    )
    expectSymmetries(
      Self.even,
      of: .observable("plaquette") { (u: LinkField<Float>) in u.plaquette() }, Self.plan)
    expectSymmetries(
      Self.even,
      of: .observable("plane plaquettes", labels: .planes) { (u: LinkField<Double>) in
        u.planePlaquettes()
      }, Self.plan)
    var permutations = Self.even
    permutations.chargeConjugation = .conjugate
    permutations.lattice = .permutations
    // A reflected plaquette begins at another corner.
    expectSymmetries(
      permutations,
      of: .siteField("plaquette field", labels: .orientedPlanes) { (u: LinkField<Double>) in
        u.plaquetteField()
      }, Self.plan)
    expectGaugeInvariant(
      .observable("plaquette") { (u: LinkField<Double>) in u.plaquette() }, Self.plan,
      knownAnswer: { [$0.plaquette] })
  }

  @Test("Wilson loops: time is another direction than space")
  func wilsonLoops() {
    var plan = Self.plan
    plan.lattices = [[3, 4], [3, 4, 4], [2, 3, 2, 3]]
    expectSymmetries(
      DeclaredSymmetries(lattice: .spatial),
      of: .observable("Wilson loops") { (u: LinkField<Double>) in
        u.wilsonLoopTable(maximumR: 1, maximumT: 2).flatMap { $0.map { $0 ?? .nan } }
      }, plan)
    expectSymmetries(
      Self.even,
      of: .observable("mean rectangle") { (u: LinkField<Double>) in u.meanRectangle() ?? .nan },
      plan)
  }

  @Test("Wilson loops of smeared links for the static potential")
  func staticPotential() throws {
    var plan = Self.plan
    plan.lattices = [[3, 4, 4], [2, 3, 2, 3]]
    plan.inputs = [.nearUnit(0.3), .nearUnit(0.2), .abelianConstant]
    let (space, time) = (try Smearing(.ape(alpha: 0.4)), try Smearing(.stout(rho: 0.1)))
    expectSymmetries(
      DeclaredSymmetries(lattice: .spatial),
      of: .observable("static potential") { (u: LinkField<Double>) in
        u.staticPotentialLoops(maximumR: 1, maximumT: 2, smearing: space, timeSmearing: time)
      }, plan)
  }

  @Test("stored configurations", .enabled(if: SharedFolder.runs("configs")))
  func stored() throws {
    var plan = Self.plan
    plan.groups = [.su3]
    plan.lattices = [[2, 3]]
    for name in ["lat.sample.l4444.ildg", "heatbath_su3_beta5.7_4444.ildg"] {
      try plan.addStored(
        SharedFolder.url.appendingPathComponent("configs/\(name)").path, group: .su3,
        extents: [4, 4, 4, 4])
    }
    expectSymmetries(
      Self.even, of: .observable("plaquette") { (u: LinkField<Double>) in u.plaquette() }, plan)
  }

  @Test("Polyakov loops")
  func polyakovLoops() {
    let declared = DeclaredSymmetries(chargeConjugation: .conjugate, lattice: .hypercubic)
    var plan = Self.plan
    // In SU(2) traces are real, and conjugation is a gauge transformation.
    plan.groups = [.u1, .su3]
    expectSymmetries(
      declared,
      of: .observable("Polyakov loops", labels: .orientedDirections) { (u: LinkField<Double>) in
        (0..<u.dimension).map { u.polyakovLoop($0)! }
      }, plan)
    expectGaugeInvariant(
      .observable("Polyakov loop") { (u: LinkField<Double>) in u.polyakovLoop()! }, plan,
      knownAnswer: { field in
        let loop = field.polyakovLoop(field.geometry.dimension - 1)
        return [loop.real, loop.imaginary]
      })
    var spatial = declared
    spatial.lattice = .spatial
    expectSymmetries(
      spatial,
      of: .siteField("Polyakov field") { (u: LinkField<Double>) in
        u.polyakovLoopField(u.dimension - 1)
      }, plan)
  }

  @Test("clover energies, field strengths and charges")
  func clover() {
    expectSymmetries(
      Self.even,
      of: .observable("clover energy") { (u: LinkField<Double>) in u.cloverEnergy() }, Self.plan)
    expectSymmetries(
      DeclaredSymmetries(lattice: .spatial),
      of: .observable("spatial and temporal energy") { (u: LinkField<Double>) in
        [u.cloverObservables().energySpatial, u.cloverObservables().energyTemporal]
      }, Self.four)
    // F = (C - C^dagger) / (8i) gets a sign from conjugating i.
    expectSymmetries(
      DeclaredSymmetries(chargeConjugation: nil, lattice: .hypercubic),
      of: .siteField("field strength", labels: .fieldStrength) { (u: LinkField<Double>) in
        u.cloverFieldStrength()
      }, Self.plan)
    for definition in ChargeDefinition.allCases {
      // The charge changes sign with the orientation; plaquettes that begin at one corner only see it
      // on permutations alone.
      let lattice: AxisSymmetryGroup = definition == .plaquette ? .permutations : .hypercubic
      expectSymmetries(
        DeclaredSymmetries(lattice: lattice),
        of: .observable("\(definition) charge", labels: .pseudoscalar) { (u: LinkField<Double>) in
          u.topologicalCharge(definition) ?? .nan
        }, Self.four)
      expectSymmetries(
        DeclaredSymmetries(lattice: lattice),
        of: .siteNumbers("\(definition) charge density", labels: .pseudoscalar) {
          (u: LinkField<Double>) in
          PlainSiteNumbers(u.geometry, values: u.topologicalChargeDensity(definition)!)
        }, Self.four)
    }
    expectSymmetries(
      DeclaredSymmetries(lattice: .permutations),
      of: .siteNumbers("density from plaquettes", labels: .pseudoscalar) { (u: LinkField<Double>) in
        PlainSiteNumbers(u.plaquetteChargeDensity())
      }, Self.four)
  }

  @Test("the charge in two dimensions is odd")
  func twoDimensionalCharge() {
    var plan = CheckPlan(.u1, [6, 9], seed: 43)
    plan.lattices.append([5, 7])
    expectSymmetries(
      DeclaredSymmetries(chargeConjugation: .odd, lattice: .hypercubic),
      of: .observable("charge", labels: .pseudoscalar) { (u: LinkField<Double>) in
        u.topologicalCharge() ?? .nan
      }, plan)
  }

  @Test("the trace of links has the symmetries of space alone")
  func linkTrace() {
    expectSymmetries(
      DeclaredSymmetries(gauge: .none, lattice: .hypercubic),
      of: .observable("link trace") { (u: LinkField<Double>) in u.linkTrace() }, Self.plan)
  }

  @Test("an untraced loop out of steps has nothing but translations")
  func loop() throws {
    let path = try LatticePath("+x +x +t -x -t -x", dimension: 3)
    var plan = CheckPlan(.su3, [3, 4, 2], seed: 44)
    plan.groups = [.u1, .su3]
    expectSymmetries(
      DeclaredSymmetries(chargeConjugation: .conjugate),
      of: .observable("loop trace") { (u: LinkField<Double>) in u.loopTrace(path)! }, plan)
  }
}
