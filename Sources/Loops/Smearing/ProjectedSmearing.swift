import Compute
import Lattice

/// One link field on the way to projected smearing: a direction and the staples added to its links.
struct SmearedLink: Sendable {
  /// The two staples in the plane of nu, made of matrices `side` and `top` of the level below.
  struct Staple: Sendable {
    let nu: Int
    let side: Int
    let top: Int
  }

  let mu: Int
  /// Empty for links that stay as they are.
  let staples: [Staple]

  /// Links smeared once with the staples in all planes of some directions.
  static func single(_ directions: [Int], dimension: Int) -> [SmearedLink] {
    (0..<dimension).map { mu in
      SmearedLink(
        mu: mu,
        staples: directions.contains(mu)
          ? directions.filter { $0 != mu }.map { Staple(nu: $0, side: $0, top: mu) } : [])
    }
  }

  /// The levels of hypercubic smearing from the inside out, every one made of the one below, the
  /// first of the links themselves and the last with one matrix a direction.
  ///
  /// V_mu;A, mu decorated with staples in the directions of a set A only, is made of V_nu;A-nu and
  /// V_mu;A-nu for nu in A: what is reached stays within the hypercubes that touch the link. Level k
  /// holds all sets of k directions.
  static func hypercubic(_ directions: [Int], dimension: Int) -> [[SmearedLink]] {
    struct Key: Hashable {
      let mu: Int
      let set: Set<Int>
    }
    func subsets(of set: ArraySlice<Int>, count: Int) -> [Set<Int>] {
      guard count > 0 else { return [[]] }
      guard let first = set.first, set.count >= count else { return [] }
      let rest = set.dropFirst()
      return subsets(of: rest, count: count - 1).map { $0.union([first]) }
        + subsets(of: rest, count: count)
    }
    var below = [Key: Int]()
    for mu in 0..<dimension { below[Key(mu: mu, set: [])] = mu }
    var levels = [[SmearedLink]]()
    for k in 1..<max(1, directions.count) {
      var level = [SmearedLink]()
      var channels = [Key: Int]()
      let isLast = k == directions.count - 1
      for mu in 0..<dimension {
        guard directions.contains(mu) else {
          if isLast { level.append(SmearedLink(mu: mu, staples: [])) }
          continue
        }
        for set in subsets(of: directions.filter { $0 != mu }[...], count: k) {
          channels[Key(mu: mu, set: set)] = level.count
          level.append(
            SmearedLink(
              mu: mu,
              staples: set.sorted().map { nu in
                let rest = set.subtracting([nu])
                return Staple(
                  nu: nu, side: below[Key(mu: nu, set: rest)]!,
                  top: below[Key(mu: mu, set: rest)]!)
              }))
        }
      }
      levels.append(level)
      below = channels
    }
    return levels
  }
}

/// V_mu = Proj[(1 - alpha) U_mu + alpha / (number of staples) sum of staples] for a level of links.
struct ProjectedLevel<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  /// What the staples are made of.
  let below: BlockView<V>
  let result: BlockView<V>
  let targets: [SmearedLink]
  let alpha: Double
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    let planes = targets.reduce(0) { $0 + $1.staples.count }
    forEachBlockRange(
      layout, work: 8 * s * planes + 32 * s * targets.count, scratch: 4 * s, of: V.self
    ) { group, blocks, scratch in
      let first = group * layout.siteBlocks
      // A few blocks at a time, so that their neighbours stay in the cache for all targets.
      for start in stride(from: blocks.lowerBound, to: blocks.upperBound, by: 32) {
        for (channel, target) in targets.enumerated() {
          Self.smear(
            kernel, links.offset(byBlocks: first), below.offset(byBlocks: first),
            result.offset(byBlocks: first), channel, target, alpha,
            start..<min(start + 32, blocks.upperBound), scratch)
        }
      }
    }
  }

  @inline(never)
  static func smear<K: MatrixKernel>(
    _ kernel: K, _ links: BlockView<V>, _ below: BlockView<V>, _ result: BlockView<V>,
    _ channel: Int, _ target: SmearedLink, _ alpha: Double, _ blocks: Range<Int>,
    _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    guard !target.staples.isEmpty else {
      for b in blocks { kernel.copy(result.block(b, channel), links.block(b, target.mu)) }
      return
    }
    let weight = V(repeating: V.Scalar(alpha / Double(2 * target.staples.count)))
    let rest = V(repeating: V.Scalar(1 - alpha))
    for b in blocks {
      let d = result.block(b, channel)
      kernel.scale(d, links.block(b, target.mu), by: rest)
      for staple in target.staples {
        addSmearingStaples(
          kernel, below, d, block: b, target.mu, staple.nu, side: staple.side, top: staple.top,
          weight: weight, scratch: scratch)
      }
      kernel.projectOnGroup(d, scratch: scratch)
    }
  }
}
