import Compute
import Lattice

/// A search for the gauge transformation that moves an output most, without its gradient: one site after
/// another is turned at random, and stays turned where the output moved further.
///
/// Turns grow by half after success and shrink after failure; every third is as wide as the group, so that
/// the ascent does not stay on a hill of no interest.
struct RandomAscent {
  /// The transformation that moved the output most so far.
  private(set) var best: SiteField<Double>
  private(set) var largest = -1.0
  private var width = 1.0
  private var count: UInt32 = 0
  private let seed: UInt64
  private let stream: RandomStream

  init(_ links: LinkField<Double>, seed: UInt64) {
    best = SiteField(layout: links.layout, group: links.group)
    best.setHaarRandom(seed: seed)
    self.seed = seed
    stream = RandomStream(seed: seed, purpose: .attack)
  }

  /// The next transformation to try; the first is the start.
  mutating func proposal() -> SiteField<Double> {
    defer { count += 1 }
    if count == 0 { return best }
    var g = best
    let volume = g.geometry.volume
    let site = min(volume - 1, Int(stream.uniforms(count, 1).0 * Double(volume)))
    var turn = LinkField<Double>(layout: g.layout, group: g.group)
    if count.isMultiple(of: 3) {
      turn.setHaarRandom(seed: seed &+ UInt64(count))
    } else {
      turn.setNearUnit(epsilon: width, seed: seed &+ UInt64(count))
    }
    g[site] = turn[site, 0] * g[site]
    return g
  }

  /// Takes a proposal that moved the output by a distance.
  mutating func take(_ proposal: SiteField<Double>, _ distance: Double) {
    if distance > largest {
      (best, largest) = (proposal, distance)
      width = min(2, 1.5 * width)
    } else {
      width = max(0.1, 0.8 * width)
    }
  }
}
