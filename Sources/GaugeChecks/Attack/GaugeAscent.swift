import Compute
import Lattice

/// A gauge transformation of every batch member on its way up, each with a step of its own.
///
/// Elements are projected on the group after every step: what links gain in rounding is no gauge
/// transformation, and an ascent would find it.
struct GaugeAscent<Scalar: LatticeReal> {
  /// g(x)
  private(set) var transformation: SiteField<Scalar>
  /// The direction Y(x) of the last step, of root mean square norm 1 over the sites.
  private var direction: SiteField<Scalar>
  /// The steps e of the members: g = exp(e Y) g_before.
  private var steps: [Double]
  private var best: [Double]

  init(from start: SiteField<Scalar>, step: Double) {
    transformation = start
    direction = SiteField(zeros: start.layout, group: start.group, channels: 1)
    steps = Array(repeating: step, count: start.layout.batch)
    best = Array(repeating: -1, count: start.layout.batch)
  }

  /// Goes on from where members are better than ever, by a fifth further than before, at
  /// most 2; goes halfway back towards the best place where they are not.
  ///
  /// - Parameters:
  ///   - changes: what is climbed, of every member at `transformation`.
  ///   - derivative: the divergence there.
  mutating func move(_ changes: [Double], _ derivative: SiteField<Scalar>) {
    let norms = derivative.rootMeanSquareNorms()
    var (new, old) = (norms.map { _ in 0.0 }, norms.map { _ in 1.0 })
    var moves = new
    for (member, change) in changes.enumerated() {
      if change > best[member] {
        best[member] = change
        (new[member], old[member]) = (norms[member] > 0 ? 1 / norms[member] : 0, 0)
        steps[member] = min(2, 1.2 * steps[member])
        moves[member] = steps[member]
      } else {
        steps[member] /= 2
        moves[member] = -steps[member]
      }
    }
    direction.mix(old: old, derivative, new: new)
    transformation.rotate(along: direction, by: moves)
  }

  /// Goes back to the best places after a last look.
  mutating func settle(_ changes: [Double]) {
    let isBetter = zip(changes, best).map { $0 > $1 }
    transformation.rotate(along: direction, by: zip(isBetter, steps).map { $0 ? 0 : -$1 })
    best = zip(changes, best).map(max)
  }
}

extension SiteField {
  /// For every member the root of the mean over sites of the squared Frobenius norm.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func rootMeanSquareNorms() -> [Double] {
    var sums = [Double](repeating: 0, count: layout.batch)
    let view = self.view
    let perBlock = view.perSite * view.stride
    for block in 0..<layout.blockCount {
      for lane in 0..<layout.laneCount {
        guard let member = layout.member(block: block, lane: lane) else { continue }
        for k in (block * perBlock)..<((block + 1) * perBlock) {
          let x = Double(view.base[k][lane])
          sums[member] += x * x
        }
      }
    }
    return sums.map { ($0 / Double(geometry.volume)).squareRoot() }
  }

  /// self = old self + new other, with factors of every member.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate mutating func mix(old: [Double], _ other: SiteField, new: [Double]) {
    let (p, q) = (mutableView, other.view)
    let perGroup = layout.siteBlocks * p.perSite * p.stride
    for group in 0..<layout.outerBatch {
      let (a, b): (Scalar.Lanes, Scalar.Lanes) = (
        layout.lanes(of: old, group: group), layout.lanes(of: new, group: group)
      )
      for k in (group * perGroup)..<((group + 1) * perGroup) {
        p.base[k] = multiplyAdd(a, p.base[k], b * q.base[k])
      }
    }
  }

  /// g(x) -> exp(e Y(x)) g(x), with a factor of every member.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate mutating func rotate(along y: SiteField, by factors: [Double]) {
    let lanes: [Scalar.Lanes] = (0..<layout.outerBatch).map { layout.lanes(of: factors, group: $0) }
    withMatrixKernel(
      n: group.n,
      Rotation(
        elements: mutableView, direction: y.view, factors: lanes, layout: layout,
        algebraDimension: group.algebraDimension))
  }
}

extension Layout {
  /// The number of the member of every lane in a group of members; 0 in idle lanes.
  fileprivate func lanes<V: LaneVector>(of numbers: [Double], group: Int) -> V {
    var result = V.zero
    for lane in 0..<laneCount {
      if let member = member(block: group * siteBlocks, lane: lane) {
        result[lane] = V.Scalar(numbers[member])
      }
    }
    return result
  }
}

private struct Rotation<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let elements: BlockView<V>
  let direction: BlockView<V>
  /// Of every group of members.
  let factors: [V]
  let layout: Layout
  let algebraDimension: Int

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = elements.stride
    forEachBlockRange(layout, work: 8 * s, scratch: algebraDimension + 3 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      rotate(
        kernel, elements.offset(byBlocks: first), direction.offset(byBlocks: first),
        factors[group], blocks, scratch)
    }
  }

  @inline(never)
  func rotate<K: MatrixKernel>(
    _ kernel: K, _ g: BlockView<V>, _ y: BlockView<V>, _ factor: V, _ blocks: Range<Int>,
    _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    for b in blocks {
      kernel.compressAlgebra(scratch, y.block(b, 0))
      kernel.multiplyByExponential(
        g.block(b, 0), of: scratch, times: factor, scratch: scratch + algebraDimension)
      kernel.projectOnGroup(g.block(b, 0), scratch: scratch + algebraDimension)
    }
  }
}
