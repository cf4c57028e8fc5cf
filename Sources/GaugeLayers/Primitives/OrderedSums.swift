import Autodiff
import Compute
import Lattice

/// Blocks that one part of an ordered sum takes: few enough for single precision to add them up.
private let partBlocks = 32

/// Sums over all sites and batch members, such as derivatives of weights, that do not depend on the
/// number of threads.
///
/// `body` adds `quantities` vectors a block, in order, for a range of blocks of one group of members.
/// Ranges follow from the layout alone; their sums are added in double precision, in order, the lanes
/// in use only. Unlike a `LaneSum`, whose terms are rounded to 2^-48, small derivatives keep their
/// digits.
///
/// - Parameters:
///   - work: vectors touched per block, from which follows whether threads pay.
///   - scratch: vectors of scratch memory that each call of `body` gets.
func orderedSums<V: LaneVector>(
  _ layout: Layout, quantities: Int, work: Int, scratch: Int, of: V.Type,
  _ body:
    @Sendable (
      _ group: Int, _ blocks: Range<Int>, _ sums: UnsafeMutablePointer<V>,
      _ scratch: UnsafeMutablePointer<V>
    ) -> Void
) -> [Double] {
  let partsOfGroup = (layout.siteBlocks + partBlocks - 1) / partBlocks
  let parts = partsOfGroup * layout.outerBatch
  let partial = AlignedBuffer<Double>(uninitialized: parts * quantities)
  parallelFor(parts, grain: max(1, 65536 / max(1, work * partBlocks))) { range in
    withVectorScratch(of: V.self, count: quantities + scratch) { sums in
      for part in range {
        let group = part / partsOfGroup
        let start = part % partsOfGroup * partBlocks
        for q in 0..<quantities { sums[q] = .zero }
        body(
          group, start..<min(start + partBlocks, layout.siteBlocks), sums, sums + quantities)
        let lanes = UnsafeRawPointer(sums).assumingMemoryBound(to: V.Scalar.self)
        for q in 0..<quantities {
          var sum = 0.0
          for lane in 0..<layout.laneCount
          where layout.member(block: group * layout.siteBlocks, lane: lane) != nil {
            sum += Double(lanes[q * layout.laneCount + lane])
          }
          partial.pointer[part * quantities + q] = sum
        }
      }
    }
  }
  return (0..<quantities).map { q in
    (0..<parts).reduce(0) { $0 + partial.pointer[$1 * quantities + q] }
  }
}

/// Sums in the precision of a tensor, whose shape must have as many places.
func sumTensor<Scalar: LatticeReal>(_ shape: [Int], _ sums: [Double]) -> Tensor<Scalar> {
  try! Tensor(shape: shape, values: sums.map { Scalar($0) })
}

extension ScalarField {
  /// The same numbers at every site, one for each member and channel; `idle` in idle lanes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  init(_ layout: Layout, repeating numbers: [[Double]], idle: Double = 0) {
    let channels = numbers[0].count
    self.init(uninitialized: layout, channels: channels)
    let view = mutableView
    for group in 0..<layout.outerBatch {
      let first = group * layout.siteBlocks
      for channel in 0..<channels {
        var vector = Scalar.Lanes(repeating: Scalar(idle))
        for lane in 0..<layout.laneCount {
          guard let member = layout.member(block: first, lane: lane) else { continue }
          vector[lane] = Scalar(numbers[member][channel])
        }
        for b in first..<(first + layout.siteBlocks) { view.block(b, channel)[0] = vector }
      }
    }
  }
}
