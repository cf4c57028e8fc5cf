import Compute
import Synchronization

/// Where the sites of a batch of lattices lie in memory: blocks of lanes.
///
/// The lattice is divided into a grid of equal sub-lattices ("virtual nodes"), one a lane; a batch
/// of lattices fills further lanes. The neighbour of a whole block is then another whole block, and
/// only at the edge of the sub-lattice are its lanes exchanged. Blocks run through the sub-lattice
/// with the last direction fastest, so slabs of direction 0 are contiguous.
///
/// Even extents are split into even sub-extents where possible, which gives all sites of a block one
/// checkerboard colour. Elsewhere lanes are filled with what divides the extents, and updates mask
/// lanes by colour. Lanes left over are idle: they hold small closed lattices of their own.
public final class Layout: Sendable {
  /// The lattice of every batch member.
  public let geometry: Geometry
  /// Number of lattices.
  public let batch: Int
  /// Lanes of a vector.
  public let laneCount: Int
  /// Sub-lattices per direction.
  public let splits: [Int]
  /// Extents of a sub-lattice.
  public let subExtents: [Int]
  /// Batch members that share a block.
  public let batchLanes: Int
  /// Groups of batch members, one after the other in memory.
  public let outerBatch: Int
  /// Blocks of one group of members.
  public let siteBlocks: Int
  /// Bits of the lanes in use.
  public let activeLaneBits: UInt32
  /// Neighbours differ in colour, so links of one colour and direction share no plaquette: 2 colours
  /// for even extents, 3 otherwise.
  public let colourCount: Int

  /// Serial site index of lane `l` in block `b` of a group: `blockSitePointer[b] + laneSite[l]`.
  public let laneSite: [UInt32]
  /// Serial index of the first lane's site of every block of a group; valid while the layout lives.
  public var blockSitePointer: UnsafePointer<UInt32> { UnsafePointer(blockSiteTable.pointer) }
  private let blockSiteTable: AlignedBuffer<UInt32>
  /// Batch member of a lane within its group.
  public let laneMember: [UInt32]

  // Neighbour tables, entry = block << 4 | code, at [b * dimension + mu], of one group.
  private let upTable: AlignedBuffer<UInt32>
  private let downTable: AlignedBuffer<UInt32>
  // 16 codes of 64 bytes: the source lane of every lane, one machine word each.
  private let permutationTable: AlignedBuffer<UInt8>
  private let composeTable: AlignedBuffer<UInt8>
  /// Whether codes are exchanges of bits, so that codes compose by exclusive or.
  public let codesAreExchanges: Bool
  private let colourTable: [[ColouredBlock]]

  /// A block of which the lanes in `bits` have the colour.
  public struct ColouredBlock: Sendable {
    public let block: UInt32
    public let bits: UInt32

    package init(block: UInt32, bits: UInt32) {
      self.block = block
      self.bits = bits
    }
  }

  /// All blocks, of all groups.
  public var blockCount: Int { siteBlocks * outerBatch }
  /// Number of directions.
  public var dimension: Int { geometry.dimension }
  /// Whether every lane of every block is in use.
  public var isFull: Bool { activeLaneBits.nonzeroBitCount == laneCount }

