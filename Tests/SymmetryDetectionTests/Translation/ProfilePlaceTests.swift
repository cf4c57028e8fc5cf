import Groups
import SymmetryDetection
import Testing

@Suite("Translations")
struct ProfilePlaceTests {
  static func profile(
    _ mean: [Double], count: Int = 100, seed: UInt64 = 1
  ) throws -> SampledObservable {
    let group = try FiniteGroup(named: "Z\(mean.count)")
    let slices = try Representation.permutation(
      group,
      images: mean.indices.map { shift in mean.indices.map { ($0 + shift) % mean.count } })
    let deviations = Dictionary(uniqueKeysWithValues: group.irreps.map { ($0.name, 0.05) })
    let samples = try SyntheticEnsemble(slices, mean: mean, deviations: deviations)
      .samples(count: count, seed: seed)
    return try .profile(name: "plaquette", direction: "t", chains: [samples])
  }

  @Test("A defect is found with its place")
  func defect() throws {
    var mean = [Double](repeating: 0.6, count: 8)
    mean[3] = 0.5
    let result = try SymmetryDetector(draws: 999).detect([Self.profile(mean)])
    #expect(result.tests.map(\.irrep).sorted() == ["k=1", "k=2", "k=3", "k=4"])
    #expect(result.tests.allSatisfy { $0.symmetry == .translation && $0.verdict == .broken })
    let place = try #require(result.tests[0].place)
    #expect(place.slice == 3 && place.uncertainty < 0.6 && place.direction == "t")
    #expect((place.deviation + 0.1 / 0.6).magnitude < 0.05)
  }

  @Test("A wall between the last slice and the first lies between them")
  func wall() throws {
    var mean = [Double](repeating: 0.6, count: 8)
    mean[0] = 0.45
    mean[7] = 0.45
    let result = try SymmetryDetector(draws: 999).detect([Self.profile(mean)])
    let place = try #require(result.tests.compactMap(\.place).first)
    #expect(place.slice == 7.5)
  }

  @Test("A profile that is constant in the mean is not seen broken, and has no place")
  func constant() throws {
    let result = try SymmetryDetector(draws: 999).detect([
      Self.profile([Double](repeating: 0.6, count: 7))
    ])
    #expect(result.tests.count == 3)
    #expect(result.tests.allSatisfy { $0.verdict == .notSeenBroken && $0.place == nil })
  }

  @Test("One slice is refused")
  func oneSlice() {
    #expect(throws: DetectionError.self) {
      try SampledObservable.profile(name: "p", direction: "x", chains: [[[1], [2]]])
    }
  }
}
