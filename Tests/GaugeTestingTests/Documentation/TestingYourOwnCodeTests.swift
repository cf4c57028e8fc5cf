import Foundation
import GaugeTesting
import Testing

func wilsonAction(_ u: PlainLinks) -> Double {
  var sum = 0.0
  for x in 0..<u.volume {
    for (mu, nu) in u.geometry.planes {
      let (right, up) = (u.neighbour(of: x, mu), u.neighbour(of: x, nu))
      let plaquette = u[x, mu] * u[right, nu] * u[up, mu].adjoint * u[x, nu]
      sum += 1 - plaquette.trace.real / Double(u.n)
    }
  }
  return 6 * sum
}

func plaquettes(_ u: PlainLinks, _ mu: Int, _ nu: Int) -> PlainSites {
  var field = PlainSites(zeros: u.geometry, n: u.n)
  for x in 0..<u.volume {
    let (right, up) = (u.neighbour(of: x, mu), u.neighbour(of: x, nu))
    field[x] = u[x, mu] * u[right, nu] * u[up, mu].adjoint * u[x, nu].adjoint
  }
  return field
}

func force(_ u: PlainLinks) -> PlainLinks {
  var result = PlainLinks(zeros: u.geometry, n: u.n)
  for x in 0..<u.volume {
    for mu in 0..<u.dimension {
      var sum = ComplexMatrix.zero(u.n)
      for nu in 0..<u.dimension where nu != mu {
        let (ahead, above) = (u.neighbour(of: x, mu), u.neighbour(of: x, nu))
        let below = u.neighbour(of: x, nu, -1)
        let corner = u.neighbour(of: ahead, nu, -1)
        sum = sum + u[ahead, nu] * u[above, mu].adjoint * u[x, nu].adjoint
        sum = sum + u[corner, nu].adjoint * u[below, mu].adjoint * u[below, nu]
      }
      result[x, mu] = Complex(6 / Double(u.n)) * (u[x, mu] * sum).tracelessAntihermitian
    }
  }
  return result
}

/// Links as your code keeps them.
struct MyField: PlainConvertible {
  var extents: [Int]
  /// [mu][site]
  var links: [[ComplexMatrix]]

  init(plain: PlainLinks) {
    extents = plain.extents
    links = (0..<plain.dimension).map { mu in (0..<plain.volume).map { plain[$0, mu] } }
  }

  var plain: PlainLinks {
    get throws {
      var result = PlainLinks(zeros: try Geometry(extents), n: links[0][0].n)
      for mu in links.indices {
        for x in links[mu].indices { result[x, mu] = links[mu][x] }
      }
      return result
    }
  }
}

/// The article "Testing your own code": its code, word for word.
@Suite("Testing your own code")
struct TestingYourOwnCodeTests {
  @Test func actionIsGaugeInvariant() {
    withKnownIssue {
      expectGaugeInvariant("my Wilson action") { (u: PlainLinks) in wilsonAction(u) }
    } matching: { issue in
      issue.comments.map(\.rawValue).joined().contains("BROKEN")
    }
  }

  func rightAction(_ u: PlainLinks) -> Double {
    var sum = 0.0
    for (mu, nu) in u.geometry.planes {
      let field = plaquettes(u, mu, nu)
      for x in 0..<u.volume { sum += 1 - field[x].trace.real / Double(u.n) }
    }
    return 6 * sum
  }

  @Test func everythingElse() {
    expectGaugeCovariant(.siteField("plaquettes") { (u: PlainLinks) in plaquettes(u, 0, 1) })

    expectForceMatchesAction(
      "my force", value: { (u: PlainLinks) in rightAction(u) },
      force: { (u: PlainLinks) in force(u) })

    expectGaugeInvariant("my action") { (u: MyField) in rightAction(try u.plain) }

    var plan = CheckPlan(seed: 7)
    plan.groups = [.su3]
    plan.lattices = [[4, 4, 4, 4]]
    plan.precisions = [.double]
    plan.tolerance = .operations(10_000)
    plan.adversarySteps = 5
    plan.inputs = [.haar, .nearUnit(0.3)]
    plan.transformations = [.haar, .localised]
    expectGaugeInvariant("my action in four dimensions", plan) { (u: PlainLinks) in rightAction(u) }

    expectGaugeInvariant(
      .observable("my plaquette") { (u: PlainLinks) in
        1 - rightAction(u) / Double(6 * u.volume * u.geometry.planes.count)
      }, knownAnswer: { [$0.plaquette] })
  }

  private var root: URL {
    (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
  }

  private func blocks(_ kind: String) throws -> [String] {
    let article = try String(
      contentsOf: root.appendingPathComponent(
        "Sources/GaugeTesting/GaugeTesting.docc/TestingYourOwnCode.md"), encoding: .utf8)
    return article.components(separatedBy: "```\(kind)\n").dropFirst()
      .map { lines($0.components(separatedBy: "```")[0]) }
  }

  private func lines(_ text: some StringProtocol) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  @Test("the article has no other code")
  func words() throws {
    let source = lines(try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8))
    let blocks = try blocks("swift")
    #expect(blocks.count == 9)
    for block in blocks.flatMap({ $0.hasPrefix("import") ? $0.components(separatedBy: "\n") : [$0] }
    ) {
      #expect(source.contains(block), "\(block)")
    }
  }

  @Test("the article shows what the test says")
  func output() throws {
    let report = CheckSuite.gauge(
      .observable("my Wilson action") { (u: PlainLinks) in wilsonAction(u) })
    let shown = try #require(blocks("text").first).components(separatedBy: "\n")
    let said = lines("\(report)").components(separatedBy: "\n")
    #expect(shown.count == 4 && said.count == 4)
    // Unit links have exact numbers, random ones the roundings of a machine.
    for (index, (a, b)) in zip(shown, said).enumerated() {
      let (first, second) = (
        a.components(separatedBy: ": expected"), b.components(separatedBy: ": expected")
      )
      #expect(index < 2 ? a == b : first[0] == second[0], "\(report)")
    }
  }
}
