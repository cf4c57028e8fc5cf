import Foundation
import Testing

/// `gauge measure`, `info`, `convert` and `transform`, through the built tool.
@Suite struct FileCommandTests {
  private func sample(_ arguments: String, in folder: TemporaryFolder) throws -> String {
    try #require(try Tool.sample(arguments, thermalization: 10, in: folder).last)
  }

  private func measure(_ file: String, _ more: [String] = []) throws -> [String: Any] {
    let result = try Tool.run(["measure", file, "--json"] + more)
    #expect(result.status == 0, "\(result.errors)")
    return try #require((try result.json()["measurements"] as? [[String: Any]])?.first)
  }

  /// What does not exist is null, never 0.
  @Test(arguments: [
    ("u1", "6,5", ["topologicalChargeClover", "plaquetteSpatial"], "topologicalCharge"),
    ("su2", "4,3,2", ["topologicalCharge", "topologicalChargeClover"], "plaquetteSpatial"),
    ("su4", "2,3,2,4", ["topologicalCharge"], "topologicalChargeClover"),
    ("su3", "2,2,3,2,2", ["topologicalCharge", "topologicalChargeClover"], "energyClover"),
  ]) func nulls(group: String, lattice: String, absent: [String], present: String) throws {
    let folder = try TemporaryFolder()
    let file = try sample("--group \(group) --lattice \(lattice) --beta 2.5", in: folder)
    let m = try measure(file)
    for key in absent { #expect(m[key] is NSNull, "\(key)") }
    #expect(m[present] is Double)
    #expect(m["lattice"] as? [Int] == lattice.split(separator: ",").map { Int($0)! })
    #expect(m["checksum"] as? String == "ok")
    #expect((m["polyakov"] as? [Double])?.count == 2)
    #expect(try #require(m["unitarityViolation"] as? Double) < 1e-13)
  }

  /// A gauge transformation keeps the format, moves the links and nothing that is invariant.
  @Test(arguments: ["ildg", "scidac", "nersc", "npy"]) func transformed(format: String) throws {
    let folder = try TemporaryFolder()
    let file = try sample(
      "--group su3 --lattice 4,3,2,4 --beta 5.5 --format \(format)", in: folder)
    let out = folder.path + "/transformed"
    #expect(try Tool.run(["transform", file, out, "--seed", "9"]).status == 0)
    let (before, after) = (try measure(file), try measure(out))
    #expect(after["format"] as? String == format)
    for key in ["plaquette", "energyClover", "topologicalChargeClover"] {
      let (a, b) = (try #require(before[key] as? Double), try #require(after[key] as? Double))
      #expect(abs(a - b) < 1e-12)
    }
    let (a, b) = (before["linkTrace"] as? Double ?? 0, after["linkTrace"] as? Double ?? 0)
    #expect(abs(a - b) > 1e-3)
  }

  @Test func convertedThereAndBack() throws {
    let folder = try TemporaryFolder()
    let file = try sample("--group su3 --lattice 4,3,2,4 --beta 5.5", in: folder)
    var last = file
    for format in ["nersc", "npy", "scidac", "ildg"] {
      let next = folder.path + "/as-\(format)"
      #expect(try Tool.run(["convert", last, next, "--format", format]).status == 0)
      last = next
    }
    let (a, b) = (try measure(file), try measure(last))
    for key in ["plaquette", "linkTrace", "energyClover"] {
      #expect(a[key] as? Double == b[key] as? Double)
    }
    // The standards of ILDG and NERSC do not cover other groups and dimensions.
    let su2 = try TemporaryFolder()
    let other = try sample("--group su2 --lattice 4,4,4 --beta 2", in: su2)
    for format in ["ildg", "nersc"] {
      let target = su2.path + "/no"
      #expect(try Tool.run(["convert", other, target, "--format", format]).status == 64)
      #expect(!FileManager.default.fileExists(atPath: target))
    }
  }

  @Test func infoTellsTheTruth() throws {
    let folder = try TemporaryFolder()
    let file = try sample("--group su4 --lattice 2,3,2,4 --beta 10", in: folder)
    let result = try Tool.run(["info", file, "--json"])
    let info = try #require((try result.json()["files"] as? [[String: Any]])?.first)
    #expect(info["group"] as? String == "SU(4)")
    #expect(info["lattice"] as? [Int] == [2, 3, 2, 4])
    #expect(info["checksum"] as? String == "ok")
    // A group that is not in the file.
    #expect(try Tool.run(["info", file, "--group", "su3"]).status == 65)
  }

  /// One bad file does not cost the measurements of the good ones.
  @Test func badAmongGood() throws {
    let folder = try TemporaryFolder()
    let good = try sample("--group su2 --lattice 4,4 --beta 2", in: folder)
    let bad = folder.path + "/cut"
    try #require(FileManager.default.contents(atPath: good)).dropLast(100).write(
      to: URL(fileURLWithPath: bad))
    let result = try Tool.run(["measure", bad, good, "--json"])
    #expect(result.status == 65)
    #expect((try result.json()["measurements"] as? [Any])?.count == 1)
    #expect(result.errorLines.count == 1)
    #expect(try Tool.run(["measure", folder.path + "/none"]).status == 66)
    #expect(try Tool.run(["measure"]).status == 64)
    #expect(try Tool.run(["measure", good, "--nonsense"]).status == 64)
  }

  @Test(arguments: [
    "sample", "measure", "flow", "info", "convert", "transform", "check", "bench", "demo",
  ])
  func helpHasAnExample(verb: String) throws {
    let result = try Tool.run([verb, "--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("EXAMPLE"))
  }
}
