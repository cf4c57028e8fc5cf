import Foundation
import Testing

/// `gauge train`: the report, restart and refusals, through the built tool.
@Suite(.serialized) struct TrainCommandTests {
  /// A plan of a second; options of training and data are added to it.
  private func plan(
    epochs: Int = 4, training: [String: Any] = [:], data: [String: Any]? = nil,
    group: String = "su2"
  ) throws -> Data {
    let sampled: [String: Any] = [
      "lattice": [4, 4], "betas": [1, 3], "sweeps": 5, "trainingPerBeta": 32,
      "validationPerBeta": 8, "testPerBeta": 8, "testLattices": [[6, 4]],
    ]
    let object: [String: Any] = [
      "network": [
        "group": group, "dimension": 2,
        "layers": [
          ["layer": "plaquettes"], ["layer": "convolutionBilinear", "channels": 2, "size": 2],
          ["layer": "trace"], ["layer": "mean"], ["layer": "dense", "channels": 2],
        ],
      ],
      "targets": ["W1x1", "W1x2"], "data": data ?? sampled,
      "training": ["epochs": epochs, "batch": 16, "rate": 0.01].merging(training) { $1 },
    ]
    return try JSONSerialization.data(withJSONObject: object)
  }

  private func write(_ plan: Data, _ folder: TemporaryFolder, _ name: String = "plan.json") throws
    -> String
  {
    let path = "\(folder.path)/\(name)"
    try plan.write(to: URL(fileURLWithPath: path))
    return path
  }

  /// What an interruption may not show in.
  private func results(_ out: String) throws -> [String: Data] {
    let names = ["plan.json", "train.csv", "best.safetensors", "last.safetensors", "report.json"]
    return try TemporaryFolder.contents(out).filter { names.contains($0.key) }
  }

  @Test func report() throws {
    let folder = try TemporaryFolder()
    let file = try write(try plan(), folder)
    let (one, two) = (folder.path + "/one", folder.path + "/two")
    let result = try Tool.run(["train", file, "--out", one, "--threads", "1", "--json"])
    #expect(result.status == 0, "\(result.errors)")
    let json = try result.json()
    #expect(
      Set(json.keys) == [
        "group", "precision", "parameters", "epochs", "bestEpoch", "bestValidationLoss", "seed",
        "resumedFrom", "weights", "stages", "tests",
      ])
    #expect(json["group"] as? String == "SU(2)" && json["precision"] as? String == "f32")
    // 2 x 3 x 7 of the merged layer, 2 x 4 + 2 of the head.
    #expect(json["parameters"] as? Int == 52 && json["epochs"] as? Int == 4)
    #expect(json["seed"] as? String == "1" && json["resumedFrom"] is NSNull)
    #expect(json["weights"] as? String == one + "/best.safetensors")
    let tests = try #require(json["tests"] as? [[String: Any]])
    #expect(tests.map { $0["target"] as? String } == ["W1x1", "W1x2", "W1x1", "W1x2"])
    #expect(tests.map { $0["lattice"] as? [Int] } == [[4, 4], [4, 4], [6, 4], [6, 4]])
    for test in tests {
      #expect(test["configurations"] as? Int == 16)
      let error = try #require(test["meanSquaredError"] as? Double)
      let variance = try #require(test["labelVariance"] as? Double)
      #expect(error > 0 && variance > 0 && variance < 1)
    }

