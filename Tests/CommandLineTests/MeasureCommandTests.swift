import Foundation
import Testing

/// `gauge measure --observables`, through the built tool.
@Suite struct MeasureCommandTests {
  private static let standardKeys: Set = [
    "file", "format", "group", "lattice", "boundary", "storedBits", "plaquette",
    "plaquetteSpatial", "plaquetteTemporal", "linkTrace", "polyakov", "topologicalCharge",
    "topologicalChargeClover", "energyClover", "unitarityViolation", "checksum", "warnings",
  ]
  private static let fileKeys: Set = [
    "file", "format", "group", "lattice", "boundary", "storedBits", "checksum", "warnings",
  ]

  private func measure(_ arguments: [String], status: Int32 = 0) throws -> [String: Any] {
    let result = try Tool.run(["measure", "--json"] + arguments)
    #expect(result.status == status, "\(result.errors)")
    return try result.json()
  }

  private func first(_ json: [String: Any]) throws -> [String: Any] {
    try #require((json["measurements"] as? [[String: Any]])?.first)
  }

  @Test func keysFollowTheList() throws {
    let folder = try TemporaryFolder()
    let file = try Tool.sample("--group su3 --lattice 4,3,2,4 --beta 5.7", in: folder)[0]
    let all = try first(measure([file]))
    #expect(Set(all.keys) == Self.standardKeys)
    let list = "plaquette,links,polyakov,charge,energy"
    let same = try first(measure([file, "--observables", list]))
    #expect(same as NSDictionary == all as NSDictionary)
    let groups: [(String, Set<String>)] = [
      ("plaquette", ["plaquette", "plaquetteSpatial", "plaquetteTemporal"]),
      ("links", ["linkTrace", "unitarityViolation"]), ("polyakov", ["polyakov"]),
      ("charge", ["topologicalCharge", "topologicalChargeClover"]), ("energy", ["energyClover"]),
      ("planes", ["planes"]), ("polyakov-all", ["polyakovAll"]), ("rectangle", ["rectangle"]),
      ("loops", ["loops"]),
    ]
    for (name, keys) in groups {
      let m = try first(measure([file, "--observables", name]))
      #expect(Set(m.keys) == Self.fileKeys.union(keys), "\(name)")
      for key in keys where all[key] != nil {
        #expect([m[key]!] as NSArray == [all[key]!] as NSArray, "\(key)")
      }
    }
  }

  /// Planes, rectangles and loops agree with each other.
  @Test func newObservables() throws {
    let folder = try TemporaryFolder()
    let file = try Tool.sample("--group su3 --lattice 4,3,2,4 --beta 5.7", in: folder)[0]
    let m = try first(
      measure([
        file, "--observables", "plaquette,polyakov,planes,polyakov-all,rectangle,loops",
        "--maximum-r", "2", "--maximum-t", "3",
      ]))
    let planes = try #require(m["planes"] as? [Double])
    let plaquette = try #require(m["plaquette"] as? Double)
    #expect(planes.count == 6 && abs(planes.reduce(0, +) / 6 - plaquette) < 1e-14)
    let polyakov = try #require(m["polyakovAll"] as? [[Double]])
    #expect(polyakov.count == 4)
    #expect(polyakov.last == m["polyakov"] as? [Double])
    let loops = try #require(m["loops"] as? [[Double]])
    #expect(loops.count == 2 && loops.allSatisfy { $0.count == 3 })
    #expect(abs(loops[0][0] - (m["plaquetteTemporal"] as? Double ?? 0)) < 1e-14)
    let rectangle = try #require(m["rectangle"] as? Double)
    #expect(rectangle > 0 && rectangle < plaquette)
    // Loops of two links in the open extent of 2 do not fit.
    let open = try TemporaryFolder()
    let half = try Tool.sample(
      "--group u1 --lattice 2,4 --beta 2 --boundary open,open", in: open)[0]
    let n = try first(
      measure([
        half, "--observables", "polyakov,polyakov-all,loops,planes,rectangle", "--maximum-r", "2",
      ]))
    #expect(n["polyakov"] is NSNull)
    #expect(try #require(n["polyakovAll"] as? [Any]).allSatisfy { $0 is NSNull })
    #expect(((n["loops"] as? [[Any]])?[1])?.allSatisfy { $0 is NSNull } == true)
    #expect(n["rectangle"] is Double)
  }

