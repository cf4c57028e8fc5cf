import Foundation
import Lattice

/// The table of measurements of a chain, `history.csv`: one row an update.
///
/// Every chain has the first five columns; U(1) in two dimensions has the charge, hybrid Monte Carlo
/// what became of the trajectory.
struct ChainHistory {
  private let hasCharge: Bool
  private let hasTrajectories: Bool

  private var header: String {
    "update,phase,plaquette,plaquetteSpatial,plaquetteTemporal"
      + (hasCharge ? ",topologicalCharge" : "")
      + (hasTrajectories ? ",energyChange,accepted,steps,reversibilityViolation" : "")
  }

  private(set) var records: [ChainRecord] = []
  private let path: String
  private let thermalization: Int
  private var unwritten: [String] = []

  /// An empty history; the file is written at the first `flush`.
  init(path: String, _ parameters: ChainParameters) {
    self.path = path
    thermalization = parameters.thermalization
    hasCharge = parameters.recordsCharge
    hasTrajectories = parameters.algorithm == .hmc
  }

  /// The first `count` rows of a file, which is cut to them.
  ///
  /// - Throws: `ConfigurationError` where a row is missing or does not read.
  init(path: String, _ parameters: ChainParameters, restoring count: Int) throws {
    self.init(path: path, parameters)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ConfigurationError(
        .damaged, file: path, expected: "\(count) rows of history", found: "no file")
    }
    let lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(String.init) == header, lines.count > count else {
      throw ConfigurationError(
        .damaged, file: path, expected: "a header and \(count) rows",
        found: "\(max(0, lines.count - 2)) rows")
    }
    for k in 1..<(count + 1) {
      guard let record = record(String(lines[k])), record.update == k else {
        throw ConfigurationError(
          .damaged, file: path, expected: "the row of update \(k)", found: String(lines[k]))
      }
      records.append(record)
    }
    let kept = lines[0...count].joined(separator: "\n") + "\n"
    try writeFileAtomically(path) { (writer) throws(ConfigurationError) in
      try writer.write(kept)
    }
  }

  mutating func append(_ record: ChainRecord) {
    records.append(record)
    unwritten.append(row(record))
  }

  private func row(_ r: ChainRecord) -> String {
    let phase = r.update <= thermalization ? "thermalization" : "production"
    func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "" }
    var cells = [
      "\(r.update)", phase, "\(r.plaquette)", text(r.plaquetteSpatial), "\(r.plaquetteTemporal)",
    ]
    if hasCharge { cells.append(text(r.topologicalCharge)) }
    if hasTrajectories {
      let t = r.trajectory
      cells += [
        text(t?.energyChange), text(t.map { $0.isAccepted ? 1 : 0 }), text(t?.steps),
        text(t?.reversibilityViolation),
      ]
    }
    return cells.joined(separator: ",")
  }

  /// The record of a row; nil where it does not read.
  private func record(_ row: String) -> ChainRecord? {
    let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let count = 5 + (hasCharge ? 1 : 0) + (hasTrajectories ? 4 : 0)
    func isAbsentOrNumber(_ cell: String) -> Bool { cell.isEmpty || Double(cell) != nil }
    guard cells.count == count, let update = Int(cells[0]), let plaquette = Double(cells[2]),
      isAbsentOrNumber(cells[3]), let temporal = Double(cells[4])
    else { return nil }
    var result = ChainRecord(
      update: update, plaquette: plaquette, plaquetteSpatial: Double(cells[3]),
      plaquetteTemporal: temporal)
    if hasCharge {
      guard let charge = Double(cells[5]) else { return nil }
      result.topologicalCharge = charge
    }
    if hasTrajectories {
      let t = Array(cells.suffix(4))
      guard let change = Double(t[0]), ["0", "1"].contains(t[1]), let steps = Int(t[2]),
        isAbsentOrNumber(t[3])
      else { return nil }
      result.trajectory = TrajectoryRecord(
        energyChange: change, isAccepted: t[1] == "1", steps: steps,
        reversibilityViolation: Double(t[3]))
    }
    return result
  }

  /// Writes what has been added, and waits until the disk has it.
  mutating func flush() throws {
    if records.count == unwritten.count {
      let text = ([header] + unwritten).joined(separator: "\n") + "\n"
      try writeFileAtomically(path) { (writer) throws(ConfigurationError) in
        try writer.write(text)
      }
    } else if !unwritten.isEmpty {
      do {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((unwritten.joined(separator: "\n") + "\n").utf8))
        try handle.synchronize()
      } catch {
        throw ConfigurationError(
          .inputOutput, file: path, expected: "rows appended", found: error.localizedDescription)
      }
    }
    unwritten = []
  }
}
