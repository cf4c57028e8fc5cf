import Foundation
import Testing

/// The programs of `Examples/SquareToRectangle`, `Examples/Pendulum` and `Examples/RotatedImages` in small.
@Suite("Examples of relaxed symmetry")
struct RelaxedExampleTests {
  /// Runs an example and returns the rows of its table, without those of its header.
  private func rows(_ name: String) throws -> [[String]] {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = Tool.url.deletingLastPathComponent().appendingPathComponent(
      "RelaxedSymmetry")
    process.arguments = [name, "--quick"]
    let out = folder.url.appendingPathComponent("\(name).txt")
    _ = FileManager.default.createFile(atPath: out.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: out, encoding: .utf8)
    #expect(process.terminationStatus == 0, "\(text)")
    return text.split(separator: "\n").dropFirst(2).map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// A fixed seed; each reading of what is symmetric would err with a new one in at most one of 1000.
  @Test(
    "squares, rectangles and random pictures have exactly their symmetry, by weights and scores")
  func squareToRectangle() throws {
    let rows = try rows("square-to-rectangle")
    #expect(rows.map { $0[3] } == ["4", "2", "1", "8", "4", "1"])
    for row in rows { #expect(row[4] == "1 of 1" && row[5] == "1 of 1", "\(row)") }
  }

  @Test("damping breaks time reversal, and nothing else does")
  func pendulum() throws {
    let rows = try rows("pendulum")
    #expect(rows.map { $0[0] } == ["undamped", "damped"])
    #expect(rows.map { $0[2] } == ["0 of 2", "2 of 2"])
    #expect(rows.map { $0[3] } == ["0 of 2", "2 of 2"])
  }

  @Test("what is equivariant by construction says the same on whole orbits, and others do not")
  func rotatedImages() throws {
    let rows = try rows("rotated-images")
    #expect(rows.count == 7)
    for row in rows {
      let same = try #require(Double(row[4]))
      let isExact = ["canonicalised", "averaged over C4", "strict C4"].contains(row[0])
      #expect(isExact ? same == 4 : same < 4, "\(row)")
      if isExact { #expect(row[2] == row[3], "\(row)") }
    }
  }
}
