import GaugeLayers
import Groups
import TestSupport
import Testing

/// Reading relaxed weights: planted stabilisers are found, true ones are rejected as often as the level says.
@Suite struct GaugeWeightReadingTests {
  /// Weights of corners: a pattern with noise and a scale that differs from training to training.
  private func samples(
    _ pattern: [Double], _ count: Int, noise: Double, _ random: inout SplitMix64
  ) -> [[Double]] {
    func uniform() -> Double { Double(random.next() >> 11) * 0x1p-53 - 0.5 }
    return (0..<count).map { _ in
      let errors = pattern.map { _ in uniform() * uniform() * noise }
      let scale = 1 + uniform()
      return pattern.indices.map { i in
        scale * (pattern[i] + errors[i])
      }
    }
  }

  private func layer(_ name: String, _ dimension: Int) throws -> SharedLayer {
    let group = try FiniteGroup.actingOnLattice(named: name, dimension: dimension)
    let corners = try ChannelRepresentation(group, .corners)
    return try SharedLayer(.bilinear, from: corners, to: corners, relaxation: .init([.point]))
  }

  @Test func plantedSubgroupsAreFound() throws {
    let group = try FiniteGroup(named: "B4")
    let corners = try ChannelRepresentation(group, .corners)
    let images = (0..<384).map { corners.images(under: $0) }
    let pairs = PermutedLabels.reversedCorners(dimension: 4)
    var random = SplitMix64(seed: 31)
    for pattern in [
      HypercubicSubgroup.isotropic, .anisotropic, .twoPlanes, .twoPairs, .fixedTime,
    ] {
      // Weights that are equal on the orbits of the subgroup and its exchange of (a, b) alone.
      let subgroup = try group.subgroup(pattern)
      var weights = [Double](repeating: 0, count: 48)
      var number = 0.0
      for i in 0..<48 where weights[i] == 0 {
        number += 1
        for g in subgroup.elements {
          weights[images[g][i]] = 1 + 0.1 * number
          weights[pairs[images[g][i]].1] = 1 + 0.1 * number
        }
      }
      let reading = try GaugeWeightReading(
        group, images: images, samples: samples(weights, 16, noise: 0.02, &random),
        unidentified: pairs, candidates: group.plausibleSubgroups(), draws: 1000)
      let survivors = reading.survivors
      #expect(survivors.map(\.subgroup.order) == [pattern.order], "\(pattern) \(survivors)")
      #expect(survivors.first?.subgroup.elements == subgroup.elements)
      let broken = reading.parts.filter { $0.correctedP < 0.01 }
      #expect(broken.isEmpty == (pattern == .isotropic))
      // What is identified: 24 weights.
      #expect(reading.parts.reduce(1) { $0 + $1.multiplicity * $1.irrep.dimension } == 24)
    }
  }

  /// 300 sets that keep the group: 5 % are rejected, within 4 standard deviations (false alarm 1e-4).
  @Test func trueSymmetriesAreRejectedAtTheLevel() throws {
    let layer = try layer("B2", 2)
    let images = try #require(layer.images(ofRelaxed: .point))
    var random = SplitMix64(seed: 32)
    var (whole, parts) = (0, 0)
    for set in 0..<300 {
      let reading = try GaugeWeightReading(
        layer.input.group, images: images,
        samples: samples([Double](repeating: 1, count: 8), 10, noise: 1, &random), candidates: [],
        level: 0.05, draws: 200, seed: UInt64(set))
      whole += reading.tested[0].isRejected ? 1 : 0
      parts += reading.parts.contains { $0.correctedP < 0.05 } ? 1 : 0
    }
    #expect(abs(whole - 15) <= 15 && parts <= 30, "\(whole) \(parts)")
  }

  @Test func whatCannotBeReadIsRefused() throws {
    let layer = try layer("B2", 2)
    let images = try #require(layer.images(ofRelaxed: .point))
    let good = [[Double]](repeating: [1, 1, 1, 1, 1, 1, 1, 1], count: 8)
    func refused(_ samples: [[Double]], draws: Int = 2000, _ words: String) {
      #expect {
        _ = try GaugeWeightReading(
          layer.input.group, images: images, samples: samples, candidates: [], draws: draws)
      } throws: {
        "\($0)".contains(words)
      }
    }
    refused(Array(good.prefix(7)), "8 or more, found 7")
    refused(good.map { Array($0.prefix(7)) }, "8 finite numbers")
    refused(good.map { $0.map { $0 * .nan } }, "mean other than 0")
    refused(good, draws: 100, "10 or more, found 0.01 x 100")
    #expect(layer.images(ofRelaxed: .time) == nil)
  }
}
