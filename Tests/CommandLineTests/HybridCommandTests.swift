import Foundation
import Testing

/// `gauge sample --algorithm hmc`: keys, threads, restart and refusals, through the built tool.
@Suite(.serialized) struct HybridCommandTests {
  /// Nested integration whose steps are tuned.
  private let chain =
    ("sample --group su3 --lattice 4,4,2,4 --beta 4.2 --action symanzik --algorithm hmc --steps 3 "
    + "--inner-steps 2 --tune 0.8 --sweeps 60 --thermalization 30 --save-every 12 --seed 8 "
    + "--reversibility-every 20").split(separator: " ").map(String.init)

  private func run(_ arguments: [String], status: Int32 = 0) throws -> Tool.Result {
    let result = try Tool.run(arguments)
    #expect(result.status == status, "\(result.errors)")
    return result
  }

  @Test func keysAndThreads() throws {
    let folder = try TemporaryFolder()
    let (one, two) = (folder.path + "/one", folder.path + "/two")
    let json = try run(chain + ["--out", one, "--threads", "1", "--json"]).json()
    _ = try run(chain + ["--out", two, "--threads", "2"])
    let contents = try TemporaryFolder.contents(one)
    #expect(contents.count == 8)
    #expect(try TemporaryFolder.contents(two) == contents)

    #expect(json["action"] as? String == "symanzik")
    #expect(json["algorithm"] as? String == "hmc")
    let acceptance = try #require(json["acceptance"] as? Double)
    #expect(acceptance > 0.4 && acceptance <= 1)
    // 60 correlated trajectories and a rounded error: 6 sigma, less than one false alarm in 10^6.
    let mean = try #require(json["exponentialOfEnergyChange"] as? Double)
    let error = try #require(json["exponentialOfEnergyChangeError"] as? Double)
    #expect(abs(mean - 1) < 6 * error)
    for key in ["acceptanceError", "energyChange", "energyChangeError", "stepSize"] {
      #expect(json[key] is Double, "\(key)")
    }
    let violation = try #require(json["reversibilityViolation"] as? Double)
    #expect(violation > 0 && violation < 1e-10)
    for key in ["chargeDensity", "susceptibility", "theta", "c1", "boundaryWeight", "resumedFrom"] {
      #expect(json[key] is NSNull, "\(key)")
    }

    let history = String(decoding: try #require(contents["history.csv"]), as: UTF8.self)
    let rows = history.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 91)
    #expect(rows[0].suffix(4) == ["energyChange", "accepted", "steps", "reversibilityViolation"])
    // Steps are tuned during thermalisation only, and every 20th trajectory went back.
    #expect(Set(rows[31...].map { $0[7] }).count == 1)
    #expect(Int(rows[90][7]) == json["steps"] as? Int)
    #expect(rows.dropFirst().filter { !$0[8].isEmpty }.map { Int($0[0]) } == [20, 40, 60, 80])
  }

