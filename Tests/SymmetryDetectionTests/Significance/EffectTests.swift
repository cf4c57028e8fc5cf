import Groups
import SymmetryDetection
import Testing

@Suite("Effects and their bounds")
struct EffectTests {
  static let group = try! FiniteGroup(named: "B2")
  static let axes = try! Representation.axes(group)

  static func test(_ difference: Double, seed: UInt64) throws -> DetectionResult.Test {
    let samples = try SyntheticEnsemble(axes, mean: [10 + difference, 10 - difference])
      .samples(count: 40, seed: seed)
    let observable = try SampledObservable(name: "axes", representation: axes, samples: samples)
    return try SymmetryDetector(draws: 19, testsSubgroups: false).detect([observable]).tests[0]
  }

  @Test(
    "Bounds lie above the true effect in at least 95 % of ensembles", arguments: [0.05, 0.3, 1])
  func coverage(_ difference: Double) throws {
    // At most 20 of 400 on average; 38 are four deviations more.
    let missed = try (1...400).count { seed in
      try #require(try Self.test(difference, seed: UInt64(seed)).upperBound95) < difference / 10
    }
    #expect(missed <= 38)
    // For a large effect the bound is no more conservative than 2 %.
    if difference == 1 { #expect(missed >= 5) }
  }

  @Test("Errors are the scatter of effects")
  func error() throws {
    let tests = try (1...200).map { try Self.test(1, seed: UInt64($0)) }
    let effects = try tests.map { try #require($0.effect) }
    let mean = effects.reduce(0, +) / 200
    let scatter = (effects.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
    let errors = try tests.map { try #require($0.effectError) }.reduce(0, +) / 200
    #expect((mean - 0.1).magnitude < 0.005)
    // The scatter of 200 is known to 5 %.
    #expect((errors / scatter - 1).magnitude < 0.2)
  }

  @Test("Without a scalar part the unit is the root mean square of a sample")
  func withoutScalar() throws {
    let vector = try Representation.vector(Self.group)
    let observable = try SampledObservable(
      name: "current", representation: vector,
      samples: SyntheticEnsemble(vector, mean: [3, 0]).samples(count: 400, seed: 1))
    let test = try SymmetryDetector(draws: 99).detect([observable]).tests[0]
    #expect(!test.effectIsRelativeToScalar)
    // 3 over the root of 9 + 2.
    #expect((try #require(test.effect) - 3 / 11.0.squareRoot()).magnitude < 0.05)
  }
}
