import Groups
import SymmetryDetection
import Testing

@Suite("Gaussian ensembles with a known breaking")
struct SyntheticEnsembleTests {
  @Test("Means, deviations and autocorrelation are those asked for")
  func moments() throws {
    let group = try FiniteGroup(named: "B2")
    let vector = try Representation.vector(group)
    let name = try #require(group.irreps.first { $0.dimension == 2 }?.name)
    let ensemble = try SyntheticEnsemble(
      vector, mean: [1, 2], deviations: [name: 0.5], autocorrelationTime: 2)
    let samples = ensemble.samples(count: 40000, seed: 1)
    // 40000 samples are 10000 independent ones: the error of a mean is 0.005, five of them allowed.
    let x = samples.map { $0[0] - 1 }
    let y = samples.map { $0[1] - 2 }
    let count = Double(x.count)
    #expect((x.reduce(0, +) / count).magnitude < 0.025)
    #expect((y.reduce(0, +) / count).magnitude < 0.025)
    let variance = x.reduce(0) { $0 + $1 * $1 } / count
    #expect((variance - 0.25).magnitude < 0.02)
    let next = zip(x, x.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / count / variance
    #expect((next - 0.6).magnitude < 0.03)
    #expect(ensemble.samples(count: 5, seed: 1) == Array(samples.prefix(5)))
  }

  @Test("Bad parameters are refused")
  func refusals() throws {
    let vector = try Representation.vector(FiniteGroup(named: "B2"))
    #expect(throws: DetectionError.self) {
      try SyntheticEnsemble(vector, mean: [0, 0], autocorrelationTime: 0.4)
    }
    #expect(throws: DetectionError.self) { try SyntheticEnsemble(vector, mean: [0]) }
    #expect(throws: DetectionError.self) {
      try SyntheticEnsemble(vector, mean: [0, 0], deviations: ["no irrep": 1])
    }
  }
}
