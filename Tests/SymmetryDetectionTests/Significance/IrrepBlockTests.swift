import Groups
import SymmetryDetection
import Testing

@Suite("Several copies of one irrep")
struct IrrepBlockTests {
  /// Odd quantities a and a + small, of which the difference has a mean.
  static func pairs(difference: Double, count: Int, seed: UInt64) throws -> [[Double]] {
    let vector = try Representation.vector(FiniteGroup(named: "B2"))
    return try SyntheticEnsemble(vector, mean: [0, 0]).samples(count: count, seed: seed)
      .map { [$0[0], $0[0] + 0.01 * $0[1] + difference] }
  }

  static func test(_ samples: [[Double]], draws: Int = 199) throws -> DetectionResult.Test {
    let observable = try SampledObservable.odd(name: "pairs", symmetry: .parity, chains: [samples])
    return try SymmetryDetector(draws: draws).detect([observable]).tests[0]
  }

  @Test("The covariance of copies is used: a small mean of a quiet combination is found")
  func covariance() throws {
    let test = try Self.test(Self.pairs(difference: 0.01, count: 100, seed: 1))
    #expect(test.verdict == .broken && test.irrep == "odd" && test.symmetry == .parity)
    // The bound is that of the noisiest combination.
    #expect(try #require(test.upperBound95) > 0.01)
  }

  @Test("Two copies are rejected in 5 % of symmetric ensembles")
  func calibration() throws {
    // 20 of 400 on average, with a deviation of 4.4.
    let rejected = try (1...400).count { seed in
      let test = try Self.test(Self.pairs(difference: 0, count: 30, seed: UInt64(seed)))
      return (test.pValue ?? 1) <= 0.05
    }
    #expect((5...36).contains(rejected))
  }

  @Test("Copies that are equal count as one")
  func equal() throws {
    let samples = try Self.pairs(difference: 0.5, count: 60, seed: 3).map { [$0[1], $0[1]] }
    let test = try Self.test(samples)
    #expect(test.verdict == .broken)
    #expect(try #require(test.statistic).isFinite)
  }

  @Test("More copies than bins give no verdict")
  func tooMany() throws {
    let samples = try (0..<20).map { sample in
      try Self.pairs(difference: 0, count: 20, seed: UInt64(sample + 1)).flatMap { $0 }
    }
    let test = try Self.test(samples)
    #expect(test.verdict == .tooLittleData)
    #expect(test.note?.contains("too few for 40 copies") == true)
  }

  @Test("Restricted to parity, electric fields are odd and magnetic ones are not tested")
  func restriction() throws {
    let group = try FiniteGroup(named: "B4")
    let parity = try #require(group.element(labelled: "inversion"))
    let field = try Representation.fieldStrength(group)
    let observable = try SampledObservable(
      name: "F", representation: field,
      samples: SyntheticEnsemble(field, mean: [1, 1, 0, 1, 0, 0]).samples(count: 50, seed: 1))
    let subgroup = try group.subgroup(generatedBy: [parity])
    let odd = try observable.restricted(to: subgroup, symmetry: .parity)
    let result = try SymmetryDetector(draws: 199).detect([odd])
    #expect(result.tests.count == 1 && result.tests[0].symmetry == .parity)
    #expect(result.tests[0].verdict == .notSeenBroken)
    #expect(result.survivingGroups.isEmpty)
  }
}
