import Foundation
import TestSupport
import Testing

/// Seeds are fixed; a symmetric ensemble raises an alarm at one seed in twenty.
@Suite("gauge detect")
struct DetectCommandTests {
  private func detect(_ arguments: [String], status: Int32 = 0) throws -> [String: Any] {
    let result = try Tool.run(["detect", "--json"] + arguments)
    #expect(result.status == status, "\(result.errors)")
    let json = try result.json()
    #expect(try JSONSchema(named: "detect").violations(of: json) == [])
    return json
  }

  private func orders(_ json: [String: Any]) throws -> [Int] {
    try #require(json["survivingGroups"] as? [[String: Any]]).compactMap { $0["order"] as? Int }
  }

  @Test("an anisotropy leaves the group of order 96, and a page tells so")
  func anisotropy() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group u1 --lattice 4,4,4,4 --beta 0.9 --xi0 1.15 --overrelaxation 1", sweeps: 240,
      every: 4, in: folder)
    let json = try detect(files + ["--symmetries", "point"])
    #expect(try orders(json) == [96])
    let groups = try #require(json["survivingGroups"] as? [[String: Any]])
    #expect(groups[0]["name"] as? String == "Oh x T")
    #expect(groups[0]["withChargeConjugation"] as? Bool == false)
    let tests = try #require(json["tests"] as? [[String: Any]])
    let keys: Set<String> = [
      "symmetry", "irrep", "statistic", "pValue", "correctedP", "effect", "effectError",
      "upperBound95", "verdict",
    ]
    #expect(tests.allSatisfy { keys.isSubset(of: Set($0.keys)) })
    #expect(tests.contains { $0["verdict"] as? String == "broken" })
    #expect(json["configurations"] as? Int == 60)
    #expect(json["notTested"] is [String])
    let again = try detect(files + ["--symmetries", "point", "--threads", "1"])
    #expect(again as NSDictionary == json as NSDictionary)

    #expect(try Tool.run(["detect"] + files + ["--expect", "Oh x T"]).status == 0)
    let generators = "x->y, y->x; y->z, z->y; t->-t"
    #expect(try Tool.run(["detect"] + files + ["--expect", generators]).status == 0)
    let page = folder.path + "/report.html"
    let rejected = try Tool.run(["detect"] + files + ["--expect", "B4", "--report", page])
    #expect(rejected.status == 1 && rejected.output.contains("rejected"))
    #expect(rejected.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("Oh x T") && html.contains("<svg") && html.contains("gauge"))
    #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("src="))
    #expect(html.components(separatedBy: "<script").count == 2)
    #expect(html.contains("<script type=\"application/json\" id=\"detection\">"))
  }

  @Test("a symmetric ensemble keeps all, and what SU(2) cannot say is said")
  func symmetric() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 4,4,4,2 --beta 2.0 --overrelaxation 1", sweeps: 120, every: 2,
      in: folder)
    let json = try detect(files)
    let tests = try #require(json["tests"] as? [[String: Any]])
    #expect(Set(tests.compactMap { $0["symmetry"] as? String }).contains("translation"))
    // But for what the shape breaks, and is known to.
    let broken = tests.filter {
      $0["verdict"] as? String == "broken"
        && $0["observable"] as? String != "plaquettes under B4 x C"
    }
    #expect(broken.isEmpty, "\(broken)")
    #expect(tests.contains { $0["observable"] as? String == "plaquettes under B4 x C" })
    #expect(try orders(json).contains(96))
    let notTested = try #require(json["notTested"] as? [String])
    #expect(notTested.contains { $0.contains("4x4x4x2 leaves Oh x T") })
    #expect(notTested.contains { $0.contains("charge: trivial") })
    #expect((json["center"] as? [String: Any])?["summary"] is String)
  }

  @Test("a wall is found with its place")
  func wall() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 8,4,4,4 --beta 2.2 --boundary open,periodic,periodic,periodic "
        + "--overrelaxation 1",
      sweeps: 240, every: 4, in: folder)
    let json = try detect(files + ["--symmetries", "translation"])
    let tests = try #require(json["tests"] as? [[String: Any]])
    let broken = tests.filter { $0["verdict"] as? String == "broken" }
    #expect(!broken.isEmpty)
    #expect(broken.allSatisfy { ($0["observable"] as? String)?.hasSuffix("along x") ?? false })
    let places = broken.compactMap { ($0["place"] as? [String: Any])?["slice"] as? Double }
    // Between slices 7 and 0.
    #expect(places.contains { $0 >= 6.5 || $0 <= 0.5 }, "\(places)")
  }

  @Test("what cannot be tested is one line that says why")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group u1 --lattice 4,4 --beta 1", sweeps: 12, every: 1, in: folder)
    let other = try TemporaryFolder()
    let stronger = try Tool.sample(
      "--group u1 --lattice 4,4 --beta 2", sweeps: 1, every: 1, in: other)
    let smaller = try TemporaryFolder()
    let lattice = try Tool.sample(
      "--group u1 --lattice 4,6 --beta 1", sweeps: 1, every: 1, in: smaller)
    let special = try TemporaryFolder()
    let group = try Tool.sample(
      "--group su2 --lattice 4,4 --beta 1", sweeps: 1, every: 1, in: special)
    let cases: [([String], Int32, [String])] = [
      (files + ["--symmetries", "point,rotation"], 64, ["'rotation'", "point"]),
      (files + ["--symmetries", "charge", "--expect", "B2"], 64, ["--expect", "point"]),
      (files + ["--expect", "B7"], 64, ["B7", "nearest"]),
      (files + ["--expect", "x->z"], 64, ["x->z"]),
      (files + ["--draws", "3"], 64, ["--draws"]),
      (files + stronger, 64, [stronger[0], "beta 1.0", "beta 2.0"]),
      (files + lattice, 64, [lattice[0], "[4, 4]", "[4, 6]"]),
      (files + group, 64, [group[0], "U(1)", "SU(2)"]),
      (files + ["--symmetries", "center"], 64, ["nothing can be tested", "U(1)"]),
      (Array(repeating: files[0], count: 12), 64, ["fluctuate"]),
      (files + ["--report", "/nowhere/report.html"], 73, ["/nowhere"]),
      (files + [folder.path + "/none"], 66, ["/none"]),
    ]
    for (arguments, status, words) in cases {
      let result = try Tool.run(["detect"] + arguments)
      #expect(result.status == status, "\(arguments.suffix(2)) \(result.errors)")
      #expect(result.errorLines.count == 1, "\(result.errors)")
      for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }
    let few = try detect(Array(files.prefix(3)) + ["--symmetries", "point"])
    let tests = try #require(few["tests"] as? [[String: Any]])
    #expect(tests.allSatisfy { $0["verdict"] as? String == "too little data" })
    #expect(tests.allSatisfy { $0["correctedP"] is NSNull })
  }
}
