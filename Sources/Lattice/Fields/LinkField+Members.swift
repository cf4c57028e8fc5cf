import Compute

extension LinkField {
  /// Takes the links of the batch members for which `isTaken` holds from another field.
  public mutating func copyMembers(from other: LinkField, where isTaken: (Int) -> Bool) {
    precondition(
      other.group == group && other.layout === layout,
      "both fields need the same lattice, group and batch")
    let (p, q) = (mutableView, other.view)
    let perBlock = p.perSite * p.stride
    for group in 0..<layout.outerBatch {
      let first = group * layout.siteBlocks
      let lanes = (0..<layout.laneCount).filter { lane in
        layout.member(block: first, lane: lane).map(isTaken) ?? false
      }
      if lanes.isEmpty { continue }
      for k in (first * perBlock)..<((first + layout.siteBlocks) * perBlock) {
        for lane in lanes { p.base[k][lane] = q.base[k][lane] }
      }
    }
  }
}
