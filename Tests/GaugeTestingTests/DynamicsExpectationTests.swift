import Foundation
import GaugeTesting
import Loops
import Sampling
import Testing

/// Forces, integrators and updaters, through plain arrays, our fields and a user's own.
@Suite("Expectations of actions and updaters", .serialized)
struct DynamicsExpectationTests {
  static let small: CheckPlan = {
    var plan = CheckPlan(seed: 4)
    plan.lattices = [[2, 3], [3, 2, 3]]
    return plan
  }()

  /// The force of S = beta sum (1 - Re tr P / N), out of plain matrices.
  static func force(_ u: PlainLinks, beta: Double, factor: Double = 1) -> PlainLinks {
    var result = PlainLinks(zeros: u.geometry, n: u.n)
    for x in 0..<u.volume {
      for mu in 0..<u.dimension {
        var staples = ComplexMatrix.zero(u.n)
        for nu in 0..<u.dimension where nu != mu {
          let (ahead, above, below) = (u.step(x, mu), u.step(x, nu), u.step(x, nu, -1))
          staples =
            staples + u[ahead, nu] * u[above, mu].adjoint * u[x, nu].adjoint
            + u[u.step(ahead, nu, -1), nu].adjoint * u[below, mu].adjoint * u[below, nu]
        }
        result[x, mu] =
          Complex(factor * beta / Double(u.n)) * (u[x, mu] * staples).tracelessAntihermitian
      }
    }
    return result
  }

  static func value(_ u: PlainLinks, beta: Double) -> Double {
    beta * Double(u.volume * u.geometry.planes.count) * (1 - u.meanPlaquette())
  }

  @Test("a force out of plain matrices, and our actions, pass")
  func right() throws {
    expectForceMatchesAction(
      "plain Wilson", Self.small, value: { (u: PlainLinks) in Self.value(u, beta: 2) },
      force: { (u: PlainLinks) in Self.force(u, beta: 2) })
    expectForceMatchesAction(
      "own Wilson", Self.small, value: { (u: OwnField) in Self.value(try u.plain, beta: 2) },
      force: { (u: OwnField) in OwnField(plain: Self.force(try u.plain, beta: 2)) })
    expectForceMatchesAction(try WilsonAction(beta: 2, dimension: 2), CheckPlan(.su3, [3, 2]))
    let action = try WilsonAction(beta: 3, dimension: 2)
    expectForceMatchesAction(
      "single precision", CheckPlan(.su3, [3, 2]),
      value: { (u: LinkField<Float>) in action.value(of: u) },
      force: { (u: LinkField<Float>) in action.force(of: u) })
    expectGradientMatches(
      "link gradient", CheckPlan(.su2, [2, 3]),
      value: { (u: PlainLinks) in Self.value(u, beta: 1) },
      gradient: { (u: PlainLinks) in Self.force(u, beta: 1) })
  }

  @Test("a force with a wrong factor, and one of one link, are caught and shrunk")
  func wrongForce() throws {
    let factor = CheckSuite.force(
      of: "factor", Self.small, value: { (u: PlainLinks) in Self.value(u, beta: 2) },
      force: { (u: PlainLinks) in Self.force(u, beta: 2, factor: 1.001) })
    #expect(factor.isBroken && factor.smallest!.setting.contains("U(1) on 2x2"), "\(factor)")
    #expect(factor.smallest!.place.contains("direction"), "\(factor)")
    let place = CheckSuite.force(
      of: "one link", CheckPlan(.su3, [2, 3]),
      value: { (u: OwnField) in Self.value(try u.plain, beta: 2) },
      force: { (u: OwnField) in
        var f = Self.force(try u.plain, beta: 2)
        f[3, 1] = f[3, 1].adjoint
        return f
      })
    #expect(place.isBroken, "\(place)")
    #expect("\(place.smallest!)".contains("site [1, 1], direction 1"), "\(place)")
    let outside = CheckSuite.force(
      of: "not projected", CheckPlan(.su3, [2, 3]),
      value: { (u: PlainLinks) in Self.value(u, beta: 2) },
      force: { (u: PlainLinks) in
        var f = Self.force(u, beta: 2)
        f[2, 0] = f[2, 0] + Complex(0, 0.1) * .identity(3)
        return f
      })
    #expect(outside.isBroken && "\(outside)".contains("site [0, 1], direction 0"), "\(outside)")
    withKnownIssue {
      expectForceMatchesAction(
        "no force", CheckPlan(.su2, [2, 3]),
        value: { (u: PlainLinks) in u.meanPlaquette() },
        force: { (u: PlainLinks) in PlainLinks(zeros: u.geometry, n: u.n) })
    }
  }

  @Test("problems of a value and a force")
  func problems() {
    struct Refusal: Error {}
    let plan = CheckPlan(.su2, [2, 3])
    let reports = [
      CheckSuite.force(
        of: "throwing force", plan, value: { (u: PlainLinks) in u.meanPlaquette() },
        force: { (u: PlainLinks) throws -> PlainLinks in throw Refusal() }),
      CheckSuite.force(
        of: "nan", plan, value: { (u: PlainLinks) in .nan }, force: { (u: PlainLinks) in u }),
      CheckSuite.force(
        of: "constant", plan, value: { (u: PlainLinks) in 3 },
        force: { (u: PlainLinks) in PlainLinks(zeros: u.geometry, n: u.n) }),
    ]
    for (report, words) in zip(
      reports, ["threw an error", "returned nan", "could not have failed"])
    {
      #expect(report.problem != nil && "\(report)".contains(words), "\(report)")
    }
    // A force where there is a value that does not depend on the links.
    let forced = CheckSuite.force(
      of: "forced", plan, value: { (u: PlainLinks) in 3 },
      force: { (u: PlainLinks) in Self.force(u, beta: 1) })
    #expect(!forced.holds, "\(forced)")
  }

