import Foundation
import TestSupport
import Testing

@Suite("gauge fix")
struct FixCommandTests {
  private func fix(_ arguments: [String]) throws -> (status: Int32, json: [String: Any]) {
    let result = try Tool.run(["fix"] + arguments + ["--json"])
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return (result.status, try #require(json as? [String: Any]))
  }

  @Test(
    "a configuration is fixed, keeps its plaquette and is known as fixed",
    arguments: [("landau", "fourier"), ("coulomb", "descent"), ("coulomb", "overrelaxation")])
  func fixes(gauge: String, method: String) throws {
    let folder = try TemporaryFolder()
    let file = try #require(
      try Tool.sample(
        "--group su3 --lattice 4,4,4,4 --beta 6.0 --format ildg", in: folder
      ).last)
    let fixed = folder.path + "/fixed.ildg"
    let (status, json) = try fix([file, fixed, "--gauge", gauge, "--method", method])
    #expect(status == 0 && json["isConverged"] as? Bool == true)
    #expect(try #require(json["theta"] as? Double) < 1e-12)
    #expect(try #require(json["thetaBefore"] as? Double) > 0.1)
    #expect(
      try #require(json["functional"] as? Double) > #require(json["functionalBefore"] as? Double))
    func plaquette(_ path: String) throws -> Double {
      let result = try Tool.run(["measure", path, "--json"])
      let text = try #require(result.output.firstMatch(of: /"plaquette": *([0-9.e-]+)/))
      return try #require(Double(text.1))
    }
    #expect(abs(try plaquette(file) - plaquette(fixed)) < 1e-12)
    // Fixed once, nothing is left to be done.
    let (_, again) = try fix([fixed, fixed + "2", "--gauge", gauge, "--tolerance", "1e-11"])
    #expect(again["iterations"] as? Int == 0)
  }

  @Test(
    "what does not converge ends with the residual and status 1; nonsense with 64, damage with 65")
  func failures() throws {
    let folder = try TemporaryFolder()
    let file = try #require(
      try Tool.sample("--group su2 --lattice 4,4 --beta 2", in: folder).last)
    let out = folder.path + "/out.ildg"
    let (status, json) = try fix([file, out, "--gauge", "landau", "--max-iterations", "2"])
    #expect(status == 1 && json["isConverged"] as? Bool == false)
    #expect(json["iterations"] as? Int == 2)
    #expect(FileManager.default.fileExists(atPath: out))
    #expect(try Tool.run(["fix", file, out]).status == 64)
    #expect(try Tool.run(["fix", file, out, "--gauge", "axial"]).status == 64)
    #expect(try Tool.run(["fix", file, out, "--gauge", "landau", "--tolerance", "0"]).status == 64)
    #expect(
      try Tool.run([
        "fix", file, out, "--gauge", "landau", "--omega", "2", "--method", "overrelaxation",
      ]).status == 64)
    // Settings that nothing uses.
    #expect(try Tool.run(["fix", file, out, "--gauge", "landau", "--omega", "1.5"]).status == 64)
    let unused = ["--method", "overrelaxation", "--step", "1"]
    #expect(try Tool.run(["fix", file, out, "--gauge", "landau"] + unused).status == 64)
    #expect(try Tool.run(["fix", file + "-no", out, "--gauge", "landau"]).status == 66)
  }
}
