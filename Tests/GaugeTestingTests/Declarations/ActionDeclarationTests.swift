import GaugeLayers
import GaugeTesting
import Loops
import Sampling
import Testing

/// Every action has the force of its value and declares its symmetries.
@Suite("Declarations of actions", .serialized)
struct ActionDeclarationTests {
  /// Actions of one dimension with the lattices, groups and symmetries that they declare.
  static func actions() throws -> [(any Action, CheckPlan, DeclaredSymmetries)] {
    var plan = CheckPlan(seed: 51)
    plan.groups = [.u1, .su2, .su3]
    plan.lattices = [[3, 2, 4]]
    plan.adversarySteps = 10
    var four = plan
    four.lattices = [[2, 3, 2, 3]]
    let all = DeclaredSymmetries(lattice: .hypercubic)
    let spatial = DeclaredSymmetries(lattice: .spatial)
    var twoDimensional = CheckPlan(.u1, [3, 5], seed: 52)
    twoDimensional.adversarySteps = 10
    return [
      (try WilsonAction(beta: 2, dimension: 3), plan, all),
      (try WilsonAction(beta: 2, anisotropy: 1.7, dimension: 3), plan, spatial),
      (try RectangleAction(beta: 2, dimension: 3), plan, all),
      (try ImprovedAction.symanzik(beta: 2, dimension: 3), plan, all),
      (try ImprovedAction.iwasaki(beta: 2, dimension: 4), four, all),
      (
        try WilsonAction(beta: 2, dimension: 4) + ThetaAction(theta: 3, dimension: 4), four,
        // The charge is odd under reflections.
        DeclaredSymmetries(lattice: .rotations)
      ),
      (
        ActionSum([try ThetaAction(theta: 3, dimension: 2)]), twoDimensional,
        DeclaredSymmetries(chargeConjugation: .odd, lattice: .rotations)
      ),
    ]
  }

  @Test("forces match values", arguments: 0..<7)
  func forces(_ index: Int) throws {
    let (action, plan, _) = try Self.actions()[index]
    expectForceMatchesAction(action, plan)
  }

  @Test("values", arguments: 0..<7)
  func values(_ index: Int) throws {
    let (action, plan, declared) = try Self.actions()[index]
    expectSymmetries(
      declared, of: .observable(action.name) { (u: LinkField<Double>) in action.value(of: u) }, plan
    )
  }

  @Test("trajectories, gradient flows and smearings", arguments: 0..<6)
  func maps(_ index: Int) throws {
    let (action, plan, declared) = try Self.actions()[index]
    var maps = declared
    maps.chargeConjugation = .conjugate
    let dynamics = MolecularDynamics([.init(action, steps: 2)], length: 0.3)
    expectSymmetries(
      maps,
      of: .trajectory("trajectories of \(action.name)") {
        (u: inout LinkField<Double>, p: inout AlgebraField<Double>) in dynamics.integrate(&u, &p)
      }, plan)
    expectReversible("trajectories of \(action.name)", plan) {
      (u: inout LinkField<Double>, p: inout AlgebraField<Double>) in dynamics.integrate(&u, &p)
    }
    let flow = GradientFlow(action: action)
    expectSymmetries(
      maps,
      of: .map("flow of \(action.name)") { (u: LinkField<Double>) in
        var v = u
        var accumulator = AlgebraField<Double>(layout: u.layout, group: u.group)
        for _ in 0..<2 { flow.step(&v, by: 0.02, accumulator: &accumulator) }
        return v
      }, plan)
  }

  @Test("smearings of links")
  func smearings() throws {
    var plan = CheckPlan(seed: 53)
    plan.groups = [.u1, .su2, .su3, .su4]
    plan.lattices = [[3, 4], [3, 2, 4], [2, 3, 2, 3]]
    plan.adversarySteps = 10
    plan.inputs = [.nearUnit(0.3), .nearUnit(0.2), .abelianConstant]
    let declared = DeclaredSymmetries(chargeConjugation: .conjugate, lattice: .hypercubic)
    for smearing in [
      try Smearing(.stout(rho: 0.1)), try Smearing(.ape(alpha: 0.4)), try Smearing("hyp"),
    ] {
      expectSymmetries(
        declared, of: .map("\(smearing)") { (u: LinkField<Double>) in u.smeared(smearing) }, plan)
    }
    let spatial = try Smearing(.stout(rho: 0.1), spatialOnly: true)
    var three = plan
    three.lattices = [[3, 2, 4]]
    expectSymmetries(
      DeclaredSymmetries(chargeConjugation: .conjugate, lattice: .spatial),
      of: .map("spatial stout") { (u: LinkField<Double>) in u.smeared(spatial) }, three)
  }
}
