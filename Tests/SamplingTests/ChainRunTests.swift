import Compute
import Foundation
import Lattice
import Sampling
import Testing

/// Interrupted and resumed chains write the same bytes; folders that do not fit are refused.
@Suite("Chains in folders", .serialized)
struct ChainRunTests {
  /// A folder that is removed after use.
  func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let path = NSTemporaryDirectory() + "chain-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  func parameters(_ group: GaugeGroup = .su3, _ lattice: [Int] = [2, 4, 2, 4]) -> ChainParameters {
    var p = ChainParameters(group: group, lattice: lattice, beta: 5.5)
    (p.thermalization, p.sweeps, p.saveEvery, p.overrelaxation) = (3, 11, 4, 2)
    p.seed = 77
    return p
  }

  /// Every file of a folder.
  func files(_ path: String) throws -> [String: Data] {
    var result = [String: Data]()
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      result[name] = FileManager.default.contents(atPath: path + "/" + name)
    }
    return result
  }

  @discardableResult
  func run<S: LatticeReal>(
    _ p: ChainParameters, _ path: String, resumes: Bool = false, stopAfter: Int = .max, as: S.Type
  ) throws -> ChainRun.Summary {
    let run = ChainRun(p, in: ChainDirectory(path), resumes: resumes)
    return try run.run(as: S.self) { $0.updatesHere < stopAfter }
  }

  func sameBytes<S: LatticeReal>(_ p: ChainParameters, as: S.Type) throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    try withFolder { whole in
      try withFolder { parts in
        Threads.count = 2
        let summary = try run(p, whole, as: S.self)
        for (count, stop) in [(1, 2), (3, 5), (2, 1)] {
          Threads.count = count
          #expect(throws: ChainRun.Interrupted.self) {
            try run(p, parts, resumes: true, stopAfter: stop, as: S.self)
          }
        }
        Threads.count = 1
        let resumed = try run(p, parts, resumes: true, as: S.self)
        #expect(resumed.resumedFrom == 8)
        #expect(resumed.plaquette == summary.plaquette)
        #expect(resumed.plaquetteError == summary.plaquetteError)
        #expect(resumed.records == summary.records && summary.records.count == 14)
        let (a, b) = (try files(whole), try files(parts))
        #expect(a.keys.sorted() == b.keys.sorted())
        #expect(a.count >= 5)
        for name in a.keys { #expect(a[name] == b[name], "\(name)") }
        // A finished chain resumes to the same summary without touching anything.
        let again = try run(p, parts, resumes: true, as: S.self)
        #expect(again.records == summary.records)
        #expect(try files(parts) == a)
      }
    }
  }

  @Test(
    "interrupted, resumed with other numbers of threads: all files the same",
    arguments: [
      (GaugeGroup.u1, [4, 6]), (.su2, [3, 4]), (.su3, [2, 4, 2, 4]), (.su4, [2, 3, 2]),
    ])
  func resume(_ group: GaugeGroup, _ lattice: [Int]) throws {
    var p = parameters(group, lattice)
    try sameBytes(p, as: Double.self)
    p.precision = "f32"
    p.start = .hot
    try sameBytes(p, as: Float.self)
  }

  @Test("a longer chain begins with the shorter one")
  func lengthen() throws {
    try withFolder { whole in
      try withFolder { parts in
        var p = parameters(.su2, [4, 4])
        try run(p, parts, as: Double.self)
        p.sweeps = 20
        try run(p, parts, resumes: true, as: Double.self)
        try run(p, whole, as: Double.self)
        #expect(try files(whole) == files(parts))
        p.sweeps = 5
        #expect(throws: ConfigurationError.self) {
          try run(p, parts, resumes: true, as: Double.self)
        }
      }
    }
  }

  /// Runs on a changed folder: the kind of error, and that nothing was changed by it.
  func expectRefusal(
    _ kind: ConfigurationError.Kind, _ p: ChainParameters, _ path: String, resumes: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try files(path)
    let error = #expect(throws: ConfigurationError.self, sourceLocation: sourceLocation) {
      try run(p, path, resumes: resumes, as: Double.self)
    }
    #expect(error?.kind == kind, "\(String(describing: error))", sourceLocation: sourceLocation)
    #expect(try files(path) == before, sourceLocation: sourceLocation)
  }

  @Test("another chain's folder is refused and left alone")
  func otherChain() throws {
    try withFolder { path in
      let p = parameters(.su2, [4, 4])
      try run(p, path, as: Double.self)
      try expectRefusal(.cannotCreate, p, path, resumes: false)
      let changes: [(inout ChainParameters) -> Void] = [
        { $0.beta = 5.4 }, { $0.seed = 78 }, { $0.group = "su4" }, { $0.lattice = [4, 8] },
        { $0.overrelaxation = 3 }, { $0.thermalization = 4 }, { $0.saveEvery = 3 },
        { $0.start = .hot }, { $0.xi0 = 1.1 }, { $0.planeCouplings = [5.5] },
        { $0.precision = "f32" }, { $0.format = "npy" }, { $0.boundary[1] = "open" },
      ]
      for change in changes {
        var other = p
        change(&other)
        try expectRefusal(.damaged, other, path)
      }
    }
  }

  @Test(
    "open chains: interrupted and resumed to the same bytes",
    arguments: [
      (GaugeGroup.u1, [4, 6]), (.su2, [3, 4, 5]), (.su3, [2, 4, 2, 4]), (.su4, [2, 3, 2]),
    ])
  func resumeOpen(_ group: GaugeGroup, _ lattice: [Int]) throws {
    var p = parameters(group, lattice)
    p.boundary[lattice.count - 1] = "open"
    p.boundary[0] = "open"
    p.boundaryWeight = 0.5
    try sameBytes(p, as: Double.self)
    try withFolder { path in
      let summary = try run(p, path, as: Double.self)
      let saved = try ConfigurationReader.read(summary.files[0], as: Double.self)
      #expect(saved.info.boundary.words == p.boundary && saved.info.warnings.isEmpty)
      if p.format == "scidac" {
        #expect(saved.info.metadata["boundaryWeight"] == "0.5")
        #expect(saved.info.metadata["boundary"] == p.boundary.joined(separator: ","))
      }
      for change in [{ $0.boundaryWeight = 1 }, { $0.boundary[0] = "periodic" }]
        as [(inout ChainParameters) -> Void]
      {
        var other = p
        change(&other)
        try expectRefusal(.damaged, other, path)
      }
    }
  }

  /// Folders with what another run left, but without its chain.json.
  @Test("files of a chain that is not there are not overwritten")
  func leftovers() throws {
    for name in [
      "history.csv", "checkpoint.lime", "configuration-000004.ildg", "configuration-000007.lime",
      "configuration-000001.nersc", "configuration-000001.npy",
    ] {
      for resumes in [false, true] {
        try withFolder { path in
          try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
          try Data([1]).write(to: URL(fileURLWithPath: path + "/notes.txt"))
          try Data([2]).write(to: URL(fileURLWithPath: path + "/" + name))
          let p = parameters(.su2, [4, 4])
          try expectRefusal(.cannotCreate, p, path, resumes: resumes)
          let error = #expect(throws: ConfigurationError.self) {
            try run(p, path, resumes: resumes, as: Double.self)
          }
          #expect(error?.file == path + "/" + name && error?.exitStatus == 73)
          // What is not of a chain stays and does no harm.
          try FileManager.default.removeItem(atPath: path + "/" + name)
          try run(p, path, resumes: resumes, as: Double.self)
          #expect(try files(path)["notes.txt"] == Data([1]))
        }
      }
    }
  }

  @Test("damaged folders are refused and left alone")
  func damage() throws {
    try withFolder { path in
      let p = parameters(.su2, [4, 4])
      try run(p, path, as: Double.self)
      let (checkpoint, history) = (path + "/checkpoint.lime", path + "/history.csv")
      let good = try files(path)
      let bytes = good["checkpoint.lime"]!
      for k in [150, bytes.count / 2, bytes.count * 3 / 4] {
        var flipped = bytes
        flipped[k] ^= 1
        try flipped.write(to: URL(fileURLWithPath: checkpoint))
        if (try? run(p, path, resumes: true, as: Double.self)) != nil {
          // A bit that means nothing, such as one in padding, may pass: the chain is the same.
          #expect(try files(path)["history.csv"] == good["history.csv"])
        }
      }
      var payload = bytes
      payload[bytes.count / 2] ^= 1
      try payload.write(to: URL(fileURLWithPath: checkpoint))
      try expectRefusal(.damaged, p, path)
      try bytes.prefix(bytes.count / 3).write(to: URL(fileURLWithPath: checkpoint))
      try expectRefusal(.damaged, p, path)
      try bytes.write(to: URL(fileURLWithPath: checkpoint))

      let rows = good["history.csv"]!
      try rows.prefix(rows.count - 90).write(to: URL(fileURLWithPath: history))
      try expectRefusal(.damaged, p, path)
      try FileManager.default.removeItem(atPath: history)
      try expectRefusal(.damaged, p, path)
      try rows.write(to: URL(fileURLWithPath: history))

      try Data("{".utf8).write(to: URL(fileURLWithPath: path + "/chain.json"))
      try expectRefusal(.damaged, p, path)
    }
  }

  /// A run killed between the history and the checkpoint has rows too many, maybe half a row.
  @Test("rows beyond the checkpoint are cut and written again")
  func rowsBeyond() throws {
    try withFolder { whole in
      try withFolder { parts in
        let p = parameters(.su2, [4, 4])
        try run(p, whole, as: Double.self)
        #expect(throws: ChainRun.Interrupted.self) {
          try run(p, parts, stopAfter: 5, as: Double.self)
        }
        let history = parts + "/history.csv"
        var rows = FileManager.default.contents(atPath: history)!
        rows.append(Data("6,production,0.123,,0.123\n7,produ".utf8))
        try rows.write(to: URL(fileURLWithPath: history))
        try run(p, parts, resumes: true, as: Double.self)
        #expect(try files(whole) == files(parts))
      }
    }
  }
}