    let files = try TemporaryFolder.contents(one)
    #expect(
      Set(files.keys) == [
        "plan.json", "train.csv", "best.safetensors", "last.safetensors", "report.json",
      ])
    let table = String(decoding: files["train.csv"]!, as: UTF8.self).split(separator: "\n")
    #expect(table[0] == "epoch,step,rate,loss,validation,validation.W1x1,validation.W1x2")
    #expect(table.count == 5)
    for (row, line) in table.dropFirst().enumerated() {
      let numbers = line.split(separator: ",").compactMap { Double($0) }
      #expect(numbers.count == 7 && numbers[0] == Double(row + 1))
      #expect(numbers[1] == Double(4 * (row + 1)))
      #expect(abs(numbers[4] - (numbers[5] + numbers[6]) / 2) < 1e-15)
    }
    let stored = try #require(
      try JSONSerialization.jsonObject(with: files["report.json"]!) as? [String: Any])
    #expect(Set(stored.keys) == Set(json.keys).subtracting(["resumedFrom", "weights"]))
    #expect((stored["tests"] as? NSArray) == (json["tests"] as? NSArray))

    // Threads do not show; the text names targets and lattices.
    let text = try Tool.run(["train", file, "--out", two, "--threads", "2"])
    #expect(text.status == 0 && text.output.contains("52 parameters, 4 epochs"))
    #expect(text.output.contains("W1x2") && text.output.contains("6x4"))
    #expect(try TemporaryFolder.contents(two) == files)

    // Another seed is another training; so is another precision.
    let (three, four) = (folder.path + "/three", folder.path + "/four")
    let seeded = try Tool.run(["train", file, "--out", three, "--seed", "7", "--json"])
    #expect(try seeded.json()["seed"] as? String == "7")
    #expect(try results(three)["train.csv"] != files["train.csv"])
    let double = try Tool.run(["train", file, "--out", four, "--precision", "f64", "--json"])
    #expect(try double.json()["precision"] as? String == "f64")
    // A continuation has the precision of its folder.
    let again = try Tool.run(["train", "--out", four, "--resume", "--json"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(try again.json()["precision"] as? String == "f64")
    #expect(try again.json()["resumedFrom"] as? Int == 16)
    // Also where it was stopped before its first weights were written.
    for name in ["train.csv", "best.safetensors", "last.safetensors", "report.json"] {
      try FileManager.default.removeItem(atPath: "\(four)/\(name)")
    }
    let anew = try Tool.run(["train", "--out", four, "--resume", "--json"])
    #expect(try anew.json()["precision"] as? String == "f64", "\(anew.errors)")
    #expect(try anew.json()["tests"] as? NSArray == double.json()["tests"] as? NSArray)
  }

  /// Interrupted once, killed at moments spread over the run, and each time resumed: the same files,
  /// bit for bit.
  @Test func stoppedAndResumed() throws {
    let folder = try TemporaryFolder()
    // Some seconds; files are written once a second.
    let epochs = 800
    let file = try write(try plan(epochs: epochs), folder)
    let whole = folder.path + "/whole"
    let begin = Date()
    #expect(try Tool.run(["train", file, "--out", whole]).status == 0)
    let duration = Date().timeIntervalSince(begin)
    let expected = try results(whole)
    #expect(expected.count == 5)

    let out = folder.path + "/interrupted"
    let (process, _, errors) = try Tool.start(["train", file, "--out", out], folder: folder.url)
    while !FileManager.default.fileExists(atPath: out + "/best.safetensors") {
      Thread.sleep(forTimeInterval: 0.005)
      try #require(process.isRunning)
    }
    // Nobody else may train there meanwhile.
    kill(process.processIdentifier, SIGSTOP)
    let second = try Tool.run(["train", "--out", out, "--resume"])
    #expect(second.status == 73 && second.errorLines.count == 1, "\(second.errors)")
    kill(process.processIdentifier, SIGCONT)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let text = try String(contentsOf: errors, encoding: .utf8)
    #expect(text.contains("gauge: interrupted; the state is written"), "\(text)")
    #expect(!FileManager.default.fileExists(atPath: out + "/report.json"))
    // The folder knows its plan.
    let resumed = try Tool.run(["train", "--out", out, "--resume", "--json"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let from = try #require(try resumed.json()["resumedFrom"] as? Int)
    #expect(from > 0 && from < 4 * epochs)
    #expect(try results(out) == expected)

    for fraction in [0.1, 0.8] {
      let out = folder.path + "/killed-\(fraction)"
      let (process, _, _) = try Tool.start(["train", file, "--out", out], folder: folder.url)
      Thread.sleep(forTimeInterval: duration * fraction)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let resumed = try Tool.run(["train", file, "--out", out, "--resume"])
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(try results(out) == expected)
    }
  }

  /// One line on standard error with what is expected.
  private func expectFailure(
    _ arguments: [String], _ status: Int32, _ text: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Tool.run(["train"] + arguments)
    #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(result.errorLines.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
    for part in text {
      #expect(
        result.errorLines.first?.contains(part) == true, "\(result.errors)",
        sourceLocation: sourceLocation)
    }
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
  }

  @Test func badPlans() throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/out"
    func refuse(_ plan: Data, _ status: Int32, _ text: String) throws {
      let file = try write(plan, folder)
      try expectFailure([file, "--out", out], status, file + ": ", "expected", "found", text)
    }
    try refuse(try plan(epochs: 0), 64, "training.epochs")
    try refuse(try plan(training: ["rate": -1]), 64, "training.rate")
    try refuse(try plan(training: ["patience": 0]), 64, "training.patience")
    try refuse(try plan(training: ["speed": 1]), 65, "'speed'")
    try refuse(try plan(training: ["warmUp": 16]), 64, "training.warmUp to be below")
    try refuse(try plan(training: ["optimiser": "lion"]), 65, "training.optimiser")
    try refuse(try plan(data: ["lattice": [4, 4, 4], "betas": [1]]), 64, "data.lattice")
    try refuse(try plan(data: ["betas": [1]]), 64, "data.lattice")
    try refuse(try plan(data: ["lattice": [4, 4], "betas": [1], "size": 1]), 65, "'size'")
    try refuse(try plan(group: "so3"), 65, "'so3'")
    try refuse(Data("{".utf8), 65, "JSON object")
    try refuse(try plan().dropLast(10), 65, "JSON object")
    #expect(!FileManager.default.fileExists(atPath: out))

    try expectFailure([folder.path + "/none", "--out", out], 66, "/none: expected", "found")
    try expectFailure(["--out", out], 64, "expected a plan, or --resume")
    try expectFailure(["--out", out, "--resume"], 64, "expected a plan, or --resume")
    let usage = try Tool.run(["train", folder.path + "/plan.json"])
    #expect(usage.status == 64 && usage.errors.hasPrefix("Error: "))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func badFolders() throws {
    let folder = try TemporaryFolder()
    _ = try Tool.sample("--group su2 --lattice 4,4 --beta 2", in: folder)
    let chain = folder.path + "/chain"
    func file(_ source: String, group: String = "su2") throws -> String {
      try write(try plan(data: ["folder": source], group: group), folder)
    }
    let out = folder.path + "/out"
    try expectFailure([try file(folder.path + "/none"), "--out", out], 66, "/none: expected")
    let empty = folder.path + "/empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
    try expectFailure(
      [try file(empty), "--out", out], 66, empty + ": expected configurations, found none")
    // A folder of another group, then one with a file of another lattice.
    try expectFailure(
      [try file(chain, group: "su3"), "--out", out], 65, "configuration-000010.lime: expected",
      "SU(3)", "found SU(2)")
    let other = try TemporaryFolder()
    let foreign = try #require(
      try Tool.sample("--group su2 --lattice 6,4 --beta 2", in: other).first)
    try FileManager.default.copyItem(atPath: foreign, toPath: chain + "/zz.lime")
    try expectFailure(
      [try file(chain), "--out", out], 65, chain + "/zz.lime: expected the lattice 4x4",
      "found 6x4")
    // One configuration is too few.
    try FileManager.default.removeItem(atPath: chain + "/zz.lime")
    try expectFailure([try file(chain), "--out", out], 64, "3 or more, found 1")
    // The folder has no training yet, so another plan may begin there.
    let good = try write(try plan(epochs: 1), folder)
    #expect(try Tool.run(["train", good, "--out", out]).status == 0)

    let before = try TemporaryFolder.contents(out)
    try expectFailure([good, "--out", out], 73, out + ": expected", "--resume")
    let longer = try write(try plan(epochs: 2), folder, "longer.json")
    try expectFailure(
      [longer, "--out", out, "--resume"], 65, "training.epochs to be 2 as asked for, found 1")
    try expectFailure([good, "--out", out, "--resume", "--seed", "3"], 65, "training.seed")
    try expectFailure(
      ["--out", out, "--resume", "--precision", "f64"], 65,
      "plan.json: expected precision to be \"f64\" as asked for, found \"f32\"")
    try expectFailure([good, "--out", good], 73, good)
    try expectFailure([good, "--out", good + "/below"], 73, good + "/below")
    #expect(try TemporaryFolder.contents(out) == before)
  }

  @Test func divergence() throws {
    let folder = try TemporaryFolder()
    let file = try write(
      try plan(training: ["rate": 1e30, "optimiser": "sgd", "schedule": "constant"]), folder)
    let out = folder.path + "/out"
    let kept = "the weights after step 0 are in \(out)/last.safetensors"
    try expectFailure([file, "--out", out], 1, "step 2, in epoch 1: ", kept)
    #expect(FileManager.default.fileExists(atPath: out + "/last.safetensors"))
    try expectFailure(["--out", out, "--resume"], 1, "step 2, in epoch 1: ", kept)
  }

  @Test func ensembleFolder() throws {
    let folder = try TemporaryFolder()
    _ = try Tool.sample("--group su2 --lattice 4,4 --beta 2", sweeps: 100, every: 5, in: folder)
    let file = try write(
      try plan(data: [
        "folder": folder.path + "/chain", "validationFraction": 0.2, "testFraction": 0.25,
      ]), folder)
    let result = try Tool.run(["train", file, "--out", folder.path + "/out", "--json"])
    #expect(result.status == 0, "\(result.errors)")
    let tests = try #require(try result.json()["tests"] as? [[String: Any]])
    #expect(tests.map { $0["configurations"] as? Int } == [5, 5])
    // The label of one configuration has no variance.
    let single = try write(
      try plan(data: ["folder": folder.path + "/chain", "testFraction": 0.01]), folder)
    let text = try Tool.run(["train", single, "--out", folder.path + "/single"])
    #expect(text.status == 0 && !text.output.contains("inf"), "\(text.errors)")
    #expect(text.output.split(separator: "\n").dropFirst(2).allSatisfy { $0.hasSuffix(" -") })
  }
}
