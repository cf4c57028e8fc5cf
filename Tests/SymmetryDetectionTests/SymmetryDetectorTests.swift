import Groups
import SymmetryDetection
import Testing

@Suite("The test of an ensemble for symmetries")
struct SymmetryDetectorTests {
  static let group = try! FiniteGroup(named: "B4")
  static let planes = try! Representation.planes(group)

  /// Plaquettes of the six planes with those along t raised: xi0 = 1 + anisotropy, in the units of compact
  /// U(1) on 6^4 at beta 0.9, where the difference of temporal and spatial plaquettes has the deviation
  /// 0.0137 per configuration, the slope 0.68 and tau 0.58.
  static func plaquettes(_ anisotropy: Double, count: Int, seed: UInt64) throws -> SampledObservable {
    let half = 0.68 * anisotropy / 2
    // Planes xy, xz, xt, yz, yt, zt.
    let mean = [-1.0, -1, 1, -1, 1, 1].map { 0.6 + half * $0 }
    let deviation = 0.0137 / (2.0 / 3).squareRoot()
    var deviations: [String: Double] = [:]
    for irrep in group.irreps { deviations[irrep.name] = deviation }
    let ensemble = try SyntheticEnsemble(
      planes, mean: mean, deviations: deviations, autocorrelationTime: 0.58)
    return try SampledObservable(
      name: "plaquettes", representation: planes,
      samples: ensemble.samples(count: count, seed: seed))
  }

  @Test("An anisotropy of 2 % leaves exactly Oh x T in 16 of 20 ensembles of 100")
  func anisotropyOfTwoPercent() throws {
    var found = 0
    for seed in 1...20 {
      let result = try SymmetryDetector(draws: 1999, subgroupDraws: 499).detect([
        Self.plaquettes(0.02, count: 100, seed: UInt64(seed))
      ])
      #expect(result.tests.contains { $0.verdict == .broken })
      if result.survivingGroups.map(\.name) == ["Oh x T"] {
        #expect(result.survivingGroups[0].order == 96)
        found += 1
      } else {
        print(result.survivingGroups.map(\.name))
      }
    }
    print("found", found)
    #expect(found >= 16)
  }

  @Test("An anisotropy of 1 % is found in 16 of 20 ensembles of 100")
  func anisotropyOfOnePercent() throws {
    var found = 0
    for seed in 1...20 {
      let result = try SymmetryDetector(draws: 1999, subgroupDraws: 99).detect([
        Self.plaquettes(0.01, count: 100, seed: UInt64(seed))
      ])
      if seed == 1 { print(result) }
      if result.tests.contains(where: { $0.verdict == .broken }) { found += 1 }
    }
    print("found", found)
    #expect(found >= 16)
  }
}
