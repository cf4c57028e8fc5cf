import Compute
import Synchronization

extension LinkField {
  /// The largest Frobenius norm |U - V| of a difference of links, over all sites, directions and
  /// members; infinite where a number is not finite.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func largestLinkDistance(to other: LinkField) -> Double {
    precondition(
      other.group == group && other.layout === layout,
      "both fields need the same lattice, group and batch")
    let (a, b) = (view, other.view)
    let largest = Mutex(0.0)
    forEachBlockRange(layout, work: 4 * a.stride * dimension, scratch: 0, of: Scalar.Lanes.self) {
      group, blocks, _ in
      let found = largestSquare(a, b, layout, group, blocks)
      largest.withLock { $0 = max($0, found) }
    }
    return largest.withLock { $0 }.squareRoot()
  }
}

@inline(never)
private func largestSquare<V: LaneVector>(
  _ a: BlockView<V>, _ b: BlockView<V>, _ layout: Layout, _ group: Int, _ blocks: Range<Int>
) -> Double {
  var largest = V.zero
  var isFinite = true
  let first = group * layout.siteBlocks
  for index in ((first + blocks.lowerBound) * a.perSite)..<((first + blocks.upperBound) * a.perSite)
  {
    var square = V.zero
    for k in (index * a.stride)..<((index + 1) * a.stride) {
      let difference = a.base[k] - b.base[k]
      square = multiplyAdd(difference, difference, square)
    }
    largest = V.select(V.greaterOrEqual(square, largest), square, largest)
    // NaN compares as smaller.
    isFinite =
      isFinite
      && V.all(V.greaterOrEqual(V(repeating: V.Scalar.greatestFiniteMagnitude), square))
  }
  if !isFinite { return .infinity }
  var result = 0.0
  for lane in 0..<layout.laneCount
  where layout.member(block: first + blocks.lowerBound, lane: lane) != nil {
    result = max(result, Double(largest[lane]))
  }
  return result
}
