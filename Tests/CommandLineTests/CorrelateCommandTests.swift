import Foundation
import Lattice
import Testing

/// `gauge correlate`, through the built tool.
@Suite struct CorrelateCommandTests {
  private func correlate(_ files: [String], _ options: String) throws -> [String: Any] {
    let result = try Tool.run(
      ["correlate", "--json"] + files + options.split(separator: " ").map(String.init))
    #expect(result.status == 0, "\(result.errors)")
    return try result.json()
  }

  private func numbers(_ rows: Any?, _ key: String) throws -> [Double] {
    try #require(rows as? [[String: Any]]).map { try #require($0[key] as? Double) }
  }

  /// Re tr P_mu_nu(x) / N of a file.
  private func plaquettes(_ file: String, _ mu: Int, _ nu: Int) throws -> [Double] {
    let u = try ConfigurationReader.read(file, as: Double.self).field
    let g = u.geometry
    return (0..<g.volume).map { x in
      let (a, b) = (g.neighbour(of: x, direction: mu), g.neighbour(of: x, direction: nu))
      return (u[x, mu] * u[a, nu] * u[b, mu].adjoint * u[x, nu].adjoint).trace.real
        / Double(u.group.n)
    }
  }

  @Test func directSums() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 4,3,6 --beta 3", sweeps: 24, every: 3, in: folder)
    let json = try correlate(
      files, "--observable plaquette-xt --direction t --distances --momentum 1 --bin-length 1")
    #expect(json["configurations"] as? Int == 8 && json["bins"] as? Int == 8)
    let fields = try files.map { try plaquettes($0, 0, 2) }
    let volume = 72.0
    let means = fields.map { $0.reduce(0, +) / volume }
    let vacuum = means.reduce(0, +) / 8
    #expect(abs(try #require(json["mean"] as? Double) - vacuum) < 1e-13)
    let error = means.reduce(0) { $0 + ($1 - vacuum) * ($1 - vacuum) } / (8 * 7)
    #expect(abs(try #require(json["meanError"] as? Double) - error.squareRoot()) < 1e-13)
    let square = means.reduce(0) { $0 + $1 * $1 } / 8
    let susceptibility = try #require(json["susceptibility"] as? Double)
    #expect(abs(susceptibility - volume * (square - vacuum * vacuum)) < 1e-11)

