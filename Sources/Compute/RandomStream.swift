import CKernels

/// The key of a counter-based random stream: one for every seed and purpose.
///
/// Numbers are Philox4x32-10 (Salmon et al., SC'11) of a counter that names the place where they
/// are used: (site, batch member, sweep, direction | stage | draw). No state is carried from draw
/// to draw, so results do not depend on threads, layout or order, and a restart needs the sweep
/// number only.
public struct RandomStream: Sendable, Hashable {
  /// What the numbers are used for; streams of different purposes are independent.
  public enum Purpose: UInt32, Sendable {
    case heatBath = 1
    case gaugeTransformation = 2
    case haarField = 3
    case nearUnitField = 4
    case momenta = 5
    case metropolis = 6
    case checks = 7
    case algebraField = 8
    case wilsonFlow = 9
    case initialWeights = 10
    case directions = 11
    case trainingOrder = 12
    case trainingData = 13
    case attack = 14
    case attempts = 15
    case symmetryRandomisation = 24
    case syntheticEnsemble = 25
    case weightReading = 32
    case targetNoise = 33
  }

  /// The two words of the key.
  public let key: SIMD2<UInt32>

  /// The stream of a seed for a purpose; the key is itself a Philox hash of both.
  public init(seed: UInt64, purpose: Purpose) {
    let words = philox(
      SIMD4(
        UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32),
        purpose.rawValue, 0x4c61_7474),
      key: SIMD2(0x4761_7567, 0x6546_6c64))
    key = SIMD2(words[0], words[1])
  }

  /// Four words for one counter.
  public func words(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> SIMD4<UInt32> {
    philox(SIMD4(a, b, c, d), key: key)
  }

  /// Two uniform numbers in (0, 1) for one counter, 52 bits each.
  public func uniforms(
    _ a: UInt32, _ b: UInt32 = 0, _ c: UInt32 = 0, _ d: UInt32 = 0
  ) -> (Double, Double) {
    let w = words(a, b, c, d)
    func unit(_ high: UInt32, _ low: UInt32) -> Double {
      let bits = (UInt64(high) << 20) ^ (UInt64(low) >> 12) | 0x3ff0_0000_0000_0000
      return Double(bitPattern: bits) - (1 - 0x1p-53)
    }
    return (unit(w[0], w[1]), unit(w[2], w[3]))
  }
}

/// The place in a random stream of one block of lanes; `draw` completes the counter.
@frozen
public struct RandomPlace {
  /// Serial site index of every lane, 8 lanes each.
  public var site: (SIMD8<UInt64>, SIMD8<UInt64>)
  /// Batch member of every lane, 8 lanes each.
  public var member: (SIMD8<UInt64>, SIMD8<UInt64>)
  /// The sweep or step.
  public var sweep: UInt32
  /// Direction in bits 27..31, stage (such as an SU(2) subgroup) in bits 15..26; draws below.
  public var tag: UInt32
  /// The key of the stream.
  public var key: SIMD2<UInt32>

  /// Draws per place: a rejection loop that has not ended by then gives up.
  public static var maximumDraws: UInt32 { 1 << 14 }

  @inlinable @inline(__always)
  public init(
    site: (SIMD8<UInt64>, SIMD8<UInt64>), member: (SIMD8<UInt64>, SIMD8<UInt64>), sweep: UInt32,
    direction: Int, stage: Int, key: SIMD2<UInt32>
  ) {
    self.site = site
    self.member = member
    self.sweep = sweep
    self.tag = UInt32(truncatingIfNeeded: direction << 27 | stage << 15)
    self.key = key
  }
}

/// Philox4x32-10 of one counter.
public func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var c = counter
  var k = key
  for _ in 0..<10 {
    let p0 = UInt64(0xD251_1F53) &* UInt64(c[0])
    let p1 = UInt64(0xCD9E_8D57) &* UInt64(c[2])
    c = SIMD4(
      UInt32(truncatingIfNeeded: p1 >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: p1),
      UInt32(truncatingIfNeeded: p0 >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: p0))
    k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
  }
  return c
}

/// Philox4x32-10 of eight counters, each word in the low half of a 64-bit lane.
@inlinable @inline(__always)
public func philox(
  _ site: SIMD8<UInt64>, _ member: SIMD8<UInt64>, _ sweep: UInt32, _ tag: UInt32,
  key: SIMD2<UInt32>
) -> (SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>) {
  typealias Words = SIMD8<UInt>
  var c0 = unsafeBitCast(site, to: Words.self)
  var c1 = unsafeBitCast(member, to: Words.self)
  var c2 = Words(repeating: UInt(sweep))
  var c3 = Words(repeating: UInt(tag))
  var (k0, k1) = (key[0], key[1])
  let m0 = Words(repeating: 0xD251_1F53)
  let m1 = Words(repeating: 0xCD9E_8D57)
  // The high halves of the counters hold remains of products, which the next multiplication
  // ignores and the last line removes.
  for _ in 0..<10 {
    let p0 = ck_mul_low32(m0, c0)
    let p1 = ck_mul_low32(m1, c2)
    c0 = (p1 &>> 32) ^ c1 ^ Words(repeating: UInt(k0))
    c2 = (p0 &>> 32) ^ c3 ^ Words(repeating: UInt(k1))
    c1 = p1
    c3 = p0
    k0 = k0 &+ 0x9E37_79B9
    k1 = k1 &+ 0xBB67_AE85
  }
  let low = Words(repeating: 0xffff_ffff)
  return (
    unsafeBitCast(c0 & low, to: SIMD8<UInt64>.self),
    unsafeBitCast(c1 & low, to: SIMD8<UInt64>.self),
    unsafeBitCast(c2 & low, to: SIMD8<UInt64>.self),
    unsafeBitCast(c3 & low, to: SIMD8<UInt64>.self)
  )
}
