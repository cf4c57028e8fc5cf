import Foundation
import Testing

/// The programs of `Examples/PlaquetteModels` in small.
@Suite("Examples")
struct ExampleTests {
  /// Runs an example and returns the rows of its table, each a list of words.
  private func rows(_ name: String, in folder: TemporaryFolder) throws -> [[String]] {
    let process = Process()
    process.executableURL = Tool.url.deletingLastPathComponent().appendingPathComponent(
      "PlaquetteModels")
    process.arguments = [name, "--quick", "--out", "\(folder.path)/runs"]
    let out = folder.url.appendingPathComponent("\(name).txt")
    _ = FileManager.default.createFile(atPath: out.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: out, encoding: .utf8)
    #expect(process.terminationStatus == 0, "\(text)")
    return text.split(separator: "\n").map { line in
      // Columns stand three blanks apart.
      line.components(separatedBy: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }
    }
  }

  /// A number before its unit or its error in brackets.
  private func number(_ text: String) throws -> Double {
    try #require(Double(text.prefix { $0.isNumber || "+-.e".contains($0) }), "\(text)")
  }

  @Test("an L-CNN learns a Wilson loop that ordinary CNNs do not, and no transformation moves it")
  func wilsonLoops() throws {
    let folder = try TemporaryFolder()
    let regression = try rows("regression", in: folder).filter { $0.count == 5 }.dropFirst()
    #expect(regression.count == 9)
    for row in regression {
      let relative = try number(row[4])
      #expect(row[0] == "L-CNN" ? relative < 1e-18 : relative > 0.1, "\(row)")
    }
    let attack = try rows("attack", in: folder).filter { $0.count == 5 }.dropFirst()
    #expect(attack.count == 8)
    for row in attack {
      let percent = try number(row[4])
      switch (row[0], row[1]) {
      case ("L-CNN", "f64"): #expect(percent < 1e-8, "\(row)")
      case ("L-CNN", _): #expect(percent < 1e-2, "\(row)")
      default: #expect(percent > 5, "\(row)")
      }
    }
  }

  @Test("one layer learns the charge density")
  func charge() throws {
    let rows = try rows("charge", in: TemporaryFolder()).filter { $0.count == 6 }.dropFirst()
    #expect(rows.count == 2)
    for row in rows { #expect(try number(row[5]) < 1e-10, "\(row)") }
  }

  /// Five standard errors.
  @Test("a learned action is sampled")
  func learnedAction() throws {
    let rows = try rows("learned-action", in: TemporaryFolder()).filter { $0.count == 6 }
      .dropFirst()
    #expect(rows.map { $0[0] } == ["Symanzik", "learned", "Wilson + random network"])
    for row in rows {
      #expect(try number(row[2]) > 0.8, "\(row)")
      #expect(abs(try number(row[3]) - 1) < 0.02, "\(row)")
    }
    let plaquettes = try rows.map { try number($0[4]) }
    #expect(abs(plaquettes[0] - plaquettes[1]) < 0.01 && plaquettes[2] < plaquettes[0] - 0.05)
  }
}