  @Test func smearingAndFlow() throws {
    let folder = try TemporaryFolder()
    let file = try Tool.sample("--group su2 --lattice 4,4,4,4 --beta 2.3", in: folder)[0]
    let plain = try first(measure([file]))
    let smeared = try first(measure([file, "--smear", "ape:0.5:3"]))
    #expect(smeared["smearing"] as? String == "ape:0.5:3")
    func value(_ m: [String: Any], _ key: String) -> Double { m[key] as? Double ?? .nan }
    #expect(value(smeared, "plaquette") > value(plain, "plaquette") + 0.1)
    #expect(value(smeared, "energyClover") < value(plain, "energyClover") / 2)
    let flowed = try first(measure([file, "--flow-time", "0.5"]))
    #expect(flowed["flowTime"] as? Double == 0.5)
    #expect(flowed["plaquette"] as? Double == plain["plaquette"] as? Double)
    let flow = try Tool.run(["flow", file, "--time", "0.5", "--step", "0.02", "--json"]).json()
    let row = try #require((flow["flow"] as? [[String: Any]])?.last)
    for key in ["energyClover", "topologicalChargeClover"] {
      let (a, b) = (flowed[key] as? Double ?? .nan, row[key] as? Double ?? .nan)
      #expect(abs(a - b) < 1e-3 * max(1, abs(b)), "\(key)")
    }
  }

  @Test func susceptibility() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group u1 --lattice 8,8 --beta 1", sweeps: 80, every: 2, in: folder)
    let json = try measure(files + ["--observables", "charge,susceptibility"])
    let charges = try #require(json["measurements"] as? [[String: Any]])
      .compactMap { $0["topologicalCharge"] as? Double }
    #expect(charges.count == 40)
    let s = try #require(json["susceptibility"] as? [String: Any])
    let value = try #require(s["susceptibility"] as? Double)
    #expect(abs(value - charges.reduce(0) { $0 + $1 * $1 } / 40 / 64) < 1e-12)
    #expect(s["definition"] as? String == "geometric")
    #expect(s["configurations"] as? Int == 40 && s["volume"] as? Int == 64)
    #expect((s["susceptibilityError"] as? Double ?? 0) > 0)
    #expect(s["integratedAutocorrelationTime"] is Double)
    let rounded = charges.map { Int($0.rounded()) }
    #expect(s["tunnellings"] as? Int == zip(rounded, rounded.dropFirst()).filter { $0 != $1 }.count)
    let histogram = try #require(s["histogram"] as? [[String: Int]])
    #expect(histogram.reduce(0) { $0 + $1["count"]! } == 40)
    let text = try Tool.run(["measure"] + files + ["--observables", "susceptibility"])
    #expect(text.output.contains("<Q^2>/V") && !text.output.contains("checksum"))

