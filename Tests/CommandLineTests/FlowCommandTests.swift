import Foundation
import Testing

/// `gauge flow`, through the built tool.
@Suite struct FlowCommandTests {
  private func flow(_ arguments: [String], status: Int32 = 0) throws -> Tool.Result {
    let result = try Tool.run(["flow"] + arguments)
    #expect(result.status == status, "\(result.errors)")
    return result
  }

  private func rows(_ json: [String: Any]) throws -> [[String: Any]] {
    try #require(json["flow"] as? [[String: Any]])
  }

  @Test func rowsAndKeys() throws {
    let folder = try TemporaryFolder()
    let file = try Tool.sample("--group su3 --lattice 4,4,4,4 --beta 6", in: folder)[0]
    let json = try flow([file, "--time", "0.25", "--step", "0.02", "--json"]).json()
    let rows = try rows(json)
    // 12 whole steps and a shorter one.
    #expect(rows.count == 14)
    #expect(rows.map { $0["t"] as? Double } == (0...12).map { Double($0) * 0.02 } + [0.25])
    for key in [
      "energyPlaquette", "energyClover", "energyCloverSpatial", "energyCloverTemporal",
      "topologicalChargeClover",
    ] {
      #expect(rows.allSatisfy { $0[key] is Double }, "\(key)")
    }
    let energies = rows.compactMap { $0["energyPlaquette"] as? Double }
    #expect(zip(energies, energies.dropFirst()).allSatisfy { $0 > $1 })
    #expect(json["t0"] is NSNull && json["w0"] is NSNull)
    #expect(json["steps"] as? Int == 13)
    // Rows at multiples only, and the same flow to the accuracy of the steps.
    let every = try flow([
      file, "--time", "0.25", "--every", "0.1", "--adaptive", "1e-6", "--json",
    ]).json()
    let few = try self.rows(every)
    #expect(few.map { $0["t"] as? Double } == [0, 0.1, 0.2, 0.25])
    let (a, b) = (energies.last!, try #require(few.last?["energyPlaquette"] as? Double))
    #expect(abs(a / b - 1) < 1e-4)
    #expect((every["stepError"] as? Double ?? 1) <= 1e-6)
  }

  /// Reports say which directions are open, and one ensemble has one boundary.
  @Test func openBoundary() throws {
    let folder = try TemporaryFolder()
    let open = try Tool.sample(
      "--group su2 --lattice 4,4,4 --beta 2 --boundary periodic,open,periodic", in: folder)[0]
    let json = try flow([open, "--time", "0.1", "--step", "0.05", "--json"]).json()
    #expect(json["boundary"] as? [String] == ["periodic", "open", "periodic"])
    let text = try flow([open, "--time", "0.1", "--step", "0.05"]).output
    #expect(text.contains("periodic,open,periodic"))
    // Without a site that has its whole clover there is no clover energy.
    let thin = try TemporaryFolder()
    let none = try Tool.sample(
      "--group u1 --lattice 4,2,4 --beta 2 --boundary periodic,open,open", in: thin)[0]
    #expect(try !flow([none, "--time", "0.1", "--step", "0.05"]).output.contains("nan"))
    let rows = try rows(flow([none, "--time", "0.1", "--json"]).json())
    #expect(rows.allSatisfy { $0["energyClover"] is NSNull && $0["energyPlaquette"] is Double })
    let other = try TemporaryFolder()
    let periodic = try Tool.sample("--group su2 --lattice 4,4,4 --beta 2", in: other)[0]
    let mixed = try flow([open, periodic, "--time", "0.1"], status: 64)
    #expect(mixed.errors.contains("boundary"))
  }

  /// What does not exist is null.
  @Test func twoDimensions() throws {
    let folder = try TemporaryFolder()
    let file = try Tool.sample("--group u1 --lattice 6,4 --beta 2", in: folder)[0]
    let json = try flow([file, "--time", "20", "--step", "0.1", "--every", "5", "--json"]).json()
    let rows = try rows(json)
    #expect(rows.count == 5)
    for row in rows {
      #expect(row["topologicalChargeClover"] is NSNull && row["energyCloverSpatial"] is NSNull)
      #expect(row["energyCloverTemporal"] is Double)
    }
    #expect(json["t0"] is NSNull)
    // U(1) has no scales; none is not a matter of flow time.
    let text = try flow([file, "--time", "1", "--step", "0.1"]).output
    #expect(text.contains("no t0 and w0 for U(1)") && !text.contains("not reached"))
  }

  @Test func reunitarizedFirst() throws {
    let folder = try TemporaryFolder()
    let file = try Tool.sample(
      "--group su2 --lattice 4,4,4,4 --beta 2.3 --precision f32", in: folder)[0]
    func violation(_ how: String) throws -> Double {
      let out = folder.path + "/\(how).lime"
      _ = try flow([file, "--time", "0.02", "--reunitarize", how, "--out", out])
      let m = try Tool.run(["measure", out, "--observables", "links", "--json"]).json()
      let row = try #require((m["measurements"] as? [[String: Any]])?.first)
      return try #require(row["unitarityViolation"] as? Double)
    }
    #expect(try violation("none") > 1e-9)
    #expect(try violation("rows") < 1e-13)
    #expect(try violation("polar") < 1e-13)
  }

  /// The scales of an ensemble have errors; of too few files they are null.
  @Test func ensembles() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 4,4,4,4 --beta 1.6", sweeps: 30, every: 5, in: folder)
    let options = ["--time", "2.5", "--adaptive", "1e-3", "--json"]
    let json = try flow(files + options).json()
    #expect((json["files"] as? [Any])?.count == 6)
    let t0 = try #require(json["t0"] as? Double)
    #expect(t0 > 0.3 && t0 < 2.5)
    #expect((json["t0Error"] as? Double ?? 0) > 0)
    #expect(json["binLength"] is Int)
    // So short a flow does not get there.
    let short = try flow(files + ["--time", "0.1", "--every", "0.05", "--json"]).json()
    #expect(short["t0"] is NSNull && short["t0Error"] is NSNull)
    let few = try flow(files.prefix(2) + ["--time", "0.1", "--json"])
    #expect(try few.json()["t0"] is NSNull)
    #expect(few.errorLines.count == 1)
    #expect(try flow(Array(files.prefix(2)) + ["--time", "0.1"]).output.contains("not reached"))
  }

