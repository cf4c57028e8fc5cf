import Foundation
import Testing

/// `gauge sample`: threads, restart and refusals, through the built tool.
@Suite(.serialized) struct SampleCommandTests {
  private let chain = [
    "sample", "--group", "su3", "--lattice", "4,4,4,6", "--beta", "5.9", "--sweeps", "400",
    "--thermalization", "20", "--overrelaxation", "2", "--save-every", "40", "--seed", "5",
  ]

  @Test func threadsDoNotShow() throws {
    let folder = try TemporaryFolder()
    let (one, two) = (folder.path + "/one", folder.path + "/two")
    let first = try Tool.run(chain + ["--threads", "1", "--out", one, "--json"])
    #expect(first.status == 0)
    #expect(try Tool.run(chain + ["--threads", "2", "--out", two]).status == 0)
    let contents = try TemporaryFolder.contents(one)
    #expect(contents.count == 13)
    #expect(try TemporaryFolder.contents(two) == contents)
    let json = try first.json()
    #expect((json["files"] as? [String])?.count == 10)
    #expect(json["resumedFrom"] is NSNull)
    #expect(json["acceptance"] is NSNull)
    let error = try #require(json["plaquetteError"] as? Double)
    #expect(error > 0 && error < 0.02)
  }

  /// Killed at moments spread over the run, then resumed: the same files, bit for bit.
  @Test(arguments: [0.02, 0.1, 0.3, 0.6, 0.9]) func killedAndResumed(fraction: Double) throws {
    let folder = try TemporaryFolder()
    let whole = folder.path + "/whole"
    let begin = Date()
    #expect(try Tool.run(chain + ["--out", whole]).status == 0)
    let duration = Date().timeIntervalSince(begin)
    let killed = folder.path + "/killed"
    let (process, _, _) = try Tool.start(chain + ["--out", killed], folder: folder.url)
    Thread.sleep(forTimeInterval: duration * fraction)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try Tool.run(chain + ["--out", killed, "--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try TemporaryFolder.contents(killed) == TemporaryFolder.contents(whole))
  }

  @Test func interruptedWithCheckpoint() throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/chain"
    let long = chain.map { $0 == "400" ? "200000" : $0 }
    let (process, _, _) = try Tool.start(long + ["--out", out], folder: folder.url)
    while !FileManager.default.fileExists(atPath: out + "/configuration-000040.ildg") {
      Thread.sleep(forTimeInterval: 0.02)
      try #require(process.isRunning)
    }
    kill(process.processIdentifier, SIGINT)
    let deadline = Date().addingTimeInterval(20)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(FileManager.default.fileExists(atPath: out + "/checkpoint.lime"))
    #expect(!(try TemporaryFolder.contents(out)).keys.contains { $0.hasPrefix(".partial") })
  }

  /// A chain can be made longer; what it then holds is what one long run would have made.
  @Test func extended() throws {
    let folder = try TemporaryFolder()
    let (grown, whole) = (folder.path + "/grown", folder.path + "/whole")
    let short = chain.map { $0 == "400" ? "120" : $0 }
    #expect(try Tool.run(short + ["--out", grown]).status == 0)
    let resumed = try Tool.run([
      "sample", "--out", grown, "--resume", "--sweeps", "400", "--json",
    ])
    #expect(resumed.status == 0)
    #expect(try resumed.json()["resumedFrom"] as? Int == 140)
    #expect(try Tool.run(chain + ["--out", whole]).status == 0)
    #expect(try TemporaryFolder.contents(grown) == TemporaryFolder.contents(whole))
  }

  @Test func refusals() throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/chain"
    let short = chain.map { $0 == "400" ? "40" : $0 }
    #expect(try Tool.run(short + ["--out", out]).status == 0)
    let before = try TemporaryFolder.contents(out)

    // Another action, seed or lattice is not this chain.
    for change in [["--beta", "5.8"], ["--seed", "6"], ["--lattice", "4,4,4,4"]] {
      let result = try Tool.run(["sample", "--out", out, "--resume"] + change)
      #expect(result.status == 65)
      #expect(result.errorLines.count == 1)
    }
    // Nothing is overwritten without --resume.
    #expect(try Tool.run(short + ["--out", out]).status == 73)
    #expect(try TemporaryFolder.contents(out) == before)

    // A flipped bit anywhere in the checkpoint is seen.
    let checkpoint = out + "/checkpoint.lime"
    let good = try #require(before["checkpoint.lime"])
    for position in [good.count / 2, good.count - 2000] {
      var bad = good
      bad[position] ^= 4
      try bad.write(to: URL(fileURLWithPath: checkpoint))
      #expect(
        try Tool.run(["sample", "--out", out, "--resume", "--sweeps", "80"]).status == 65)
    }
    let text = Data("updates = \"60\"".utf8)
    var bad = good
    let range = try #require(bad.range(of: text))
    bad.replaceSubrange(range, with: Data("updates = \"50\"".utf8))
    try bad.write(to: URL(fileURLWithPath: checkpoint))
    #expect(try Tool.run(["sample", "--out", out, "--resume", "--sweeps", "80"]).status == 65)
    try good.write(to: URL(fileURLWithPath: checkpoint))
    #expect(try Tool.run(["sample", "--out", out, "--resume", "--sweeps", "80"]).status == 0)
  }

  @Test(arguments: [
    "--lattice 4,4,4,1 --beta 6", "--lattice 4,4,4,-4 --beta 6", "--lattice 4 --beta 6",
    "--lattice 4,x --beta 6", "--lattice 4,4 --beta nan", "--lattice 4,4 --beta inf",
    "--lattice 4,4", "--lattice 4,4 --beta 1 --sweeps -3", "--lattice 4,4 --beta 1 --xi0 0",
    "--lattice 4,4 --beta 1 --format ildg", "--lattice 4,4 --beta 1 --precision f16",
    "--lattice 4,4 --beta 1 --boundary open,closed", "--lattice 4,4 --beta 1 --boundary open",
    "--lattice 4,4 --beta 1 --boundary-weight 0.5",
    "--lattice 4,4 --beta 1 --boundary open,open --boundary-weight -1",
    "--lattice 4,4 --beta 1 --threads 0",
    "--lattice 4,4,4 --plane-couplings 1,2", "--lattice 4,4 --beta 1 --algorithm magic",
    "--lattice 65536,65536 --beta 1",
  ]) func badParameters(arguments: String) throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/chain"
    let result = try Tool.run("sample --group su3 \(arguments) --out \(out)")
    #expect(result.status == 64, "\(result.errors)")
    #expect(!result.errors.isEmpty)
    // Two lines of usage follow what the parser of options refuses, never those of the whole tool.
    #expect(!result.errors.contains("<subcommand>"), "\(result.errors)")
    #expect(result.errors.hasPrefix("Error: ") || result.errorLines.count == 1, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func openBoundary() throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/chain"
    let chain =
      "sample --group su3 --lattice 3,2,4,4 --beta 5.5 --sweeps 10 --thermalization 5 "
      + "--save-every 10 --boundary periodic,periodic,periodic,open --boundary-weight 0.5 --out "
    let result = try Tool.run(chain + out + " --json")
    #expect(result.status == 0, "\(result.errors)")
    let words = ["periodic", "periodic", "periodic", "open"]
    let json = try result.json()
    #expect(json["boundary"] as? [String] == words && json["boundaryWeight"] as? Double == 0.5)
    let text = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: out + "/chain.json"))) as? [String: Any])
    #expect(text["boundary"] as? [String] == words && text["boundaryWeight"] as? Double == 0.5)

    let file = out + "/configuration-000010.ildg"
    let measured = try Tool.run(["measure", file, "--json"])
    let m = try #require((try measured.json()["measurements"] as? [[String: Any]])?.first)
    #expect(m["boundary"] as? [String] == words && m["polyakov"] is NSNull)
    #expect(m["topologicalChargeClover"] is Double && m["energyClover"] is Double)
    #expect(measured.errors.isEmpty, "\(measured.errors)")
    let info = try Tool.run(["info", file, "--json"])
    let i = try #require((try info.json()["files"] as? [[String: Any]])?.first)
    #expect(i["boundary"] as? [String] == words)
    #expect(try Tool.run(["measure", file]).output.contains("periodic,periodic,periodic,open"))

    // A gauge transformation and other formats keep the boundary.
    let other = folder.path + "/other"
    #expect(try Tool.run(["transform", file, other, "--seed", "3"]).status == 0)
    for format in ["nersc", "npy", "scidac"] {
      let next = folder.path + "/" + format
      #expect(try Tool.run(["convert", other, next, "--format", format]).status == 0)
      let again = try Tool.run(["measure", next, "--json"])
      let n = try #require((try again.json()["measurements"] as? [[String: Any]])?.first)
      #expect(n["boundary"] as? [String] == words)
      for key in ["plaquette", "energyClover", "topologicalChargeClover"] {
        let (a, b) = (m[key] as? Double ?? 0, n[key] as? Double ?? 1)
        #expect(abs(a - b) < 1e-12)
      }
    }
    // Another weight is another chain.
    let resumed = try Tool.run(["sample", "--out", out, "--resume", "--boundary-weight", "1"])
    #expect(resumed.status == 65 && resumed.errorLines.count == 1)
    #expect(try Tool.run(["sample", "--out", out, "--resume"]).status == 0)
  }

  /// Without sites between the boundaries there is no clover.
  @Test func openExtentsOfTwo() throws {
    let folder = try TemporaryFolder()
    let result = try Tool.run(
      "sample --group su2 --lattice 2,3,2,4 --beta 2 --sweeps 4 --thermalization 0 --save-every 4 "
        + "--boundary open,periodic,periodic,periodic --out \(folder.path)/chain --json")
    #expect(result.status == 0)
    let measured = try Tool.run(
      ["measure", folder.path + "/chain/configuration-000004.lime", "--json"])
    let m = try #require((try measured.json()["measurements"] as? [[String: Any]])?.first)
    #expect(m["energyClover"] is NSNull && m["topologicalChargeClover"] is NSNull)
    #expect((m["polyakov"] as? [Double])?.count == 2)
  }

  @Test func leftoversOfAnotherChain() throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/chain"
    let short = chain.map { $0 == "400" ? "40" : $0 }
    #expect(try Tool.run(short + ["--out", out]).status == 0)
    try FileManager.default.removeItem(atPath: out + "/chain.json")
    let before = try TemporaryFolder.contents(out)
    for more in [[], ["--resume"]] {
      let result = try Tool.run(short + ["--out", out] + more)
      #expect(result.status == 73 && result.errorLines.count == 1)
      #expect(result.errors.contains(out + "/checkpoint.lime"))
      #expect(try TemporaryFolder.contents(out) == before)
    }
  }

  @Test func foldersThatCannotBe() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/file"
    try Data([1]).write(to: URL(fileURLWithPath: file))
    for out in [file, file + "/below"] {
      let result = try Tool.run("sample --group u1 --lattice 4,4 --beta 1 --out \(out)")
      #expect(result.status == 73)
      #expect(result.errorLines.count == 1)
    }
  }
}
