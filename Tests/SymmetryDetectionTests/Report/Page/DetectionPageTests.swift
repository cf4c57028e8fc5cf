import Foundation
import Groups
import SymmetryDetection
import Testing

@Suite("The report as a page")
struct DetectionPageTests {
  private static func page() throws -> DetectionPage {
    let loops = try CenterDescriptionTests.ordered((0..<100).map { $0 / 20 % 3 })
    var result = try SymmetryDetector(draws: 199, subgroupDraws: 199).detect([
      SymmetryDetectorTests.plaquettes(0.02, count: 100, seed: 1),
      ProfilePlaceTests.profile([0.6, 0.6, 0.5, 0.6, 0.6, 0.6]),
      .polyakovLoop(chains: [loops], centerOrder: 3),
    ])
    result.center = try CenterDescription(polyakovLoops: [loops], centerOrder: 3)
    var page = DetectionPage(
      title: "A <title> & more", facts: [("command", "gauge detect 'a & b'")], result: result)
    page.polyakovLoops = loops
    page.profiles = [.init(name: "Plaquette along t", values: [0.5, 0.6], errors: [0.01, 0.02])]
    page.history = [("Plaquette along the chain", [0.5, 0.6, 0.55])]
    page.weights = [.init(name: "Weights", elements: ["1", "C2"], values: [1, -1])]
    page.json = "{\"note\": \"</script>\"}"
    return page
  }

  /// Names of elements that are opened and not closed, or closed and not opened.
  private func unbalanced(_ html: String) -> [String] {
    var open: [String] = []
    var wrong: [String] = []
    let empty: Set<String> = ["meta", "!DOCTYPE"]
    for part in html.split(separator: "<").dropFirst() {
      let tag = part.prefix { $0 != ">" }
      let name = String(tag.prefix { $0 != " " && $0 != "/" || $0 == tag.first })
      if tag.hasPrefix("/") {
        if open.popLast() != String(tag.dropFirst()) { wrong.append(String(tag)) }
      } else if !tag.hasSuffix("/"), !empty.contains(name) {
        open.append(name)
      }
    }
    return wrong + open
  }

  @Test("Every element is closed, text is escaped, and nothing is loaded from elsewhere")
  func structure() throws {
    let html = try Self.page().html
    #expect(unbalanced(html.replacingOccurrences(of: "<\\/", with: "")) == [])
    #expect(html.contains("A &lt;title&gt; &amp; more") && html.contains("'a &amp; b'"))
    #expect(!html.contains("http") && !html.contains("src="))
    // The end of an element inside of a string of the JSON is none.
    #expect(html.contains("{\"note\": \"<\\/script>\"}"))
  }

  @Test("It has a picture of each kind, with finite coordinates")
  func pictures() throws {
    let html = try Self.page().html
    for title in [
      "Irreducible parts, relative to the scalar mean", "p-values", "Plaquette along t",
      "Polyakov loop", "|P|: ordered, tunnels 4 times", "Plaquette along the chain", "Weights",
    ] {
      #expect(html.contains("aria-label=\"\(title)\""), "\(title)")
    }
    for word in ["nan", "inf\"", "inf,"] { #expect(!html.contains(word), "\(word)") }
    #expect(html.contains("4 changes of the sector"))
  }
}