  @Test func refusals() throws {
    let folder = try TemporaryFolder()
    let file = try Tool.sample("--group su2 --lattice 4,4 --beta 2", in: folder)[0]
    for bad in [
      ["--time", "1", "--step", "0"], ["--time", "1", "--step", "-0.1"], ["--time", "0"],
      ["--time", "nan"], ["--time", "1e300"], ["--time", "1", "--adaptive", "0"],
      ["--time", "1", "--every", "0"], ["--time", "1", "--step", "0.1", "--adaptive", "1e-4"],
      ["--time", "1", "--action", "clover"], ["--time", "1", "--reunitarize", "yes"], [],
      [file, "--time", "1", "--out", folder.path + "/two"],
    ] {
      let result = try flow([file] + bad, status: 64)
      #expect(result.output.isEmpty && !result.errors.isEmpty, "\(bad)")
    }
    let cut = folder.path + "/cut"
    try #require(FileManager.default.contents(atPath: file)).dropLast(100).write(
      to: URL(fileURLWithPath: cut))
    #expect(try flow([cut, "--time", "0.1"], status: 65).errorLines.count == 1)
    _ = try flow([folder.path + "/none", "--time", "0.1"], status: 66)
    // One bad file does not cost the flow of the other.
    let json = try flow([cut, file, "--time", "0.1", "--json"], status: 65).json()
    #expect((json["files"] as? [Any])?.count == 1)
    let other = try TemporaryFolder()
    let small = try Tool.sample("--group su2 --lattice 4,2 --beta 2", in: other)[0]
    #expect(try flow([file, small, "--time", "0.1"], status: 64).errors.contains("first file"))
  }
}
