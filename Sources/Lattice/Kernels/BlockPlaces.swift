import Compute

/// The places of a random stream that the lanes of a block have: site and batch member of every lane.
@frozen
public struct BlockPlaces: @unchecked Sendable {
  @usableFromInline let key: SIMD2<UInt32>
  @usableFromInline let blockSite: UnsafePointer<UInt32>
  @usableFromInline let laneSite: (SIMD8<UInt64>, SIMD8<UInt64>)
  @usableFromInline let laneMember: (SIMD8<UInt64>, SIMD8<UInt64>)
  @usableFromInline let batchLanes: Int
  // Keeps the table alive.
  @usableFromInline let layout: Layout

  /// The places of all blocks of a layout.
  public init(_ stream: RandomStream, _ layout: Layout) {
    self.layout = layout
    key = stream.key
    blockSite = layout.blockSitePointer
    laneSite = Self.lanes(layout.laneSite)
    laneMember = Self.lanes(layout.laneMember)
    batchLanes = layout.batchLanes
  }

  private static func lanes(_ values: [UInt32]) -> (SIMD8<UInt64>, SIMD8<UInt64>) {
    var result = (SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
    for (lane, value) in values.enumerated() {
      if lane < 8 { result.0[lane] = UInt64(value) } else { result.1[lane - 8] = UInt64(value) }
    }
    return result
  }

  /// The place of a block of a group of batch members.
  @inlinable @inline(__always)
  public func place(
    block: Int, group: Int, sweep: UInt32, direction: Int, stage: Int
  ) -> RandomPlace {
    let base = SIMD8<UInt64>(repeating: UInt64(blockSite[block]))
    let first = SIMD8<UInt64>(repeating: UInt64(group &* batchLanes))
    return RandomPlace(
      site: (base &+ laneSite.0, base &+ laneSite.1),
      member: (first &+ laneMember.0, first &+ laneMember.1), sweep: sweep, direction: direction,
      stage: stage, key: key)
  }
}
