import Compute
import Lattice

/// Where the lanes of every block of a moved field come from.
///
/// The source of a target site y is x = A^-1 (y - a). Every coordinate of x depends on one coordinate of y, and
/// block and lane are sums over coordinates, so the source of a lane is a sum of one table entry for each
/// direction: block << 4 | lane.
struct SiteSources: Sendable {
  private let dimension: Int
  private let subExtents: [Int]
  // For every direction, from 0 to its sub-extent, one entry a lane; [first[nu] + y].
  private let table: AlignedBuffer<SIMD16<UInt32>>
  private let first: [Int]
  // What the members of a group of the batch add.
  private let members: [SIMD16<UInt32>]
  // The digits of a place in the order of visits, the fastest first: which direction's coordinate they add to,
  // by how much, up to which number.
  private let digits: [(direction: Int, step: Int, count: Int)]

  /// - Parameters:
  ///   - operation: moves fields from the layout `source` to `target`, which hold as many members.
  init(_ operation: LatticeOperation, from source: Layout, to target: Layout) {
    let d = target.dimension
    let back = operation.axes.inverse
    dimension = d
    subExtents = target.subExtents

    // The first lane of every direction's sub-lattices: lane = batch lane + batchLanes * grid.
    var table = [SIMD16<UInt32>]()
    var first = [Int]()
    for nu in 0..<d {
      let (mu, sign) = back.image(of: nu)
      let contributions = (0...target.geometry.extents[nu]).map { y in
        SiteSources.contribution(of: sign * (y - operation.translation[nu]), mu, in: source)
      }
      first.append(table.count)
      for y in 0...target.subExtents[nu] {
        var entry = SIMD16<UInt32>.zero
        for lane in 0..<16 {
          // Lanes that are idle or do not exist belong to no site and follow the first one.
          let isUsed = lane < target.laneCount && target.activeLaneBits >> UInt32(lane) & 1 == 1
          let grid = isUsed ? SiteSources.gridCoordinate(ofLane: lane, nu, in: target) : 0
          entry[lane] = contributions[y + grid * subExtents[nu]]
        }
        table.append(entry)
      }
    }
    self.table = AlignedBuffer(uninitialized: table.count)
    for (k, entry) in table.enumerated() { self.table.pointer[k] = entry }
    self.first = first

    // Where an axis is divided among fewer lanes than the one it comes from, blocks a source's sub-extent apart
    // have the same sources: they are visited one after the other.
    var digits = [(direction: Int, step: Int, count: Int)]()
    var rest = target.subExtents
    for nu in 0..<d {
      let reach = source.subExtents[back.image(of: nu).axis]
      if reach < rest[nu] && rest[nu] % reach == 0 {
        digits.append((nu, reach, rest[nu] / reach))
        rest[nu] = reach
      }
    }
    digits += (0..<d).reversed().map { ($0, 1, rest[$0]) }
    self.digits = digits

    // Places beyond the last member exist in neither layout's results: they take the last one there is.
    let last = source.outerBatch * source.batchLanes - 1
    members = (0..<target.outerBatch).map { group in
      var entry = SIMD16<UInt32>.zero
      for lane in 0..<16 {
        let own = lane < target.laneCount ? Int(target.laneMember[lane]) : 0
        let member = min(last, group * target.batchLanes + own)
        let block = member / source.batchLanes * source.siteBlocks
        precondition(block + source.siteBlocks < 1 << 28, "a block index has 28 bits")
        entry[lane] = UInt32(block << 4 | member % source.batchLanes)
      }
      return entry
    }
  }

  /// What a coordinate in direction mu, of any size and sign, adds to block << 4 | lane.
  private static func contribution(of x: Int, _ mu: Int, in layout: Layout) -> UInt32 {
    let extent = layout.geometry.extents[mu]
    let x = ((x % extent) + extent) % extent
    let blockStride = layout.subExtents[(mu + 1)...].reduce(1, *)
    let laneStride = layout.splits[..<mu].reduce(layout.batchLanes, *)
    let (grid, sub) = x.quotientAndRemainder(dividingBy: layout.subExtents[mu])
    return UInt32((sub * blockStride) << 4 | grid * laneStride)
  }

  private static func gridCoordinate(ofLane lane: Int, _ nu: Int, in layout: Layout) -> Int {
    lane / layout.splits[..<nu].reduce(layout.batchLanes, *) % layout.splits[nu]
  }

  /// Words of memory that a walk through the blocks needs.
  var walkWords: Int { dimension + digits.count }

  /// Begins a walk at a place in the order of visits: coordinates, then digits, are written to `walk`.
  func begin(_ place: Int, _ walk: UnsafeMutablePointer<Int>) {
    for nu in 0..<dimension { walk[nu] = 0 }
    var rest = place
    for (k, digit) in digits.enumerated() {
      let (quotient, value) = rest.quotientAndRemainder(dividingBy: digit.count)
      rest = quotient
      walk[dimension + k] = value
      walk[digit.direction] += digit.step * value
    }
  }

  /// Goes on to the next block.
  @inline(__always)
  func advance(_ walk: UnsafeMutablePointer<Int>) {
    for k in digits.indices {
      let digit = digits[k]
      let value = walk[dimension &+ k] &+ 1
      if value < digit.count {
        walk[dimension &+ k] = value
        walk[digit.direction] &+= digit.step
        return
      }
      walk[dimension &+ k] = 0
      walk[digit.direction] &-= digit.step &* (digit.count &- 1)
    }
  }

  /// The block that a walk has reached.
  @inline(__always)
  func block(_ walk: UnsafeMutablePointer<Int>) -> Int {
    var block = 0
    for nu in 0..<dimension { block = block &* subExtents[nu] &+ walk[nu] }
    return block
  }

  /// The sources of the lanes of the block at some coordinates, of a group of the batch: block << 4 | lane.
  ///
  /// - Parameter raised: bit nu is set where the source is that of the site one step up in direction nu.
  @inline(__always)
  func callAsFunction(
    _ coordinates: UnsafeMutablePointer<Int>, group: Int, raised: UInt32
  ) -> SIMD16<UInt32> {
    var sum = members[group]
    for nu in 0..<dimension {
      let y = coordinates[nu] &+ Int(raised >> UInt32(nu) & 1)
      sum &+= table.pointer[first[nu] &+ y]
    }
    return sum
  }
}
