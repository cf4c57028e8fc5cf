import Groups
import SymmetryDetection
import Testing

@Suite("Samples of observables")
struct SampledObservableTests {
  static let group = try! FiniteGroup(named: "B2")
  static let vector = try! Representation.vector(group)

  static func samples(_ count: Int, seed: UInt64 = 1) throws -> [[Double]] {
    try SyntheticEnsemble(vector, mean: [0, 0]).samples(count: count, seed: seed)
  }

  @Test("An observable without samples is refused")
  func noSamples() {
    #expect(throws: DetectionError.noData(observable: "v")) {
      try SampledObservable(name: "v", representation: Self.vector, samples: [])
    }
    #expect(throws: DetectionError.noData(observable: "v")) {
      try SampledObservable(name: "v", representation: Self.vector, chains: [])
    }
    #expect(throws: DetectionError.noData(observable: "any observable")) {
      try SymmetryDetector().detect([])
    }
  }

  @Test("A sample with another number of components is refused by its place")
  func components() {
    #expect(
      throws: DetectionError.componentCountMismatch(
        observable: "v", chain: 0, sample: 1, expected: 2, found: 3)
    ) {
      try SampledObservable(
        name: "v", representation: Self.vector, samples: [[1, 2], [1, 2, 3]])
    }
  }

  @Test("NaN and infinity are refused by their place", arguments: [Double.nan, .infinity])
  func nonFinite(_ value: Double) {
    #expect(
      throws: DetectionError.nonFiniteSample(observable: "v", chain: 1, sample: 0, component: 1)
    ) {
      try SampledObservable(
        name: "v", representation: Self.vector, chains: [[[1, 2]], [[1, value]]])
    }
  }

  @Test("A constant observable is refused, one that vanishes is trivial")
  func constant() throws {
    #expect(throws: DetectionError.constantObservable(observable: "v")) {
      try SampledObservable(
        name: "v", representation: Self.vector,
        samples: [[Double]](repeating: [0.5, 0.25], count: 50))
    }
    let zero = try SampledObservable(
      name: "v", representation: Self.vector, samples: [[Double]](repeating: [0, 0], count: 50))
    let result = try SymmetryDetector(draws: 99).detect([zero])
    #expect(result.tests.map(\.verdict) == [.trivial])
    let rounding = try SampledObservable(
      name: "v", representation: Self.vector,
      samples: Self.samples(50).map { $0.map { 1e-16 * $0 } }, magnitude: 1)
    #expect(try SymmetryDetector(draws: 99).detect([rounding]).tests.map(\.verdict) == [.trivial])
  }

  @Test("Squares beyond the range of numbers are refused")
  func overflow() {
    #expect(throws: DetectionError.overflow(observable: "v")) {
      try SampledObservable(
        name: "v", representation: Self.vector, samples: [[1e200, 0], [0, 1e200]])
    }
  }

  @Test("Observables of other configurations are refused by name")
  func mixedLengths() throws {
    let first = try SampledObservable(
      name: "v", representation: Self.vector, samples: Self.samples(50))
    let second = try SampledObservable(
      name: "w", representation: Self.vector, samples: Self.samples(49))
    #expect(throws: DetectionError.lengthMismatch(observable: "w", expected: [50], found: [49])) {
      try SymmetryDetector(draws: 99).detect([first, second])
    }
  }

  @Test("One sample, and any too few, end without a verdict and say how many more are needed")
  func tooFew() throws {
    for count in [1, 2, 3, 5, 7] {
      let observable = try SampledObservable(
        name: "v", representation: Self.vector, samples: Self.samples(count))
      let result = try SymmetryDetector(draws: 99).detect([observable])
      #expect(result.tests.map(\.verdict) == [.tooLittleData])
      #expect(result.tests[0].pValue == nil && result.tests[0].upperBound95 == nil)
      #expect(result.tests[0].note?.contains("more configurations are needed") == true)
      #expect(result.survivingGroups.isEmpty)
    }
  }

  @Test("Draws, level and magnitude outside their domain are refused")
  func parameters() throws {
    let observable = try SampledObservable(
      name: "v", representation: Self.vector, samples: Self.samples(50))
    #expect(throws: DetectionError.self) { try SymmetryDetector(draws: 0).detect([observable]) }
    #expect(throws: DetectionError.self) { try SymmetryDetector(level: 1).detect([observable]) }
    #expect(throws: DetectionError.self) {
      try SampledObservable(
        name: "v", representation: Self.vector, samples: Self.samples(50), magnitude: -1)
    }
  }
}
