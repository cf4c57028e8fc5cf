import Compute

extension SiteField {
  /// The translated field W'(x) = W(x + displacement), every channel and batch member alike.
  ///
  /// - Parameter displacement: one number of steps a direction, of any sign and size.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func shifted(by displacement: [Int]) -> SiteField {
    var result = SiteField(uninitialized: layout, group: group, channels: channels)
    shiftBlocks(view, result.mutableView, layout, displacement)
    return result
  }
}

extension LinkField {
  /// The translated links U'_mu(x) = U_mu(x + displacement).
  ///
  /// - Parameter displacement: one number of steps a direction, of any sign and size; 0 in open
  ///   directions, which know no translation.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func shifted(by displacement: [Int]) -> LinkField {
    precondition(
      zip(displacement, boundary.isOpen).allSatisfy { !$1 || $0 == 0 },
      "there is no translation along an open direction")
    var result = LinkField(uninitialized: layout, group: group, boundary: boundary)
    shiftBlocks(view, result.mutableView, layout, displacement)
    return result
  }

  /// The charge-conjugated links U'_mu(x) = conj(U_mu(x)), element by element.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func chargeConjugated() -> LinkField {
    var result = LinkField(uninitialized: layout, group: group, boundary: boundary)
    conjugateBlocks(view, result.mutableView, layout)
    result.clearMissingLinks()
    return result
  }
}

private func shiftBlocks<V: LaneVector>(
  _ source: BlockView<V>, _ destination: BlockView<V>, _ layout: Layout, _ displacement: [Int]
) {
  precondition(
    displacement.count == layout.dimension, "a displacement has one component a direction")
  let entries = layout.neighbours(displacement: displacement)
  let perSite = source.perSite
  forEachBlockRange(layout, work: 2 * perSite * source.stride, scratch: 0, of: V.self) {
    group, blocks, _ in
    let first = group * layout.siteBlocks
    let (from, to) = (source.offset(byBlocks: first), destination.offset(byBlocks: first))
    for b in blocks {
      let entry = entries[b]
      for c in 0..<perSite {
        let (d, s) = (to.block(b, c), from.block(Int(entry >> 4), c))
        if entry & 15 == 0 {
          d.update(from: s, count: from.stride)
        } else {
          from.permute(d, s, code: Int(entry & 15))
        }
      }
    }
  }
}

private func conjugateBlocks<V: LaneVector>(
  _ source: BlockView<V>, _ destination: BlockView<V>, _ layout: Layout
) {
  let perBlock = source.perSite * source.stride
  forEachBlockRange(layout, work: 2 * perBlock, scratch: 0, of: V.self) { group, blocks, _ in
    let first = (group * layout.siteBlocks + blocks.lowerBound) * perBlock
    let (s, d) = (source.base + first, destination.base + first)
    for k in 0..<(blocks.count * perBlock / 2) {
      d[2 * k] = s[2 * k]
      d[2 * k + 1] = -s[2 * k + 1]
    }
  }
}
