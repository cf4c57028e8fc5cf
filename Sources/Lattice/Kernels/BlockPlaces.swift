import Compute

/// The places in a random stream of the blocks of a layout: site and member of every lane.
struct BlockPlaces: @unchecked Sendable {
  private let layout: Layout
  private let laneSite: (SIMD8<UInt64>, SIMD8<UInt64>)
  private let laneMember: (SIMD8<UInt64>, SIMD8<UInt64>)
  private let key: SIMD2<UInt32>

  init(_ layout: Layout, _ stream: RandomStream) {
    self.layout = layout
    laneSite = Self.lanes(layout.laneSite)
    laneMember = Self.lanes(layout.laneMember)
    key = stream.key
  }

  private static func lanes(_ values: [UInt32]) -> (SIMD8<UInt64>, SIMD8<UInt64>) {
    var result = (SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
    for (lane, value) in values.enumerated() {
      if lane < 8 {
        result.0[lane] = UInt64(value)
      } else {
        result.1[lane - 8] = UInt64(value)
      }
    }
    return result
  }

  /// The place of block `b` of a group of members.
  @inline(__always)
  func place(group: Int, block b: Int, sweep: UInt32, direction: Int, stage: Int) -> RandomPlace {
    let first = SIMD8(repeating: UInt64(layout.blockSitePointer[b]))
    let member = SIMD8(repeating: UInt64(group &* layout.batchLanes))
    return RandomPlace(
      site: (laneSite.0 &+ first, laneSite.1 &+ first),
      member: (laneMember.0 &+ member, laneMember.1 &+ member), sweep: sweep,
      direction: direction, stage: stage, key: key)
  }
}