    let four = try TemporaryFolder()
    let more = try Tool.sample(
      "--group su2 --lattice 4,4,4,4 --beta 1.8", sweeps: 60, every: 3, in: four)
    let clover = try measure(more + ["--observables", "susceptibility", "--flow-time", "0.5"])
    let t = try #require(clover["susceptibility"] as? [String: Any])
    #expect(t["definition"] as? String == "clover" && t["flowTime"] as? Double == 0.5)
    #expect(t["susceptibility"] is Double)
  }

  @Test func potential() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 6,6,6,6 --beta 2.3", sweeps: 96, every: 4, in: folder)
    let wanted = ["--observables", "potential", "--fit-r", "1-3", "--fit-t", "1-2"]
    let json = try measure(
      files + wanted + ["--smear", "hyp:3", "--coulomb", "treeLevelImproved"])
    let p = try #require(json["potential"] as? [String: Any])
    #expect(p["smearing"] as? String == "hyp:0.75:0.6:0.3:3:spatial")
    #expect(p["timeSmearing"] is NSNull)
    #expect(p["configurations"] as? Int == 24)
    #expect(p["maximumR"] as? Int == 3 && p["maximumT"] as? Int == 3)
    let effective = try #require(p["effectivePotential"] as? [[Double]])
    #expect(effective.count == 3 && effective.allSatisfy { $0.count == 2 })
    #expect(effective[0][0] > 0.2 && effective[0][0] < effective[1][0])
    #expect((p["plateaus"] as? [[String: Any]])?.count == 3)
    let fit = try #require(p["fit"] as? [String: Any])
    for key in ["V0", "sigma", "alpha"] {
      #expect(fit[key] is Double && fit[key + "Error"] as? Double ?? 0 > 0, "\(key)")
    }
    #expect(fit.keys.contains("r0") && fit.keys.contains("reducedChiSquared"))
    #expect(fit["distances"] as? [Int] == [1, 3] && fit["degreesOfFreedom"] as? Int == 0)

    // Smeared time links are another action, with a smaller constant.
    let fat = try measure(files + wanted + ["--smear", "hyp:3", "--time-smear", "hyp"])
    let q = try #require(fat["potential"] as? [String: Any])
    #expect((q["effectivePotential"] as? [[Double]])![0][0] < effective[0][0])
    let text = try Tool.run(["measure"] + files + wanted)
    #expect(text.status == 0)
    #expect(text.output.contains("sigma") && text.output.contains("r0/a"))

    // Too few bins, and how many files there would have to be.
    let bins = try Tool.run(["measure"] + files + wanted + ["--bin-length", "8"])
    #expect(bins.status == 64)
    #expect(bins.errors.contains("at least 32 files"))
  }

  @Test func refusals() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 4,4,4 --beta 4", sweeps: 8, every: 2, in: folder)
    #expect(files.count == 4)
    for (arguments, word) in [
      ("--observables plaquette,spin", "susceptibility"), ("--observables flow", "polyakov-all"),
      ("--observables susceptibility", "four dimensions"),
      ("--smear hip", "hyp"), ("--smear ape:2", "alpha"), ("--flow-time 0", "--flow-time"),
      ("--observables links --flow-time 1", "charge"), ("--maximum-r 2", "loops"),
      ("--observables loops --maximum-r 9", "1 to 4"), ("--time-smear hyp", "potential"),
      ("--observables potential --coulomb treeLevelImproved", "four dimensions"),
      ("--observables potential --fit-r 1-2", "three"),
      ("--observables potential --maximum-r 3 --fit-r 1-4", "--fit-r"),
      ("--observables potential --bin-length 0", "--bin-length"),
    ] {
      let result = try Tool.run(
        ["measure"] + files + arguments.split(separator: " ").map(String.init))
      #expect(result.status == 64, "\(arguments)")
      #expect(result.errors.contains(word), "\(arguments): \(result.errors)")
    }
    for name in ["potential", "susceptibility"] {
      let few = try Tool.run(["measure", "--observables", name] + files.prefix(3))
      #expect(few.status == 64)
      #expect(few.errors.contains("at least 4 files"))
    }
    // A file of another lattice is no part of the ensemble.
    let other = try TemporaryFolder()
    let small = try Tool.sample("--group su2 --lattice 4,4,2 --beta 4", in: other)
    let mixed = try Tool.run(
      ["measure", "--observables", "potential", "--json"] + files + small)
    #expect(mixed.status == 64)
    #expect(mixed.errors.contains("first file"))
    let p = try #require(try mixed.json()["potential"] as? [String: Any])
    #expect(p["configurations"] as? Int == 4)
  }
}