  /// - Throws: `GeometryError.batch` for a batch below 1.
  public init(_ geometry: Geometry, batch: Int, laneCount: Int) throws(GeometryError) {
    guard batch >= 1, batch < 1 << 31 else { throw .batch(batch) }
    let d = geometry.dimension
    let plan = LanePlan(extents: geometry.extents, batch: batch, lanes: laneCount)
    self.geometry = geometry
    self.batch = batch
    self.laneCount = laneCount
    splits = plan.splits
    batchLanes = plan.batchLanes
    let splits = plan.splits
    let subExtents = zip(geometry.extents, splits).map { $0 / $1 }
    self.subExtents = subExtents
    outerBatch = (batch + plan.batchLanes - 1) / plan.batchLanes
    siteBlocks = subExtents.reduce(1, *)
    let siteBlocks = subExtents.reduce(1, *)
    precondition(siteBlocks < 1 << 28, "a block index has 28 bits")

    // Lane l = batch lane + batchLanes * (grid index), grid index mixed radix, direction 0 first.
    let gridCount = splits.reduce(1, *)
    var strides = [Int](repeating: 1, count: d)
    for mu in 1..<d { strides[mu] = strides[mu - 1] * geometry.extents[mu - 1] }
    var laneSite = [UInt32](repeating: 0, count: laneCount)
    var laneMember = [UInt32](repeating: 0, count: laneCount)
    var active: UInt32 = 0
    for lane in 0..<(gridCount * plan.batchLanes) {
      laneMember[lane] = UInt32(lane % plan.batchLanes)
      var grid = lane / plan.batchLanes
      var offset = 0
      for mu in 0..<d {
        offset += (grid % splits[mu]) * subExtents[mu] * strides[mu]
        grid /= splits[mu]
      }
      laneSite[lane] = UInt32(offset)
      active |= 1 << UInt32(lane)
    }
    self.laneSite = laneSite
    self.laneMember = laneMember
    activeLaneBits = active

    func gridCoordinates(_ index: Int) -> [Int] {
      var rest = index
      return splits.map { s in
        defer { rest /= s }
        return rest % s
      }
    }
    func gridIndex(_ c: [Int]) -> Int {
      var index = 0
      for mu in (0..<d).reversed() { index = index * splits[mu] + c[mu] % splits[mu] }
      return index
    }

    let wordBytes = 64 / laneCount
    permutationTable = AlignedBuffer(repeating: 0, count: 16 * 64)
    composeTable = AlignedBuffer(repeating: 0, count: 256)
    let codeScale = plan.batchLanes
    codesAreExchanges = splits.allSatisfy { $0 <= 2 }
    for code in 0..<gridCount {
      let shift = gridCoordinates(code)
      for lane in 0..<laneCount {
        var source = lane
        if lane < gridCount * plan.batchLanes {
          let c = gridCoordinates(lane / codeScale)
          source = gridIndex(zip(c, shift).map { $0 + $1 }) * codeScale + lane % codeScale
        }
        permutationTable.pointer[code * 64 + lane * wordBytes] = UInt8(source)
      }
      for other in 0..<gridCount {
        let total = zip(shift, gridCoordinates(other)).map { $0 + $1 }
        composeTable.pointer[code * 16 + other] = UInt8(gridIndex(total))
      }
    }

    // Blocks: last direction fastest.
    func blockIndex(_ x: [Int]) -> Int {
      var index = 0
      for mu in 0..<d { index = index * subExtents[mu] + x[mu] }
      return index
    }
    let blockSiteTable = AlignedBuffer<UInt32>(uninitialized: siteBlocks)
    self.blockSiteTable = blockSiteTable
    upTable = AlignedBuffer(uninitialized: siteBlocks * d)
    downTable = AlignedBuffer(uninitialized: siteBlocks * d)
    var unit = [Int](repeating: 0, count: d)
    let gridStride = (0..<d).map { mu -> Int in
      unit = [Int](repeating: 0, count: d)
      unit[mu] = 1
      return gridIndex(unit)
    }
    let gridBack = (0..<d).map { mu -> Int in
      unit = [Int](repeating: 0, count: d)
      unit[mu] = splits[mu] - 1
      return gridIndex(unit)
    }
    var x = [Int](repeating: 0, count: d)
    for b in 0..<siteBlocks {
      blockSiteTable.pointer[b] = UInt32((0..<d).reduce(0) { $0 + x[$1] * strides[$1] })
      for mu in 0..<d {
        let here = x[mu]
        let wrapsUp = here + 1 == subExtents[mu]
        x[mu] = wrapsUp ? 0 : here + 1
        upTable.pointer[b * d + mu] =
          UInt32(blockIndex(x)) << 4 | UInt32(wrapsUp ? gridStride[mu] : 0)
        let wrapsDown = here == 0
        x[mu] = wrapsDown ? subExtents[mu] - 1 : here - 1
        downTable.pointer[b * d + mu] =
          UInt32(blockIndex(x)) << 4 | UInt32(wrapsDown ? gridBack[mu] : 0)
        x[mu] = here
      }
      for mu in (0..<d).reversed() {
        x[mu] += 1
        if x[mu] < subExtents[mu] { break }
        x[mu] = 0
      }
    }

    // Colours: along each direction 0, 1, 0, 1, ..., and a closing 2 where the extent is odd; the
    // sum over directions modulo the number of colours differs between neighbours.
    let allEven = geometry.extents.allSatisfy { $0 % 2 == 0 }
    let colourCount = allEven ? 2 : 3
    self.colourCount = colourCount
    var table = [[ColouredBlock]](repeating: [], count: colourCount)
    for b in 0..<siteBlocks {
      var bits = [UInt32](repeating: 0, count: colourCount)
      for lane in 0..<laneCount {
        let site = Int(blockSiteTable.pointer[b] + laneSite[lane])
        bits[Self.colour(of: site, in: geometry)] |= 1 << UInt32(lane)
      }
      for colour in 0..<colourCount where bits[colour] & active != 0 {
        // Idle lanes may follow any colour: where all lanes in use agree, no mask is needed.
        let all = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(laneCount)) - 1)
        let isWhole = bits[colour] & active == active
        table[colour].append(
          ColouredBlock(block: UInt32(b), bits: isWhole ? all : bits[colour] & active))
      }
    }
    colourTable = table
  }

  /// The colour of a site: neighbours always differ.
  public static func colour(of site: Int, in geometry: Geometry) -> Int {
    let allEven = geometry.extents.allSatisfy { $0 % 2 == 0 }
    var rest = site
    var sum = 0
    for extent in geometry.extents {
      let x = rest % extent
      rest /= extent
      sum += extent % 2 == 1 && x == extent - 1 ? 2 : x % 2
    }
    return sum % (allEven ? 2 : 3)
  }

  /// The blocks of a colour, of one group of members.
  public func blocks(ofColour colour: Int) -> [ColouredBlock] { colourTable[colour] }

  /// The block and lane of a site of a batch member.
  public func locate(site: Int, member: Int = 0) -> (block: Int, lane: Int) {
    var rest = site
    var block = 0
    var grid = 0
    var gridScale = 1
    var scale = siteBlocks
    // Direction 0 is slowest among blocks, so divide its extent out first.
    for mu in 0..<dimension {
      let x = rest % geometry.extents[mu]
      rest /= geometry.extents[mu]
      scale /= subExtents[mu]
      block += (x % subExtents[mu]) * scale
      grid += (x / subExtents[mu]) * gridScale
      gridScale *= splits[mu]
    }
    return ((member / batchLanes) * siteBlocks + block, member % batchLanes + batchLanes * grid)
  }

  /// The batch member of a lane in a block, and whether there is one.
  public func member(block: Int, lane: Int) -> Int? {
    guard activeLaneBits >> UInt32(lane) & 1 == 1 else { return nil }
    let member = (block / siteBlocks) * batchLanes + Int(laneMember[lane])
    return member < batch ? member : nil
  }

  /// Bits of the lanes of a block that belong to a batch member.
  package func usedLaneBits(block: Int) -> UInt32 {
    (0..<laneCount).reduce(0) { bits, lane in
      member(block: block, lane: lane) == nil ? bits : bits | 1 << UInt32(lane)
    }
  }

  /// Neighbour entries for a displacement, one a block of a group: block << 4 | code.
  public func neighbours(displacement: [Int]) -> [UInt32] {
    let d = dimension
    var result = [UInt32](repeating: 0, count: siteBlocks)
    var x = [Int](repeating: 0, count: d)
    for b in 0..<siteBlocks {
      var block = 0
      var code = 0
      var gridScale = 1
      for mu in 0..<d {
        let extent = geometry.extents[mu]
        let y = (((x[mu] + displacement[mu]) % extent) + extent) % extent
        block = block * subExtents[mu] + y % subExtents[mu]
        code += (y / subExtents[mu]) * gridScale
        gridScale *= splits[mu]
      }
      result[b] = UInt32(block) << 4 | UInt32(code)
      for mu in (0..<d).reversed() {
        x[mu] += 1
        if x[mu] < subExtents[mu] { break }
        x[mu] = 0
      }
    }
    return result
  }

  /// The tables that kernels read.
  public var view: LayoutView {
    LayoutView(
      dimension: dimension, siteBlocks: siteBlocks, up: UnsafePointer(upTable.pointer),
      down: UnsafePointer(downTable.pointer),
      permutations: UnsafeRawPointer(permutationTable.pointer),
      compositions: UnsafePointer(composeTable.pointer), codesAreExchanges: codesAreExchanges,
      codeShift: batchLanes.trailingZeroBitCount)
  }

  /// The permutation of lanes that a code stands for, for use outside the hot loops.
  public func sourceLane(of lane: Int, code: Int) -> Int {
    Int(permutationTable.pointer[code * 64 + lane * (64 / laneCount)])
  }
}

