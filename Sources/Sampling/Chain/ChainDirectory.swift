import CZlib
import Compute
import Foundation
import Lattice

/// The folder of a chain: `chain.json`, `history.csv`, `checkpoint.lime` and the saved
/// configurations.
///
/// The checkpoint is a SciDAC file of the links in the chain's own precision whose record says how
/// many updates made them; it replaces the previous one in one step. `history.csv` is on the disk
/// before the checkpoint that counts its rows.
public struct ChainDirectory: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  var parametersFile: String { path + "/chain.json" }
  var historyFile: String { path + "/history.csv" }
  var checkpointFile: String { path + "/checkpoint.lime" }
  private static let configurationEndings = [
    "ildg": "ildg", "scidac": "lime", "nersc": "nersc", "npy": "npy",
  ]

  /// The file of the configuration after a number of production updates.
  public func configurationFile(_ number: Int, format: String) -> String {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    let ending = Self.configurationEndings[format]!
    return path + "/configuration-\(padded).\(ending)"
  }

  /// The parameters of the chain that is already here; nil if there is none.
  ///
  /// - Throws: `ConfigurationError` if `chain.json` does not read.
  public func storedParameters() throws -> ChainParameters? {
    guard FileManager.default.fileExists(atPath: parametersFile) else { return nil }
    guard let data = FileManager.default.contents(atPath: parametersFile) else {
      throw ConfigurationError(
        .missing, file: parametersFile, expected: "a readable file", found: "no permission")
    }
    do {
      return try JSONDecoder().decode(ChainParameters.self, from: data)
    } catch {
      throw ConfigurationError(
        .damaged, file: parametersFile, expected: "the parameters of a chain",
        found: "JSON that does not decode")
    }
  }

  /// Makes the folder and writes `chain.json`.
  ///
  /// - Throws: `ConfigurationError.cannotCreate` where the folder cannot be made, or holds files of
  ///   another chain that this one would overwrite.
  func create(_ parameters: ChainParameters) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    if let name = names.sorted().first(where: Self.belongsToChain) {
      throw ConfigurationError(
        .cannotCreate, file: path + "/" + name, expected: "a folder without files of a chain",
        found: "this file and no chain.json")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ConfigurationError(
        .cannotCreate, file: path, expected: "a folder for the chain",
        found: "it cannot be created")
    }
    try write(parameters)
  }

  /// Whether a run would write a file of this name.
  private static func belongsToChain(_ name: String) -> Bool {
    let isConfiguration =
      name.hasPrefix("configuration-")
      && configurationEndings.values.contains { name.hasSuffix("." + $0) }
    return isConfiguration || name == "history.csv" || name == "checkpoint.lime"
  }

  /// Keeps other processes out of the folder until the result is released, and removes what a killed
  /// run left unfinished.
  ///
  /// - Throws: `ConfigurationError.cannotCreate` while another process runs the chain.
  func lock() throws -> FolderLock {
    let lock = FolderLock(path)
    guard lock.isHeld else {
      throw ConfigurationError(
        .cannotCreate, file: path, expected: "a folder that no other run is using",
        found: "a run in progress")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix(".partial-") {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
    return lock
  }

  func write(_ parameters: ChainParameters) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(parameters)
    try writeFileAtomically(parametersFile) { (writer) throws(ConfigurationError) in
      try writer.write(String(decoding: data, as: UTF8.self) + "\n")
    }
  }

  /// Replaces the checkpoint by the present state of a chain.
  func writeCheckpoint<Scalar>(_ chain: Chain<Scalar>) throws {
    var options = ConfigurationWriter.Options()
    options.bits = MemoryLayout<Scalar>.size * 8
    options.metadata = checkpointRecord(chain.parameters, updates: chain.updates)
    try ConfigurationWriter.write(
      chain.field, to: checkpointFile, format: .scidac, options: options)
  }

  /// The checkpoint, if there is one.
  ///
  /// - Throws: `ConfigurationError` if it is damaged or belongs to another chain.
  func readCheckpoint<Scalar>(
    _ parameters: ChainParameters, as: Scalar.Type
  ) throws -> Chain<Scalar>? where Scalar: LatticeReal {
    guard FileManager.default.fileExists(atPath: checkpointFile) else { return nil }
    let stored = try ConfigurationReader.read(checkpointFile, as: Scalar.self)
    let header = stored.info.metadata
    guard let updates = header["updates"].flatMap({ Int($0) }), updates >= 0 else {
      throw ConfigurationError(
        .damaged, file: checkpointFile, expected: "a count of updates",
        found: header["updates"] ?? "none")
    }
    let expected = checkpointRecord(parameters, updates: updates)
    for key in expected.keys.sorted() where header[key] != expected[key] {
      throw ConfigurationError(
        .damaged, file: checkpointFile, expected: "\(key) \(expected[key]!)",
        found: header[key] ?? "none")
    }
    guard stored.field.group.commandLineName == parameters.group,
      stored.info.extents == parameters.lattice
    else {
      throw ConfigurationError(
        .damaged, file: checkpointFile, expected: "\(parameters.group) on \(parameters.lattice)",
        found: "\(stored.field.group) on \(stored.info.extents)")
    }
    guard try stored.field.boundary == parameters.fieldBoundary() else {
      throw ConfigurationError(
        .damaged, file: checkpointFile,
        expected: "boundary \(parameters.boundary.joined(separator: ","))",
        found: "\(stored.field.boundary)")
    }
    return try Chain(parameters, field: stored.field, updates: updates)
  }

  /// What a checkpoint says of its chain. `seal` is a checksum of the rest, so that a flipped bit in
  /// the count cannot pass.
  private func checkpointRecord(_ p: ChainParameters, updates: Int) -> [String: String] {
    var record = [
      "updates": "\(updates)", "chain": "latticegauge-\(p.formatVersion)",
      "algorithm": p.algorithm.rawValue, "action": p.action, "beta": "\(p.beta)",
      "xi0": "\(p.xi0)",
      "couplings": p.planeCouplings.map { "\($0)" } ?? "none", "seed": "\(p.seed)",
      "overrelaxation": "\(p.overrelaxation)", "precision": p.precision,
      "thermalization": "\(p.thermalization)",
    ]
    if p.hasOpenDirection {
      record["boundary"] = p.boundary.joined(separator: ",")
      record["boundaryWeight"] = "\(p.boundaryWeight)"
    }
    let text = record.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let bytes = Array(text.joined(separator: ";").utf8)
    let sum = bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    record["seal"] = String(sum, radix: 16)
    return record
  }

  /// Saves a configuration for use by others.
  func save<Scalar>(_ chain: Chain<Scalar>, number: Int) throws {
    let p = chain.parameters
    guard let format = ConfigurationFormat(rawValue: p.format) else { return }
    var options = ConfigurationWriter.Options()
    options.bits = MemoryLayout<Scalar>.size * 8
    options.metadata = [
      "beta": "\(p.beta)", "action": p.action, "seed": "\(p.seed)",
      "sequence": "\(number)", "creator": "LatticeGauge \(p.version)",
      "boundary": p.boundary.joined(separator: ","),
    ]
    if p.hasOpenDirection { options.metadata["boundaryWeight"] = "\(p.boundaryWeight)" }
    if p.xi0 != 1 { options.metadata["xi0"] = "\(p.xi0)" }
    if let couplings = p.planeCouplings { options.metadata["couplings"] = "\(couplings)" }
    try ConfigurationWriter.write(
      chain.field, to: configurationFile(number, format: p.format), format: format,
      options: options)
  }
}
