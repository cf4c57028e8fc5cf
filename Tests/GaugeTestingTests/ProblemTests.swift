import GaugeTesting
import Testing

/// Code that cannot be examined is named as such, never as a broken symmetry.
@Suite("Problems of code under test", .serialized)
struct ProblemTests {
  struct Refusal: Error, CustomStringConvertible {
    let description = "no odd extents please"
  }

  static let plan = CheckPlan(.su2, [3, 3])

  func report(_ observable: @escaping (PlainLinks) throws -> [Double]) -> SuiteReport {
    CheckSuite.gauge(.observable("code", observable), Self.plan)
  }

  func expectProblem(_ report: SuiteReport, _ words: String) {
    #expect(report.problem != nil && !report.holds && !report.isBroken, "\(report)")
    #expect("\(report)".contains(words) && !"\(report)".contains("BROKEN"), "\(report)")
  }

  @Test("errors")
  func throwing() {
    expectProblem(report { _ in throw Refusal() }, "threw an error: no odd extents please")
    // Only on some calls.
    var calls = 0
    let late = report { u in
      calls += 1
      if calls > 20 { throw Refusal() }
      return [u.meanPlaquette()]
    }
    expectProblem(late, "threw an error")
  }

  @Test("nan and infinity", arguments: [Double.nan, .infinity])
  func notFinite(_ value: Double) {
    expectProblem(
      report { [$0.meanPlaquette(), value] }, "returned \(value) at output 1")
    // Only of transformed fields.
    var first: PlainLinks?
    let moved = report { u in
      if first == nil { first = u }
      return [u == first || u[0, 0] == .identity(2) ? 1 : value, u.meanPlaquette()]
    }
    expectProblem(moved, "returned \(value) at output 0")
  }

  @Test("another shape of the output")
  func shapes() {
    var calls = 0
    let numbers = report { u in
      calls += 1
      return Array(repeating: u.meanPlaquette(), count: calls > 10 ? 2 : 1)
    }
    expectProblem(numbers, "changed the shape of its output: expected 1 number, found 2 numbers")
    expectProblem(report { _ in [] }, "could not have failed")
    let lattice = CheckSuite.gauge(
      .map("other lattice") { (u: PlainLinks) in
        PlainLinks(
          zeros: try Geometry(u.extents.map { $0 + Int(u.elements[0].magnitude * 9) }), n: u.n)
      }, Self.plan)
    expectProblem(lattice, "changed the shape of its output")
    let blocked = CheckSuite.gauge(
      .map("blocked") { (u: PlainLinks) in PlainLinks(zeros: try Geometry([2, 2]), n: u.n) },
      Self.plan)
    expectProblem(blocked, "expected fields of SU(2) on 3x3, found SU(2) on 2x2")
    let field = CheckSuite.translation(
      .siteField("other colours") { (u: PlainLinks) in PlainSites(zeros: u.geometry, n: 3) },
      Self.plan)
    expectProblem(field, "found SU(3) on 3x3")
  }

  @Test("outputs that do not repeat")
  func random() {
    var generator = SystemRandomNumberGenerator()
    let noisy = report { [$0.meanPlaquette() + Double.random(in: 0...1, using: &generator)] }
    expectProblem(noisy, "is not deterministic")
    var calls = 0
    // Every seventh call only, so that the first repetition is fine.
    let rare = report { u in
      calls += 1
      return [u.meanPlaquette() + (calls % 7 == 0 ? 0.5 : 0)]
    }
    expectProblem(rare, "is not deterministic")
    // Sums in another order are no such thing.
    calls = 0
    let rounded = report { u in
      calls += 1
      return [u.meanPlaquette() * (calls % 2 == 0 ? 1 + 0x1p-52 : 1)]
    }
    #expect(rounded.holds, "\(rounded)")
  }

  @Test("constant output and zero fields", arguments: [0.0, 1, 7])
  func constant(_ value: Double) {
    expectProblem(report { _ in [value] }, "could not have failed")
    expectProblem(
      CheckSuite.translation(.observable("code") { (_: PlainLinks) in value }, Self.plan),
      "could not have failed")
    var one = Self.plan
    one.inputs = [.haar]
    expectProblem(
      CheckSuite.gauge(.observable("code") { (_: PlainLinks) in value }, one),
      "could not have failed")
    let zero = CheckSuite.gauge(
      .map("zero") { (u: PlainLinks) in PlainLinks(zeros: u.geometry, n: u.n) }, Self.plan)
    expectProblem(zero, "could not have failed")
    // Of one group only: the imaginary part of traces of SU(2).
    var plan = Self.plan
    plan.groups = [.su3, .su2]
    let silent = CheckSuite.gauge(
      .observable("imaginary part") { (u: PlainLinks) in u.polyakovLoop()[1] }, plan)
    expectProblem(silent, "SU(2)")
  }

  @Test("plans that cannot be carried out")
  func plans() {
    var plan = CheckPlan()
    plan.lattices = []
    let code = CheckedCode.observable("code") { (u: PlainLinks) in u.meanPlaquette() }
    expectProblem(CheckSuite.gauge(code, plan), "no lattices or no precisions")
    plan.lattices = [[1, 4]]
    expectProblem(CheckSuite.gauge(code, plan), "every extent must be 2 or more")
    expectProblem(
      CheckSuite.lattice(
        .observable("code", labels: .planes) { (u: PlainLinks) in
          [u.meanPlaquette(), 2 * u.meanPlaquette()]
        }, CheckPlan(.su2, [2, 3, 2])), "cannot be labelled")
    expectProblem(CheckSuite.translation(code, by: [[3, -3]], Self.plan), "no transformations")
    plan = Self.plan
    plan.transformations = []
    expectProblem(CheckSuite.gauge(code, plan), "no transformations")
  }
}
