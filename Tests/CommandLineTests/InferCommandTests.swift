import Foundation
import TestSupport
import Testing

/// Seeds are fixed; with another one a comparison at 4 errors would fail once in ten thousand runs.
@Suite("gauge infer")
struct InferCommandTests {
  private func infer(_ arguments: [String]) throws -> [String: Any] {
    let result = try Tool.run(["infer", "--json"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try result.json()
  }

  private func estimate(_ value: Any?) throws -> (value: Double, error: Double) {
    let object = try #require(value as? [String: Any])
    return (
      try #require(object["value"] as? Double), try #require(object["error"] as? Double)
    )
  }

  private func expectCovered(
    _ json: Any?, _ exact: Double, error: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try estimate(json)
    #expect(
      abs(found.value - exact) < 4 * found.error && found.error < error, "\(found)",
      sourceLocation: sourceLocation)
  }

  @Test("the planted couplings and the anisotropy are found, whatever the threads")
  func planted() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 4,4,4,4 --beta 2.1 --xi0 1.2 --overrelaxation 1", sweeps: 180,
      every: 3, in: folder)
    #expect(files.count == 60)
    let json = try infer(files)
    #expect(
      Set(json.keys) == [
        "group", "lattice", "boundary", "couplings", "further", "anisotropy", "beta", "c1",
        "configurations", "bins", "binLength", "autocorrelation",
      ])
    let couplings = try #require(json["couplings"] as? [[String: Any]])
    #expect(couplings.map { $0["term"] as? String } == ["spatial", "temporal"])
    try expectCovered(couplings[0], 2.1 / 1.2, error: 0.05)
    try expectCovered(couplings[1], 2.1 * 1.2, error: 0.05)
    try expectCovered(json["anisotropy"], 1.2, error: 0.02)
    try expectCovered(json["beta"], 2.1, error: 0.05)
    let further = try #require(json["further"] as? [[String: Any]])
    #expect(further.map { $0["term"] as? String } == ["rectangle", "theta"])
    try expectCovered(further[0], 0, error: 0.05)
    try expectCovered(further[1], 0, error: 3)
    #expect(json["c1"] is NSNull && json["configurations"] as? Int == 60)
    let (bins, length) = (json["bins"] as? Int ?? 0, json["binLength"] as? Int ?? 0)
    #expect(bins >= 8 && bins == 60 / length)
    #expect(try #require(json["autocorrelation"] as? Double) >= 0.5)
    let again = try infer(files + ["--threads", "1"])
    #expect(again as NSDictionary == json as NSDictionary)

    let more = try infer(files + ["--terms", "plaquette,rectangle", "--bin-length", "5"])
    let terms = try #require(more["couplings"] as? [[String: Any]])
    #expect(terms.map { $0["term"] as? String } == ["plaquette", "rectangle"])
    #expect(more["anisotropy"] is NSNull && more["bins"] as? Int == 12)
    #expect(try estimate(more["c1"]).error > 0)
    #expect((more["further"] as? [[String: Any]])?.count == 1)
    let isotropic = try Tool.run(
      ["infer"] + files + ["--terms", "plaquette", "--further", "temporal"])
    #expect(isotropic.errorLines.count == 1 && isotropic.errors.contains("'temporal'"))
    let text = try Tool.run(["infer"] + files + ["--terms", "planes", "--further", "none"])
    #expect(text.status == 0 && !text.output.contains("if added") && text.errorLines.isEmpty)
    for name in ["plane-xy", "plane-zt", "xi0", "beta", "tau_int"] {
      #expect(text.output.contains(name))
    }
    #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("the weight of boundary slices is that of the files")
  func open() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group u1 --lattice 6,6,6 --beta 1.5 --boundary periodic,periodic,open "
        + "--boundary-weight 0.5 --overrelaxation 1",
      sweeps: 300, every: 3, in: folder)
    let right = try infer(files + ["--terms", "plaquette"])
    try expectCovered(right["beta"], 1.5, error: 0.05)
    #expect(right["boundary"] as? [String] == ["periodic", "periodic", "open"])
    let wrong = try estimate(
      infer(files + ["--terms", "plaquette", "--boundary-weight", "1"])["beta"])
    #expect(abs(wrong.value - 1.5) > 4 * wrong.error)
  }

  @Test("what cannot be inferred is one line that says why")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group u1 --lattice 4,4 --beta 1", sweeps: 12, every: 1, in: folder)
    let other = try TemporaryFolder()
    let wider = try Tool.sample(
      "--group u1 --lattice 4,6 --beta 1", sweeps: 1, every: 1, in: other)
    let third = try TemporaryFolder()
    let stronger = try Tool.sample(
      "--group u1 --lattice 4,4 --beta 2", sweeps: 1, every: 1, in: third)
    let cases: [([String], Int32, [String])] = [
      (Array(files.prefix(5)), 64, ["at least 8", "found 5"]),
      (files + ["--bin-length", "2"], 64, ["at least 16", "found 12"]),
      (files + ["--bin-length", "0"], 64, ["--bin-length"]),
      (files + ["--terms", "plaquette,loops"], 64, ["'loops'"]),
      (files + ["--further", "loops"], 64, ["'loops'"]),
      (files + ["--further", "plaquette"], 64, ["'plaquette' twice"]),
      (files + ["--terms", "spatial"], 64, ["'spatial'", "two dimensions"]),
      (files + ["--terms", "theta"], 64, ["'theta'", "four dimensions"]),
      (files + ["--terms", "plaquette,temporal"], 64, ["'temporal'", "'plaquette'"]),
      (files + wider, 64, [wider[0], "[4, 4]", "[4, 6]"]),
      (files + stronger, 64, [stronger[0], "beta 1.0", "beta 2.0"]),
      (Array(repeating: files[0], count: 9), 64, ["that differ", "9"]),
      (files + [folder.path + "/none"], 66, ["/none"]),
    ]
    for (arguments, status, words) in cases {
      let result = try Tool.run(["infer"] + arguments)
      #expect(result.status == status, "\(arguments.suffix(2)): \(result.errors)")
      #expect(result.errorLines.count == 1 && result.output.isEmpty, "\(result.errors)")
      for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }
  }
}