/// The tables of a layout as plain pointers; valid while the layout lives.
@frozen
public struct LayoutView: @unchecked Sendable {
  public let dimension: Int
  public let siteBlocks: Int
  public let up: UnsafePointer<UInt32>
  public let down: UnsafePointer<UInt32>
  public let permutations: UnsafeRawPointer
  public let compositions: UnsafePointer<UInt8>
  public let codesAreExchanges: Bool
  /// Exchange codes are shifted by this much to become lane bits.
  public let codeShift: Int

  @usableFromInline
  init(
    dimension: Int, siteBlocks: Int, up: UnsafePointer<UInt32>, down: UnsafePointer<UInt32>,
    permutations: UnsafeRawPointer, compositions: UnsafePointer<UInt8>, codesAreExchanges: Bool,
    codeShift: Int
  ) {
    self.dimension = dimension
    self.siteBlocks = siteBlocks
    self.up = up
    self.down = down
    self.permutations = permutations
    self.compositions = compositions
    self.codesAreExchanges = codesAreExchanges
    self.codeShift = codeShift
  }

  /// The entry of the neighbour upward of an entry's block, lanes composed.
  @inlinable @inline(__always)
  public func up(_ entry: UInt32, _ mu: Int) -> UInt32 {
    compose(up[Int(entry >> 4) &* dimension &+ mu], entry & 15)
  }

  /// The entry of the neighbour downward of an entry's block, lanes composed.
  @inlinable @inline(__always)
  public func down(_ entry: UInt32, _ mu: Int) -> UInt32 {
    compose(down[Int(entry >> 4) &* dimension &+ mu], entry & 15)
  }

  @inlinable @inline(__always)
  func compose(_ entry: UInt32, _ code: UInt32) -> UInt32 {
    let total = compositions[Int((entry & 15) << 4 | code)]
    return (entry & ~15) | UInt32(total)
  }
}
