import Loops
import Testing

@Suite("Smearing from text")
struct SmearingTests {
  @Test("what is left out has a default")
  func parse() throws {
    #expect(try Smearing("ape") == .ape(alpha: 0.5))
    #expect(try Smearing("ape:0.7:10") == .ape(alpha: 0.7, steps: 10))
    #expect(try Smearing("ape:0.7:spatial") == .ape(alpha: 0.7, spatialOnly: true))
    #expect(try Smearing("hyp") == .hyp())
    #expect(try Smearing("hyp:3") == .hyp(steps: 3))
    #expect(
      try Smearing("hyp:0.1:0.2:0.3:2:spatial")
        == .hyp(alpha1: 0.1, alpha2: 0.2, alpha3: 0.3, steps: 2, spatialOnly: true))
    #expect(try Smearing("stout:0.14:5") == .stout(rho: 0.14, steps: 5))
    #expect(try Smearing("hyp").kind == .hyp(alpha1: 0.75, alpha2: 0.6, alpha3: 0.3))
  }

  @Test("text and back", arguments: ["ape:0.5:10", "hyp:0.75:0.6:0.3:1:spatial", "stout:0.1:3"])
  func roundTrip(_ text: String) throws {
    #expect(try Smearing(text).description == text)
  }

  @Test("what is wrong is named")
  func errors() throws {
    let cases: [(String, SmearingError)] = [
      ("", .kind("")), ("blur:3", .kind("blur:3")),
      ("ape:1.5", .parameter(name: "alpha", expected: "0 to 1", found: "1.5")),
      ("ape:nan", .parameter(name: "alpha", expected: "0 to 1", found: "nan")),
      ("ape:", .parameter(name: "alpha", expected: "a number", found: "''")),
      ("ape:0.5:x", .parameter(name: "steps", expected: "a whole number", found: "'x'")),
      ("stout:0.1:-1", .parameter(name: "steps", expected: "0 or more", found: "-1")),
      ("stout:inf", .parameter(name: "rho", expected: "a finite number", found: "inf")),
      ("hyp:0.1:0.2", .parameterCount(kind: "hyp", expected: "0, 1, 3 or 4", found: 2)),
      ("ape:1:1:1", .parameterCount(kind: "ape", expected: "up to 2", found: 3)),
    ]
    for (text, error) in cases {
      #expect(throws: error, "\(text)") { try Smearing(text) }
      #expect(!error.description.isEmpty)
    }
    #expect(throws: SmearingError.self) { try Smearing.stout(rho: [[0, 1], [1]]) }
    #expect(throws: SmearingError.dimension(expected: 2, found: 3)) {
      try Smearing.stout(rho: [[0, 1], [1, 0]]).validate(dimension: 3)
    }
  }
}
