import Compute
import Lattice
import Loops
import Sampling
import TestSupport
import Testing
import Training

/// Configurations in and out of a store, sampled ones among them.
@Suite struct ConfigurationStoreTests {
  @Test(arguments: [
    ([4, 4], GaugeGroup.su2, 40), ([3, 5], .su3, 5), ([2, 3, 2, 4], .u1, 3), ([2, 3, 4], .su4, 1),
  ])
  func gatheredLinksAreThoseThatWereStored(_ extents: [Int], _ group: GaugeGroup, _ count: Int)
    throws
  {
    func check<S: LatticeReal>(_: S.Type) throws {
      let field = try LinkField<S>.hot(extents, group, batch: count)
      var store = ConfigurationStore<S>(field.geometry, group: group)
      store.append(field)
      store.append(try LinkField<S>.hot(extents, group, batch: 2, seed: 7))
      #expect(store.count == count + 2)
      let order = [count - 1, 0, count + 1, count / 2, 0]
      let found = try store.links(order)
      #expect(found.batch == 5)
      let last = try LinkField<S>.hot(extents, group, batch: 2, seed: 7)
      for (member, place) in order.enumerated() {
        let (source, k) = place < count ? (field, place) : (last, place - count)
        #expect(found.largestDifference(member: member) { source[$0, $1, k] } == 0)
      }
      let part = try store.part(1..<(count + 2))
      #expect(part.count == count + 1)
      let third = try part.links([count - 1])
      #expect(third.largestDifference { last[$0, $1, 0] } == 0)
    }
    try check(Double.self)
    try check(Float.self)
  }

  private func sampled(
    count: Int = 40, seed: UInt64 = 1, stream: Int = 0, betas: [Double] = [2, 1]
  ) throws -> ConfigurationStore<Float> {
    try .sampled(
      Geometry([4, 6]), group: .su2, betas: betas, count: count, sweeps: 6, seed: seed,
      stream: stream)
  }

  private func numbers(_ store: ConfigurationStore<Float>) throws -> [Double] {
    let links = try store.links(0..<store.count)
    return links.planePlaquettesOfMembers().map { $0[0] }
      + (0..<store.count).map { links[7, 1, $0][0, 1].imaginary }
  }

  @Test func sampledStoresFollowFromTheirSeedAndStream() throws {
    let one = try withThreads(1) { try numbers(try sampled()) }
    let two = try withThreads(2) { try numbers(try sampled()) }
    #expect(one == two && one.count == 160)
    #expect(one != (try numbers(try sampled(seed: 2))))
    let other = try numbers(try sampled(stream: 1))
    #expect(Set(one).intersection(other).isEmpty)
    // All configurations, of every coupling and part, are different ones.
    #expect(Set(one).count == one.count)
    let many = try numbers(try sampled(count: 1100, betas: [2]))
    #expect(Set(many).count == many.count)
    // The couplings come one after the other.
    let single = try numbers(try sampled(betas: [2]))
    #expect(Array(single[..<40]) == Array(one[..<40]))
  }

  /// Configurations are independent, so the error is that of their number; 4.5 errors are a false
  /// alarm in 1.5 x 10^5 seeds.
  @Test(arguments: [(GaugeGroup.u1, 1.5), (.su2, 2.2), (.su3, 5.0)])
  func meanPlaquettesAreExact(_ group: GaugeGroup, _ beta: Double) throws {
    let store = try ConfigurationStore<Double>.sampled(
      Geometry([6, 6]), group: group, betas: [beta], count: 400, sweeps: 40, seed: 5, stream: 0)
    let values = try store.links(0..<400).planePlaquettesOfMembers().map { $0[0] }
    let exact = ExactTorus2D(group, beta: beta, volume: 36)
    let mean = values.reduce(0, +) / 400
    let error = (exact.plaquetteVariance / 400).squareRoot()
    #expect(abs(mean - exact.plaquette) < 4.5 * error, "\(mean) \(exact.plaquette) +- \(error)")
    // Neither do they spread less than they should: the variance is known to 7 %.
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
    #expect(abs(variance / exact.plaquetteVariance - 1) < 0.35)
  }
}
