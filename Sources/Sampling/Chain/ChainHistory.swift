import Foundation
import Lattice

/// The table of measurements of a chain, `history.csv`: one row an update.
struct ChainHistory {
  static let header = "update,phase,plaquette,plaquetteSpatial,plaquetteTemporal"

  private(set) var records: [ChainRecord] = []
  private let path: String
  private let thermalization: Int
  private var unwritten: [String] = []

  /// An empty history; the file is written at the first `flush`.
  init(path: String, thermalization: Int) {
    self.path = path
    self.thermalization = thermalization
  }

  /// The first `count` rows of a file, which is cut to them.
  ///
  /// - Throws: `ConfigurationError` where a row is missing or does not read.
  init(path: String, thermalization: Int, restoring count: Int) throws {
    self.init(path: path, thermalization: thermalization)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ConfigurationError(
        .damaged, file: path, expected: "\(count) rows of history", found: "no file")
    }
    let lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(String.init) == Self.header, lines.count > count else {
      throw ConfigurationError(
        .damaged, file: path, expected: "a header and \(count) rows",
        found: "\(max(0, lines.count - 2)) rows")
    }
    for k in 1..<(count + 1) {
      let cells = lines[k].split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count == 5, Int(cells[0]) == k, let plaquette = Double(cells[2]),
        let temporal = Double(cells[4]), cells[3].isEmpty || Double(cells[3]) != nil
      else {
        throw ConfigurationError(
          .damaged, file: path, expected: "the row of update \(k)", found: String(lines[k]))
      }
      records.append(
        ChainRecord(
          update: k, plaquette: plaquette, plaquetteSpatial: Double(cells[3]),
          plaquetteTemporal: temporal))
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
    let spatial = r.plaquetteSpatial.map { "\($0)" } ?? ""
    return "\(r.update),\(phase),\(r.plaquette),\(spatial),\(r.plaquetteTemporal)"
  }

  /// Writes what has been added, and waits until the disk has it.
  mutating func flush() throws {
    if records.count == unwritten.count {
      let text = ([Self.header] + unwritten).joined(separator: "\n") + "\n"
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