  /// Leapfrog steps of plain arrays, with a mistake in the last kick.
  static func leapfrog(
    _ u: inout PlainLinks, _ p: inout PlainLinks, lastKick: Double = 0.5
  ) {
    let h = 0.1
    func kick(_ factor: Double) {
      let f = force(u, beta: 2)
      for k in p.elements.indices { p.elements[k] -= 0.5 * h * factor * f.elements[k] }
    }
    for _ in 0..<3 {
      kick(0.5)
      var field: LinkField<Double> = u.linkField()
      field.multiplyByExponential(of: p.algebraField(Double.self), times: h)
      u = PlainLinks(field)
      kick(lastKick)
    }
  }

  @Test("integrators: reversible, not reversible, not moving")
  func reversible() throws {
    expectReversible("leapfrog", Self.small) { (u: inout PlainLinks, p: inout PlainLinks) in
      Self.leapfrog(&u, &p)
    }
    let dynamics = MolecularDynamics([.init(try WilsonAction(beta: 2, dimension: 2), steps: 4)])
    expectReversible("omelyan", CheckPlan(.su3, [3, 2])) {
      (u: inout LinkField<Double>, p: inout AlgebraField<Double>) in dynamics.integrate(&u, &p)
    }
    expectReversible("omelyan", CheckPlan(.su3, [3, 2])) {
      (u: inout LinkField<Float>, p: inout AlgebraField<Float>) in dynamics.integrate(&u, &p)
    }
    let wrong = CheckSuite.reversibility(
      .trajectory("lame leapfrog") { (u: inout PlainLinks, p: inout PlainLinks) in
        Self.leapfrog(&u, &p, lastKick: 0.45)
      }, Self.small)
    #expect(wrong.isBroken && wrong.smallest!.setting.contains("U(1) on 2x2"), "\(wrong)")
    #expect(wrong.smallest!.place.contains("site"), "\(wrong)")
    let still = CheckSuite.reversibility(
      .trajectory("still") { (_: inout PlainLinks, _: inout PlainLinks) in }, Self.small)
    #expect(still.problem != nil && "\(still)".contains("did not move"), "\(still)")
    // The way there repeats itself, the way back does not.
    var (ends, ways) = ([PlainLinks](), 0)
    let unsteady = CheckSuite.reversibility(
      .trajectory("unsteady") { (u: inout PlainLinks, p: inout PlainLinks) in
        let isWayBack = ends.contains(u)
        Self.leapfrog(&u, &p)
        if isWayBack {
          ways += 1
          for k in p.elements.indices { p.elements[k] *= 1 + 0.01 * Double(ways) }
        } else {
          ends.append(u)
        }
      }, Self.small)
    guard case .notDeterministic(.momentum, _) = unsteady.problem else {
      Issue.record("\(unsteady)")
      return
    }
    #expect("\(unsteady)".contains("the way back"), "\(unsteady)")
    withKnownIssue {
      expectReversible("one way", CheckPlan(.su2, [2, 2])) {
        (u: inout PlainLinks, p: inout PlainLinks) in
        u[0, 0] = u[0, 0] * u[0, 0]
      }
    }
  }

  @Test("updaters: balanced, prejudiced, throwing and still")
  func balance() throws {
    let action = try WilsonAction(beta: 2, dimension: 2)
    expectDetailedBalance("heat bath", beta: 2) { (u: inout LinkField<Double>, number) in
      HeatBath(action: action, seed: number).update(&u, sweep: 0)
    }
    // Metropolis' test by a user's own field, right and with a wrong coupling.
    func metropolis(_ u: inout OwnField, _ number: UInt64, _ beta: Double) throws {
      var plain = try u.plain
      var random = LinkField<Double>(try LinkField<Double>(Geometry(u.extents), group: .su2))
      random.setNearUnit(epsilon: 0.5, seed: number)
      for x in 0..<plain.volume {
        for mu in 0..<2 {
          var proposal = plain
          proposal[x, mu] = random[x, mu] * plain[x, mu]
          let change = Self.value(proposal, beta: beta) - Self.value(plain, beta: beta)
          let uniform = RandomStream(seed: number, purpose: .metropolis).uniforms(
            UInt32(2 * x + mu)
          ).0
          if uniform < exp(-change) { plain = proposal }
        }
      }
      u = OwnField(plain: plain)
    }
    let effort = SamplingEffort(replicas: 128, updates: 40, thermalization: 5)
    expectDetailedBalance("metropolis", beta: 2, effort: effort) { (u: inout OwnField, number) in
      try metropolis(&u, number, 2)
    }
    let wrong = CheckSuite.detailedBalance(
      of: "wrong coupling", beta: 2, CheckPlan(.su2, [2, 2]), effort: effort
    ) { (u: inout OwnField, number) in try metropolis(&u, number, 2.4) }
    #expect(!wrong.holds && wrong.problem == nil && "\(wrong)".contains("plaquette"), "\(wrong)")
    struct Refusal: Error {}
    let throwing = CheckSuite.detailedBalance(
      of: "throwing", beta: 2, CheckPlan(.su2, [2, 2]), effort: effort
    ) { (_: inout PlainLinks, _) in throw Refusal() }
    #expect(throwing.problem != nil && "\(throwing)".contains("threw"), "\(throwing)")
    let still = CheckSuite.detailedBalance(
      of: "still", beta: 2, CheckPlan(.su2, [2, 2]), effort: effort
    ) { (_: inout PlainLinks, _) in }
    #expect(still.problem != nil && !still.holds, "\(still)")
  }
}
