import Statistics
import TestSupport
import Testing

@Suite struct ReplicaConsistencyTests {
  /// `Q` of consistent replicas is uniform: quartiles of 1000 sets of four replicas.
  ///
  /// `chi^2` of the four counts has three degrees of freedom; above 21.1 in 1 of 10 000 sets of seeds.
  /// The scatter of the errors, 3 %, is too small to matter.
  @Test func probabilityIsUniform() throws {
    var counts = [0.0, 0, 0, 0]
    for seed in 0..<1000 {
      let result = try GammaMethod().analyse(try replicas(seed: 80_000_000 + UInt64(seed)))
      let q = try #require(result.replicaQ)
      counts[min(3, Int(4 * q))] += 1
      #expect((result.replicaBias ?? 1).magnitude < 1e-14)
    }
    let chiSquared = counts.reduce(0) { $0 + ($1 - 250) * ($1 - 250) / 250 }
    #expect(chiSquared < 21.1)
  }

  /// A replica off by eight of its standard errors is found.
  @Test func inconsistentReplica() throws {
    let data = try replicas(seed: 7)
    var shifted = data.replicas
    shifted[2][0] = shifted[2][0].map { $0 + 0.45 }
    let result = try GammaMethod().analyse(try Measurements(replicas: shifted))
    #expect((result.replicaQ ?? 1) < 1e-6)
    #expect((try GammaMethod().analyse(data).replicaQ ?? 0) > 0.01)
  }

  /// The square of a mean has the bias `sigma^2/N`, which the comparison of replicas removes.
  ///
  /// 2000 sets of four replicas of unequal length, true mean 0.2: the mean of the corrected values
  /// within four standard errors of 0.04 (false alarm 6e-5), that of the plain ones beyond.
  @Test func biasIsRemoved() throws {
    var (corrected, plain): ([Double], [Double]) = ([], [])
    for seed in 0..<2000 {
      var generator = SplitMix64(seed: 90_000_000 + UInt64(seed))
      let data = try Measurements(
        replicaSeries: [30, 40, 50, 60].map { count in
          (0..<count).map { _ in 0.2 + generator.normal() }
        })
      let result = try GammaMethod(window: .fixed(0)).analyse(data) { $0[0] * $0[0] }
      corrected.append(result.value)
      plain.append(result.value + (result.replicaBias ?? 0))
    }
    let (mean, error) = meanAndError(corrected)
    #expect((mean - 0.04).magnitude < 4 * error)
    #expect((meanAndError(plain).mean - 0.04) > 2 * error)
  }

  /// By hand: two replicas of 4 samples with means 1 and 3, `f = x^2`: `F = 4`, `Fbar = 5`.
  @Test func byHand() throws {
    let consistency = ReplicaConsistency(values: [1, 9], counts: [4, 4], total: 4)
    #expect(consistency.bias == 1)
    #expect(consistency.corrected == [-1, 7])
    #expect(consistency.center == 3)
    // chi^2 = (16 + 16)/2 / error^2 = 4 with error 2: p = erfc(sqrt 2).
    let p = try consistency.probability(error: 2)
    #expect(agree(p, 0.045500263896358414401, relative: 1e-13))
  }

  /// Four replicas of 1000 samples with `rho(t) = 0.5^t`.
  private func replicas(seed: UInt64) throws -> Measurements {
    var generator = SplitMix64(seed: seed)
    return try Measurements(
      replicaSeries: (0..<4).map { _ in
        RandomSeries.autoregressive(0.5, count: 1000, using: &generator)
      })
  }
}