  /// Killed at random moments, thermalisation included, then resumed: the same files, bit for bit.
  @Test func killedAndResumed() throws {
    let folder = try TemporaryFolder()
    let (whole, killed) = (folder.path + "/whole", folder.path + "/killed")
    let begin = Date()
    _ = try run(chain + ["--out", whole])
    let duration = Date().timeIntervalSince(begin)
    for part in [0.4, 0.8, 0.8] {
      let (process, _, _) = try Tool.start(
        chain + ["--out", killed, "--resume"], folder: folder.url)
      Thread.sleep(forTimeInterval: duration * part * Double.random(in: 0..<1))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    _ = try run(chain + ["--out", killed, "--resume"])
    #expect(try TemporaryFolder.contents(killed) == TemporaryFolder.contents(whole))
  }

  /// Interrupted within thermalisation, where steps are still being tuned, then resumed and made
  /// longer: the same files as of one run.
  @Test func interruptedAndExtended() throws {
    let folder = try TemporaryFolder()
    let (whole, out) = (folder.path + "/whole", folder.path + "/out")
    _ = try run(chain + ["--out", whole])
    let (process, _, _) = try Tool.start(chain + ["--out", out], folder: folder.url)
    while !FileManager.default.fileExists(atPath: out + "/chain.json"), process.isRunning {
      Thread.sleep(forTimeInterval: 0.002)
    }
    Thread.sleep(forTimeInterval: 0.05)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(FileManager.default.fileExists(atPath: out + "/checkpoint.lime"))
    _ = try run(["sample", "--out", out, "--resume"])
    #expect(try TemporaryFolder.contents(out) == TemporaryFolder.contents(whole))

    let grown = folder.path + "/grown"
    let short = chain.map { $0 == "60" ? "24" : $0 }
    _ = try run(short + ["--out", grown])
    let json = try run(["sample", "--out", grown, "--resume", "--sweeps", "60", "--json"]).json()
    #expect(json["resumedFrom"] as? Int == 54)
    #expect(try TemporaryFolder.contents(grown) == TemporaryFolder.contents(whole))
  }

  /// Fourier acceleration: the default time of a trajectory, and the same files in several runs.
  @Test func fourierAcceleration() throws {
    let folder = try TemporaryFolder()
    let (whole, parts) = (folder.path + "/whole", folder.path + "/parts")
    let accelerated =
      ("sample --group u1 --lattice 6,5,4 --beta 3 --algorithm hmc --fourier-acceleration 0.5 "
      + "--thermalization 10 --save-every 10 --seed 3").split(separator: " ").map(String.init)
    let json = try run(
      accelerated + ["--sweeps", "40", "--out", whole, "--threads", "1", "--json"]
    ).json()
    #expect(json["accelerationMass"] as? Double == 0.5)
    // k_max^2 = 4 + 4 sin^2(2 pi / 5) + 4, and four steps in a quarter of a period.
    let sine = sin(2 * Double.pi / 5)
    let period = Double.pi / (2 * (3 * (8 + 4 * sine * sine + 0.25) / 2).squareRoot())
    let size = try #require(json["stepSize"] as? Double)
    #expect(json["steps"] as? Int == 4 && abs(size - period / 4) < 1e-12)
    _ = try run(accelerated + ["--sweeps", "20", "--out", parts, "--threads", "2"])
    _ = try run(["sample", "--out", parts, "--resume", "--sweeps", "40"])
    #expect(try TemporaryFolder.contents(parts) == TemporaryFolder.contents(whole))
  }

  /// The energy overflows: the run ends with a step size to try, and the links before are kept.
  @Test func unstableTrajectory() throws {
    let folder = try TemporaryFolder()
    let unstable =
      "sample --group su3 --lattice 2,2,2,2 --beta 1e200 --algorithm hmc --steps 1 "
      + "--trajectory-length 1e5 --out \(folder.path)"
    let first = try Tool.run(unstable + "/first --thermalization 0")
    #expect(first.status == 64)
    #expect(first.errorLines.count == 1)
    #expect(first.errors.contains("step size of 50000"))
    // While steps are tuned, it is no more than a rejection.
    let out = folder.path + "/tuned"
    let later = try Tool.run(unstable + "/tuned --thermalization 10 --tune 0.8 --seed 4")
    #expect(later.status == 64)
    #expect(later.errors.contains("update 11") && later.errors.contains("step size"))
    let checkpoint = try Tool.run(["measure", out + "/checkpoint.lime", "--json"])
    #expect(checkpoint.status == 0)
    let m = try #require((try checkpoint.json()["measurements"] as? [[String: Any]])?.first)
    #expect(m["plaquette"] as? Double == 1)
    let history = try #require(try TemporaryFolder.contents(out)["history.csv"])
    #expect(String(decoding: history, as: UTF8.self).split(separator: "\n").count == 11)
    // It is what --resume goes on from, and fails at again.
    let again = try Tool.run(["sample", "--out", out, "--resume"])
    #expect(again.status == 64 && again.errors.contains("update 11"))
  }

  @Test(arguments: [
    ("--group su3 --lattice 4,4,4,4 --beta 2 --action iwasaki", ["iwasaki", "heat bath"]),
    ("--group su3 --lattice 4,4,4,4 --beta 6 --theta 1", ["theta", "heat bath"]),
    ("--group su3 --lattice 4,4,4 --beta 6 --theta 1 --algorithm hmc", ["theta", "3 dimensions"]),
    ("--group su2 --lattice 4,4 --beta 2 --theta 1", ["theta", "SU(2)"]),
    ("--group su3 --lattice 4,4 --beta 6 --action nonsense --algorithm hmc", ["nonsense", "dbw2"]),
    ("--group su3 --lattice 4,4 --beta 6 --steps 5", ["--algorithm hmc", "heatbath"]),
    (
      "--group su3 --lattice 4,4 --beta 6 --algorithm hmc --overrelaxation 2",
      ["--overrelaxation", "--algorithm heatbath", "found hmc"]
    ),
    (
      "--group u1 --lattice 4,4 --beta 2 --action symanzik --theta 1", ["'symanzik'", "heat bath"]
    ),
    ("--group su3 --lattice 4,4 --beta 6 --tune 0.8", ["--algorithm hmc"]),
    ("--group su3 --lattice 4,4 --beta 6 --c1 -0.1", ["c1"]),
    ("--group su3 --lattice 4,4 --beta 6 --algorithm hmc --action rectangle", ["c1"]),
    ("--group su3 --lattice 4,4 --beta 6 --algorithm hmc --action rectangle --c1 nan", ["c1"]),
    ("--group su3 --lattice 4,4 --beta 6 --algorithm hmc --steps 0", ["steps"]),
    ("--group su3 --lattice 4,4 --beta 6 --algorithm hmc --tune 1", ["acceptance"]),
    (
      "--group su3 --lattice 4,4 --beta 6 --algorithm hmc --tune 0.8 --thermalization 5",
      ["thermalization", "tuned"]
    ),
    ("--group su3 --lattice 4,4 --beta 6 --algorithm hmc --inner-steps 2", ["inner steps"]),
    ("--group su3 --lattice 4,4 --beta 6 --algorithm hmc --integrator euler", ["omelyan"]),
    ("--group su3 --lattice 4,4 --beta 6 --algorithm hmc --trajectory-length 0", ["length"]),
    (
      "--group su3 --lattice 4,4 --beta 6 --algorithm hmc --fourier-acceleration 0.2",
      ["Fourier acceleration", "U(1)", "SU(3)"]
    ),
    (
      "--group u1 --lattice 4,4 --beta 2 --algorithm hmc --fourier-acceleration 1 "
        + "--boundary open,periodic", ["Fourier acceleration", "open"]
    ),
    (
      "--group u1 --lattice 4,4 --beta 2 --algorithm hmc --fourier-acceleration 0", ["mass", "0.0"]
    ),
    ("--group u1 --lattice 4,4 --beta 2 --fourier-acceleration 0.2", ["--algorithm hmc"]),
    (
      "--group su3 --lattice 4,4,4 --beta 6 --algorithm hmc --action symanzik "
        + "--boundary periodic,periodic,open --boundary-weight 0.5", ["boundary-weight"]
    ),
  ]) func refusals(arguments: String, words: [String]) throws {
    let folder = try TemporaryFolder()
    let out = folder.path + "/chain"
    let result = try Tool.run("sample \(arguments) --out \(out)")
    #expect(result.status == 64, "\(result.errors)")
    for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  /// Couplings below zero are values, not options, and all of them are in the report.
  @Test func negativeCouplings() throws {
    let folder = try TemporaryFolder()
    func sample(_ arguments: String, to name: String) throws -> [String: Any] {
      try run(
        "sample \(arguments) --sweeps 4 --thermalization 2 --out \(folder.path)/\(name) --json"
          .split(separator: " ").map(String.init)
      ).json()
    }
    let theta = try sample("--group u1 --lattice 4,4 --beta -1 --theta -2", to: "theta")
    #expect(theta["theta"] as? Double == -2 && theta["beta"] as? Double == -1)
    let c1 = try sample(
      "--group su2 --lattice 4,4,4 --beta 2 --xi0 1.5 --algorithm hmc --action rectangle "
        + "--c1 -0.331", to: "c1")
    #expect(c1["c1"] as? Double == -0.331 && c1["xi0"] as? Double == 1.5)
    #expect(c1["planeCouplings"] is NSNull)
    let planes = try sample("--group u1 --lattice 4,4,4 --plane-couplings -1,2,2.5", to: "planes")
    #expect(planes["planeCouplings"] as? [Double] == [-1, 2, 2.5])
    #expect(planes["beta"] is NSNull && planes["xi0"] is NSNull)
  }

  /// The advice for steps that are far too long is not twice as many of them.
  @Test func advice() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      ("sample --group su3 --lattice 4,4,2,2 --beta 5.7 --algorithm hmc --steps 1 "
        + "--trajectory-length 50 --sweeps 5 --thermalization 10 --out \(folder.path)/chain")
        .split(separator: " ").map(String.init))
    #expect(result.errors.contains("--steps 250 or --tune"), "\(result.errors)")
  }

  /// Both algorithms have the theta term of U(1) in two dimensions, and the charge on record.
  @Test(arguments: ["heatbath", "hmc"]) func theta(algorithm: String) throws {
    let folder = try TemporaryFolder()
    let json = try run(
      ("sample --group u1 --lattice 6,6 --beta 1 --theta 0.5 --sweeps 100 --save-every 0 "
        + "--algorithm \(algorithm) --json --out \(folder.path)/chain").split(separator: " ")
        .map(String.init)
    ).json()
    #expect(json["theta"] as? Double == 0.5)
    #expect(json["chargeDensity"] is Double && json["susceptibility"] is Double)
    #expect((json["acceptance"] is NSNull) == (algorithm == "heatbath"))
  }
}
