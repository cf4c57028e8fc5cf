import Foundation
import TestSupport
import Testing

/// `gauge check` of built-in subjects, configurations and trained models, through the built tool.
@Suite(.serialized) struct CheckCommandTests {
  private func check(_ arguments: [String]) throws -> (status: Int32, json: [String: Any]) {
    let result = try Tool.run(["check", "--json"] + arguments)
    return (result.status, try result.json())
  }

  private func rows(_ json: [String: Any]) throws -> [[String: Any]] {
    try #require(json["checks"] as? [[String: Any]])
  }

  private func row(_ json: [String: Any], _ check: String) throws -> [String: Any] {
    try #require(try rows(json).first { $0["check"] as? String == check })
  }

  @Test("what is built in keeps what it declares, and what it does not declare is seen broken")
  func builtIn() throws {
    let (status, json) = try check([
      "observables", "actions/wilson", "updaters/overrelaxation", "--group", "su3", "--lattice",
      "2,3,4",
    ])
    #expect(status == 0)
    let rows = try rows(json)
    #expect(json["failures"] as? Int == 0 && json["count"] as? Int == rows.count)
    #expect(rows.allSatisfy { $0["passes"] as? Bool == true })
    #expect(rows.allSatisfy { $0["setting"] as? String == "SU(3) on 2x3x4" })
    let subjects = Set(rows.compactMap { $0["subject"] as? String })
    #expect(subjects.isSuperset(of: ["observables/plaquette", "actions/wilson-anisotropic"]))
    let broken = rows.filter { $0["verdict"] as? String == "seen broken" }
    #expect(broken.contains { $0["subject"] as? String == "observables/link-trace" })
    #expect(
      Set(rows[0].keys) == [
        "subject", "check", "setting", "deviation", "tolerance", "verdict", "passes", "detail",
      ])
  }

  @Test("single precision, another seed and the table")
  func table() throws {
    let result = try Tool.run(
      "check plain/loops --precision f32 --group su4 --lattice 3,4 --seed 7")
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("plain/loops") && result.output.contains("0 of them fail"))
    #expect(result.output.contains("seed 7"))
    #expect(try Tool.run("check --list").output.contains("updaters/heat-bath-balance\n"))
  }

  @Test("a subject that nothing bears, a lattice that is none, a file that is none")
  func refusals() throws {
    #expect(try Tool.run("check --only nonsense").status == 64)
    #expect(try Tool.run("check plain/loops --lattice 0,4").status == 64)
    #expect(try Tool.run("check /no/such/file").status == 66)
    let folder = try TemporaryFolder()
    let path = folder.path + "/damaged"
    try Data("nothing of a configuration".utf8).write(to: URL(fileURLWithPath: path))
    let result = try Tool.run(["check", path])
    #expect(result.status == 65 && result.errorLines.count == 1, "\(result.errors)")
    // Of subjects that do not exist on the lattice nothing was checked.
    let nothing = try Tool.run("check observables/clover-charge --lattice 4,4")
    #expect(nothing.status == 1 && nothing.output.contains("nothing was checked"))
  }

  @Test("a configuration is unitary, in no gauge, and agrees with its header")
  func configuration() throws {
    let folder = try TemporaryFolder()
    let file = try #require(
      try Tool.sample(
        "--group su3 --lattice 4,4,4,4 --beta 5.7 --format nersc", in: folder
      ).last)
    let (status, json) = try check([file])
    #expect(status == 0)
    for name in ["unitary", "determinant", "header's plaquette", "header's link trace"] {
      #expect(try row(json, name)["verdict"] as? String == "holds")
    }
    for name in ["Landau gauge", "Coulomb gauge", "links near 1", "plaquettes near 1"] {
      let row = try row(json, name)
      #expect(row["verdict"] as? String == "no" && row["passes"] as? Bool == true)
    }
    for name in ["gauge invariance", "translation invariance"] {
      #expect(try row(json, name)["verdict"] as? String == "holds")
    }
  }

  @Test("a plaquette in the header that is not that of the links is a violation")
  func header() throws {
    let folder = try TemporaryFolder()
    let file = try #require(
      try Tool.sample(
        "--group su3 --lattice 4,4,4,4 --beta 5.7 --format nersc", in: folder
      ).last)
    var data = try Data(contentsOf: URL(fileURLWithPath: file))
    let key = try #require(data.range(of: Data("PLAQUETTE = 0.".utf8)))
    let isOne = data[key.upperBound] == UInt8(ascii: "1")
    data[key.upperBound] = isOne ? UInt8(ascii: "2") : UInt8(ascii: "1")
    let path = folder.path + "/changed"
    try data.write(to: URL(fileURLWithPath: path))
    let (status, json) = try check([path])
    #expect(status == 1)
    #expect(try row(json, "header's plaquette")["verdict"] as? String == "violated")
    #expect(try row(json, "header's link trace")["verdict"] as? String == "holds")
  }

  @Test("links that are not unitary are a violation")
  func notUnitary() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/links.npy"
    // All links 2 on 2 x 2, group U(1): [mu, x, y, a, b] of complex128.
    var header = "{'descr': '<c16', 'fortran_order': False, 'shape': (2, 2, 2, 1, 1), }"
    header += String(repeating: " ", count: (64 - (10 + header.count + 1) % 64) % 64) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    data += [UInt8(header.count % 256), UInt8(header.count / 256)] + Array(header.utf8)
    for _ in 0..<8 { withUnsafeBytes(of: (2.0, 0.0)) { data += $0 } }
    try data.write(to: URL(fileURLWithPath: path))
    let (status, json) = try check([path])
    #expect(status == 1)
    #expect(try row(json, "unitary")["verdict"] as? String == "violated")
    #expect(try row(json, "determinant")["passes"] as? Bool == false)
  }

  @Test(
    "a public configuration in Coulomb gauge is known as such, its like in no gauge is not",
    .enabled(if: SharedFolder.runs("configs")))
  func coulomb() throws {
    for (name, coulomb) in [("lat.sample.l4448.gf", "yes"), ("lat.sample.l4448", "no")] {
      let path = SharedFolder.url.appendingPathComponent("configs/\(name)").path
      let (status, json) = try check([path])
      #expect(status == 0)
      #expect(try row(json, "Coulomb gauge")["verdict"] as? String == coulomb)
      #expect(try row(json, "Landau gauge")["verdict"] as? String == "no")
    }
  }

  @Test(
    "public configurations are what they say", .enabled(if: SharedFolder.runs("configs")),
    arguments: ["lat.sample.l4444", "nersc.l8t4b3360", "lat.sample.l4444.scidac"])
  func shared(_ name: String) throws {
    let path = SharedFolder.url.appendingPathComponent("configs/\(name)").path
    let result = try Tool.run(["check", path])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test("trained weights: layers and attacks; links as numbers are seen not to be invariant")
  func model() throws {
    let folder = try TemporaryFolder()
    func train(_ layers: [[String: Any]], _ name: String) throws -> String {
      let plan: [String: Any] = [
        "network": ["group": "su2", "dimension": 2, "layers": layers], "targets": ["W1x1"],
        "data": [
          "lattice": [4, 4], "betas": [1, 3], "sweeps": 5, "trainingPerBeta": 16,
          "validationPerBeta": 8, "testPerBeta": 8,
        ], "training": ["epochs": 2, "batch": 16, "rate": 0.01],
      ]
      let file = "\(folder.path)/\(name).json"
      try JSONSerialization.data(withJSONObject: plan).write(to: URL(fileURLWithPath: file))
      let out = "\(folder.path)/\(name)"
      let result = try Tool.run(["train", file, "--out", out])
      #expect(result.status == 0, "\(result.errors)")
      return out + "/best.safetensors"
    }
    let head: [[String: Any]] = [["layer": "mean"], ["layer": "dense", "channels": 1]]
    let equivariant = try train(
      [
        ["layer": "plaquettes"], ["layer": "convolutionBilinear", "channels": 2, "size": 2],
        ["layer": "trace"],
      ] + head, "equivariant")
    let (status, json) = try check([equivariant, "--lattice", "3,4"])
    #expect(status == 0)
    #expect(try row(json, "adversarial gauge attack")["verdict"] as? String == "holds")
    #expect(try rows(json).count == 12)
    let ordinary = try train(
      [
        ["layer": "linkImages"],
        ["layer": "ordinaryConvolution", "channels": 2, "size": 2, "function": "tanh"],
      ] + head, "ordinary")
    let (second, other) = try check([ordinary])
    #expect(second == 0)
    #expect(try row(other, "random gauge attack")["verdict"] as? String == "seen broken")
    // Another group than the network's.
    #expect(try Tool.run(["check", ordinary, "--group", "su3"]).status == 64)
  }
}
