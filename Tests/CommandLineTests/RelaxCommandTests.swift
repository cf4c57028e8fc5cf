import Foundation
import Testing

/// `gauge train --relax`, through the built tool.
@Suite("gauge train --relax")
struct RelaxCommandTests {
  private func plan(_ symmetry: String, _ folder: TemporaryFolder) throws -> String {
    let shared: [String: Any] = ["layer": "sharedConvolution", "size": 1]
    let object: [String: Any] = [
      "network": [
        "group": "su2", "dimension": 2, "symmetry": symmetry,
        "layers": [
          ["layer": "corners"],
          shared.merging(["channels": 2, "labels": "corners"]) { $1 },
          shared.merging(["channels": 1, "labels": "scalar"]) { $1 },
          ["layer": "trace"], ["layer": "mean"], ["layer": "dense", "channels": 1],
        ],
      ],
      "targets": ["W1x1"],
      "data": [
        "lattice": [4, 4], "betas": [1, 3], "sweeps": 5, "trainingPerBeta": 16,
        "validationPerBeta": 8, "testPerBeta": 8,
      ],
      "training": ["epochs": 2, "batch": 16, "rate": 0.01],
    ]
    let path = "\(folder.path)/\(symmetry).json"
    try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test("what may be relaxed adds its weights, and the trained model stays gauge-invariant")
  func relaxed() throws {
    let folder = try TemporaryFolder()
    let file = try plan("B2", folder)
    var parameters: [String: Int] = [:]
    for relax in [nil, "point", "translation", "point,translation"] {
      let out = "\(folder.path)/\(relax ?? "strict")"
      let options = relax.map { ["--relax", $0, "--relax-penalty", "1e-5"] } ?? []
      let result = try Tool.run(["train", file, "--out", out, "--json"] + options)
      #expect(result.status == 0, "\(result.errors)")
      parameters[relax ?? "strict"] = try #require(try result.json()["parameters"] as? Int)
      let check = try Tool.run(["check", "\(out)/best.safetensors"])
      #expect(check.status == 0, "\(relax ?? "strict"): \(check.output) \(check.errors)")
    }
    let strict = try #require(parameters["strict"])
    // A weight for each of 8 corners in both layers, or for each of 16 sites.
    #expect(parameters["point"] == strict + 16)
    #expect(parameters["translation"] == strict + 32)
    #expect(parameters["point,translation"] == strict + 48)
  }

  @Test("what cannot be relaxed is refused by name")
  func refused() throws {
    let folder = try TemporaryFolder()
    let file = try plan("B2", folder)
    for (relax, words) in [
      ("time", ["time", "B2"]), ("charge", ["charge", "corners"]), ("gauge", ["--relax"]),
    ] {
      let result = try Tool.run(["train", file, "--relax", relax, "--out", folder.path + "/x"])
      #expect(result.status == 64, "\(relax): \(result.errors)")
      for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }
    let time = try Tool.run(
      ["train", try plan("timeReversal", folder), "--relax", "time", "--out", folder.path + "/t"])
    #expect(time.status == 0, "\(time.errors)")
  }
}
