import Groups
import SymmetryDetection
import Testing

/// The choice of bins shows in the records of tests.
@Suite("The choice of bins")
struct BinChoiceTests {
  static let group = try! FiniteGroup(named: "B3")
  static let planes = try! Representation.symmetricTensor(group)

  static func record(count: Int, tau: Double, seed: UInt64) throws -> DetectionResult.Test {
    let ensemble = try SyntheticEnsemble(
      planes, mean: [Double](repeating: 0, count: 6), autocorrelationTime: tau)
    let observable = try SampledObservable(
      name: "T", representation: planes, samples: ensemble.samples(count: count, seed: seed))
    return try SymmetryDetector(draws: 99, subgroupDraws: 19).detect([observable]).tests[0]
  }

  @Test("Independent samples are used one by one", arguments: [20, 100, 500])
  func independent(_ count: Int) throws {
    // tau from 5 components: 1/2 with an error of 0.05 at 100 samples; longer bins in one of 20 ensembles.
    let record = try Self.record(count: count, tau: 0.5, seed: 3)
    #expect(record.binLength == 1 && record.bins == count)
    #expect(record.autocorrelation < 0.7)
  }

  @Test("Of many samples some are joined, and chains of one sample each stay apart")
  func many() throws {
    let record = try Self.record(count: 10_000, tau: 0.5, seed: 1)
    #expect(record.bins <= 512 && record.bins > 256)
    let ensemble = try SyntheticEnsemble(Self.planes, mean: [Double](repeating: 0, count: 6))
    let observable = try SampledObservable(
      name: "T", representation: Self.planes,
      chains: ensemble.samples(count: 600, seed: 1).map { [$0] })
    let apart = try SymmetryDetector(draws: 99, subgroupDraws: 19).detect([observable]).tests[0]
    #expect(apart.bins == 600 && apart.binLength == 1)
  }

  @Test("Bins are some autocorrelation times long, and never fewer than eight")
  func correlated() throws {
    let long = try Self.record(count: 4000, tau: 5, seed: 1)
    #expect((4.0...6).contains(long.autocorrelation))
    #expect((24...64).contains(long.binLength))
    let short = try Self.record(count: 130, tau: 5, seed: 1)
    #expect(short.bins >= 8 && short.binLength >= 6)
  }

  @Test("Where independent samples are too few, the number that is missing suffices")
  func missing() throws {
    let record = try Self.record(count: 30, tau: 5, seed: 2)
    #expect(record.verdict == .tooLittleData)
    let words = (record.note ?? "").split(separator: " ")
    let missing = try #require(words.first.flatMap { Int($0) })
    // The autocorrelation of the longer series is another one; the formula is that of its own.
    #expect((10...400).contains(missing))
  }

  @Test("Chains are not joined: two of 60 have bins of both")
  func chains() throws {
    let ensemble = try SyntheticEnsemble(
      Self.planes, mean: [Double](repeating: 0, count: 6), autocorrelationTime: 2)
    let observable = try SampledObservable(
      name: "T", representation: Self.planes,
      chains: [ensemble.samples(count: 61, seed: 1), ensemble.samples(count: 65, seed: 2)])
    let record = try SymmetryDetector(draws: 99, subgroupDraws: 19).detect([observable]).tests[0]
    #expect(record.bins == 61 / record.binLength + 65 / record.binLength)
  }
}
