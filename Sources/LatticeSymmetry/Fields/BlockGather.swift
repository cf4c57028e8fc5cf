import CKernels
import Compute
import Lattice

/// From which blocks the lanes of a block are put together: how far the block of each lane's source lies from that of
/// the first lane.
///
/// Where an axis that is divided among lanes changes places with one that is not, lanes come from as many blocks as
/// the axis has sub-lattices; elsewhere from one. A lattice has a few such patterns; they are kept in memory that
/// the caller lends, so that nothing is counted or allocated in a loop over blocks.
struct LanePattern<V: LaneVector> {
  /// Vectors of memory that a pattern takes.
  static var size: Int { 5 }

  private let memory: UnsafeMutableRawPointer

  init(_ memory: UnsafeMutablePointer<V>) { self.memory = UnsafeMutableRawPointer(memory) }

  private var key: UnsafeMutablePointer<SIMD16<UInt32>> {
    memory.assumingMemoryBound(to: SIMD16<UInt32>.self)
  }
  /// One lane of every block.
  @inline(__always) var representatives: UnsafeMutablePointer<Int> {
    (memory + 64).assumingMemoryBound(to: Int.self)
  }
  /// The number of different blocks.
  @inline(__always) var count: Int { (memory + 192).load(as: Int.self) }
  /// The lanes of every block, as bits.
  @inline(__always) var bits: UnsafeMutablePointer<UInt32> {
    (memory + 256).assumingMemoryBound(to: UInt32.self)
  }

  @inline(__always)
  func matches(_ distances: SIMD16<UInt32>) -> Bool { key[0] == distances }

  @inline(never)
  func set(_ distances: SIMD16<UInt32>) {
    key[0] = distances
    var count = 0
    for lane in 0..<V.scalarCount {
      let known = (0..<count).first { distances[representatives[$0]] == distances[lane] }
      if known == nil {
        representatives[count] = lane
        bits[count] = 0
        count += 1
      }
      bits[known ?? count - 1] |= 1 << UInt32(lane)
    }
    (memory + 192).storeBytes(of: count, as: Int.self)
  }
}

/// The sources of the lanes of one block with the pattern they make.
struct BlockGather<V: LaneVector> {
  /// How many patterns are kept.
  private static var kept: Int { 8 }
  /// Vectors of memory that a gather takes: which lane each lane comes from, one machine word a lane, and patterns.
  static var size: Int { 1 + kept * LanePattern<V>.size }

  private var sources = SIMD16<UInt32>.zero
  private var pattern: LanePattern<V>
  private var used = 0
  private var next = 0
  private let index: UnsafeMutableRawPointer
  private let patterns: UnsafeMutablePointer<V>

  /// - Parameter memory: `size` vectors that outlive this value.
  init(_ memory: UnsafeMutablePointer<V>) {
    index = UnsafeMutableRawPointer(memory)
    patterns = memory + 1
    pattern = LanePattern(patterns)
  }

  /// Takes the sources of the next block.
  @inline(__always)
  mutating func set(_ sources: SIMD16<UInt32>) {
    self.sources = sources
    let lanes = sources & 15
    if V.scalarCount == 8 {
      index.storeBytes(of: SIMD8<UInt64>(truncatingIfNeeded: lanes.lowHalf), as: SIMD8<UInt64>.self)
    } else {
      index.storeBytes(of: lanes, as: SIMD16<UInt32>.self)
    }
    let distances = (sources &>> 4) &- SIMD16(repeating: sources[0] &>> 4)
    if used > 0 && pattern.matches(distances) { return }
    find(distances)
  }

  private mutating func find(_ distances: SIMD16<UInt32>) {
    for k in 0..<used {
      pattern = LanePattern(patterns + k * LanePattern<V>.size)
      if pattern.matches(distances) { return }
    }
    pattern = LanePattern(patterns + next * LanePattern<V>.size)
    pattern.set(distances)
    used = max(used, next + 1)
    next = (next + 1) % Self.kept
  }

  /// Asks the cache for a channel of the blocks that other sources, put together alike, would have.
  @inline(__always)
  func prefetch(_ source: BlockView<V>, _ c: Int, at sources: SIMD16<UInt32>) {
    for k in 0..<pattern.count {
      source.prefetch(sources[pattern.representatives[k]] & ~15, c)
    }
  }

  /// Writes channel `c` of the source, lanes in their new places, vectors where the form says.
  ///
  /// - Parameters:
  ///   - scratch: as many vectors as a matrix has; used where lanes come from more than two blocks.
  ///   - streams: past the caches; `ck_stream_end` has to follow.
  @inline(__always)
  func fetch(
    _ source: BlockView<V>, _ c: Int, to destination: UnsafeMutablePointer<V>, _ form: MatrixForm,
    scratch: UnsafeMutablePointer<V>, streams: Bool = false
  ) {
    let (count, stride) = (pattern.count, source.stride)
    let first = source.block(Int(sources[0] &>> 4), c)
    if count <= 2 {
      let second = count == 2 ? block(1, source, c) : first
      move(first, second, count == 2 ? pattern.bits[1] : 0, destination, form, stride, streams)
      return
    }
    move(first, first, 0, destination, form, stride, false)
    for k in 1..<count {
      move(block(k, source, c), first, 0, scratch, form, stride, false)
      let mask = V.mask(bits: pattern.bits[k])
      for v in 0..<stride { destination[v] = V.select(mask, scratch[v], destination[v]) }
    }
  }

  @inline(__always)
  private func block(_ k: Int, _ source: BlockView<V>, _ c: Int) -> UnsafeMutablePointer<V> {
    source.block(Int(sources[pattern.representatives[k]] &>> 4), c)
  }

  @inline(__always)
  private func move(
    _ a: UnsafeMutablePointer<V>, _ b: UnsafeMutablePointer<V>, _ bits: UInt32,
    _ d: UnsafeMutablePointer<V>, _ form: MatrixForm, _ count: Int, _ streams: Bool
  ) {
    func scalars<T>(_ p: UnsafeMutablePointer<V>, _: T.Type) -> UnsafeMutablePointer<T> {
      UnsafeMutableRawPointer(p).assumingMemoryBound(to: T.self)
    }
    let (n, stream): (Int32, Int32) = (Int32(truncatingIfNeeded: count), streams ? 1 : 0)
    if V.scalarCount == 8 {
      ck_move_f64(
        scalars(d, Double.self), scalars(a, Double.self), scalars(b, Double.self), index, bits,
        form.places, form.negatives, n, stream)
    } else {
      ck_move_f32(
        scalars(d, Float.self), scalars(a, Float.self), scalars(b, Float.self), index, bits,
        form.places, form.negatives, n, stream)
    }
  }
}
