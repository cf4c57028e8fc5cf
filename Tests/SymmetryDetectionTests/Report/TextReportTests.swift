import Groups
import SymmetryDetection
import Testing

@Suite("The report as text")
struct TextReportTests {
  @Test("It fits 80 columns and says what is broken, left and unseen")
  func width() throws {
    let loops = try CenterDescriptionTests.ordered((0..<100).map { $0 / 20 % 3 })
    var result = try SymmetryDetector(draws: 999, subgroupDraws: 199).detect([
      SymmetryDetectorTests.plaquettes(0.02, count: 100, seed: 1),
      ProfilePlaceTests.profile([0.6, 0.6, 0.5, 0.6, 0.6, 0.6]),
      .polyakovLoop(chains: [loops], centerOrder: 3),
    ])
    result.center = try CenterDescription(polyakovLoops: [loops], centerOrder: 3)
    let text = result.text
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    for phrase in [
      "100 configurations", "What is left of B4", "Oh x T, order 96", "broken", "not seen broken",
      "at t = 2", "ordered, tunnels 4 times", "blind to 16 pure reflections",
    ] {
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains(phrase), "\(phrase)")
    }
  }

  @Test("Too little data is said with the number that is missing")
  func tooLittle() throws {
    let result = try SymmetryDetector(draws: 99).detect([
      SymmetryDetectorTests.plaquettes(0, count: 5, seed: 1)
    ])
    #expect(result.text.contains("too little data"))
    #expect(result.text.contains("more"))
    for line in result.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }
}