    let slices = try #require((json["slices"] as? [[String: Any]])?.first)
    #expect(slices["direction"] as? String == "t")
    let found = try numbers(slices["rows"], "correlator")
    let connected = try numbers(slices["rows"], "connected")
    #expect(found.count == 4)
    for t in 0..<4 {
      // Sums over time slices of twelve sites.
      let sum = fields.reduce(0.0) { sum, phi in
        let slice = (0..<6).map { phi[($0 * 12)..<($0 * 12 + 12)].reduce(0, +) }
        return sum + (0..<6).reduce(0) { $0 + slice[$1] * slice[($1 + t) % 6] }
      }
      let expected = sum / (8 * volume)
      #expect(abs(found[t] - expected) < 1e-12)
      #expect(abs(connected[t] - (expected - 12 * vacuum * vacuum)) < 1e-11)
    }
    let geometry = try Geometry([4, 3, 6])
    let first = try numbers(json["distances"], "correlator")
    #expect(try numbers(json["distances"], "distanceSquared") == [0, 1, 2])
    let neighbours = fields.reduce(0.0) { sum, phi in
      (0..<72).reduce(sum) { sum, x in
        (0..<3).reduce(sum) {
          $0 + phi[x] * phi[geometry.neighbour(of: x, direction: $1)] / 3
        }
      }
    }
    #expect(abs(first[1] - neighbours / (8 * volume)) < 1e-13)
    let momenta = try #require(json["momenta"] as? [[String: Any]])
    #expect(momenta.count == 4 && momenta[0]["k"] as? [Int] == [0, 0, 0])
    let k = try #require(momenta.first { $0["k"] as? [Int] == [1, 0, 0] })
    let wave = fields.reduce(0.0) { sum, phi in
      var (re, im) = (0.0, 0.0)
      for x in 0..<72 {
        let turn = Double.pi / 2 * Double(x % 4)
        re += phi[x] * cos(turn)
        im -= phi[x] * sin(turn)
      }
      return sum + (re * re + im * im) / (8 * volume)
    }
    #expect(abs(try #require(k["structureFactor"] as? Double) - wave) < 1e-13)
    #expect(abs(try #require(k["latticeMomentumSquared"] as? Double) - 2) < 1e-14)
  }

  /// The charge's susceptibility is that of `gauge measure`; no bit depends on threads.
  @Test func chargeAndThreads() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group u1 --lattice 6,6 --beta 1", sweeps: 40, every: 4, in: folder)
    let json = try correlate(files, "--observable charge --direction x --threads 1")
    let two = try correlate(files, "--observable charge --direction x --threads 2")
    #expect(json as NSDictionary == two as NSDictionary)
    let measured = try Tool.run(["measure", "--json", "--observables", "charge"] + files).json()
    let charges = try numbers(measured["measurements"], "topologicalCharge")
    let second = charges.reduce(0) { $0 + $1 * $1 } / Double(36 * charges.count)
    #expect(abs(try #require(json["secondMoment"] as? Double) - second) < 1e-12)
    let text = try Tool.run(["correlate"] + files + ["--observable", "charge"])
    #expect(text.status == 0 && text.output.contains("slices of t"))
    #expect(text.output.contains("susceptibility"))
  }

  /// Polyakov loops live in space: against the distance by default, complex means.
  @Test func polyakov() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su3 --lattice 4,4,4,2 --beta 5.8", sweeps: 24, every: 4, in: folder)
    let json = try correlate(files, "--observable polyakov")
    #expect(json["volume"] as? Int == 64 && (json["mean"] as? [Double])?.count == 2)
    #expect((json["slices"] as? [Any])?.isEmpty == true)
    #expect(try numbers(json["distances"], "distanceSquared") == [0, 1, 2, 3, 4])
    let measured = try Tool.run(["measure", "--json"] + files).json()
    let rows = try #require(measured["measurements"] as? [[String: Any]])
    let loops = try rows.map { try #require($0["polyakov"] as? [Double]) }
    let mean = loops.reduce(0) { $0 + $1[0] } / Double(loops.count)
    #expect(abs(try #require(json["mean"] as? [Double])[0] - mean) < 1e-13)
    let second = loops.reduce(0) { $0 + $1[0] * $1[0] + $1[1] * $1[1] } / Double(loops.count)
    #expect(abs(try #require(json["secondMoment"] as? Double) - 64 * second) < 1e-11)
    // Smeared links are smoother.
    let plain = try correlate(files, "--observable energy --momentum 1")
    let smooth = try correlate(files, "--observable energy --momentum 1 --smear ape:0.5:3")
    #expect(smooth["smearing"] as? String == "ape:0.5:3" && plain["smearing"] is NSNull)
    let (a, b) = (
      try #require(smooth["mean"] as? Double), try #require(plain["mean"] as? Double)
    )
    #expect(a < b / 2)
    let flowed = try correlate(files, "--observable energy --flow-time 0.2")
    #expect(try #require(flowed["mean"] as? Double) < b)
  }

  @Test func refusals() throws {
    let folder = try TemporaryFolder()
    let files = try Tool.sample(
      "--group su2 --lattice 4,4,4 --beta 4", sweeps: 8, every: 2, in: folder)
    for (options, word) in [
      ("--observable spin", "polyakov"), ("--observable plaquette-xz", "x, y, t"),
      ("--observable plaquette-xx", "x, y, t"), ("--observable charge", "four dimensions"),
      ("--observable polyakov --direction t", "x, y"),
      ("--observable action --direction z", "x, y, t"),
      ("--observable action --momentum 0", "--momentum"),
      ("--observable action --flow-time 0", "--flow-time"),
      ("--observable action --flow-time 1 --smear hyp", "--smear"),
      ("--observable action --smear hip", "hyp"),
      ("--observable action --bin-length 0", "--bin-length"),
      ("--observable action --bin-length 2", "at least 8 files"),
    ] {
      let result = try Tool.run(
        ["correlate"] + files + options.split(separator: " ").map(String.init))
      #expect(result.status == 64, "\(options)")
      #expect(result.errors.contains(word), "\(options): \(result.errors)")
      #expect(result.errorLines.count == 1, "\(options): \(result.errors)")
    }
    let few = try Tool.run(["correlate", "--observable", "action"] + files.prefix(3))
    #expect(few.status == 64 && few.errors.contains("at least 4 files"))
    #expect(try Tool.run(["correlate"] + files).status == 64)
    // A file that is missing or of another lattice does not cost what the others have.
    let other = try TemporaryFolder()
    let small = try Tool.sample("--group su2 --lattice 4,4,2 --beta 4", in: other)
    for (extra, status) in [(small[0], Int32(64)), (folder.path + "/none", 66)] {
      let mixed = try Tool.run(["correlate", "--json", "--observable", "action"] + files + [extra])
      #expect(mixed.status == status, "\(mixed.errors)")
      #expect(try mixed.json()["configurations"] as? Int == 4)
    }
    let open = try TemporaryFolder()
    let ends = try Tool.sample(
      "--group u1 --lattice 4,4 --beta 2 --boundary periodic,open", sweeps: 40, in: open)
    let result = try Tool.run(["correlate", "--observable", "action"] + ends)
    #expect(result.status == 64 && result.errors.contains("periodic boundaries"))
  }
}
