import Foundation
import Testing

/// The examples of symmetry detection in small; seeds are fixed.
///
/// Their pages stay in `reports`, or in the folder that `LATTICEGAUGE_REPORTS` names, for who keeps artefacts.
@Suite("Examples of symmetry detection")
struct SymmetryExampleTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Runs an example and returns the JSON that each of its pages holds.
  private func pages(_ name: String) throws -> [String: [String: Any]] {
    var environment = ProcessInfo.processInfo.environment
    let reports =
      environment["LATTICEGAUGE_REPORTS"].map { URL(fileURLWithPath: $0) }
      ?? Self.root.appendingPathComponent("reports")
    let folder = reports.appendingPathComponent(name)
    try? FileManager.default.removeItem(at: folder)
    environment["GAUGE"] = Tool.url.path
    let process = Process()
    process.executableURL = Self.root.appendingPathComponent("Examples/\(name)/run")
    process.arguments = ["--quick", folder.path]
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    var result: [String: [String: Any]] = [:]
    let schema = try JSONSchema(named: "detect")
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".html") {
      let page = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let start = try #require(page.range(of: "id=\"detection\">"))
      let end = try #require(page.range(of: "</script>"))
      let json = try #require(
        try JSONSerialization.jsonObject(
          with: Data(page[start.upperBound..<end.lowerBound].utf8)) as? [String: Any])
      #expect(try schema.violations(of: json) == [])
      #expect(page.contains("<svg") && page.contains(" detect "))
      result[String(file.dropLast(5))] = json
    }
    return result
  }

  private func broken(_ json: [String: Any]?) throws -> [[String: Any]] {
    try #require(json?["tests"] as? [[String: Any]]).filter { $0["verdict"] as? String == "broken" }
  }

  private func names(_ json: [String: Any]?) throws -> [String] {
    try #require(json?["survivingGroups"] as? [[String: Any]]).compactMap { $0["name"] as? String }
  }

  @Test("an anisotropy leaves one direction, its absence all")
  func anisotropy() throws {
    let pages = try pages("Anisotropy")
    #expect(try broken(pages["isotropic"]).isEmpty)
    #expect(try names(pages["isotropic"]) == ["B4"])
    #expect(
      try broken(pages["anisotropic"]).contains { $0["observable"] as? String == "plaquettes" })
    #expect(try names(pages["anisotropic"]) == ["Oh x T"])
  }

  @Test("an open boundary is a wall behind the last slice")
  func openBoundary() throws {
    let pages = try pages("OpenBoundary")
    #expect(try broken(pages["periodic"]).allSatisfy { $0["symmetry"] as? String == "point" })
    let walls = try broken(pages["open"])
    #expect(!walls.isEmpty)
    for wall in walls {
      #expect(wall["observable"] as? String == "plaquette along t")
      #expect((wall["place"] as? [String: Any])?["slice"] as? Double == 7.5)
    }
  }

  @Test("a theta term breaks parity and time reversal and leaves the elements of determinant +1")
  func thetaTerm() throws {
    let page = try pages("ThetaTerm")["theta"]
    let broken = try broken(page)
    #expect(Set(broken.compactMap { $0["symmetry"] as? String }) == ["point", "parity", "time"])
    #expect(broken.allSatisfy { $0["observable"] as? String == "topological charge" })
    #expect(try names(page) == ["B4+"])
  }

  @Test("the centre is disordered at strong coupling and ordered at weak")
  func deconfinement() throws {
    let pages = try pages("Deconfinement")
    let phases = try ["beta-4.5", "beta-5.5"].map { name in
      try #require((pages[name]?["center"] as? [String: Any])?["phase"] as? String)
    }
    #expect(phases == ["disordered", "ordered"])
    #expect(try broken(pages["beta-5.5"]).isEmpty)
  }
}
