/// Constants of the two-fold pre-rounding that makes lane sums independent of their order.
@usableFromInline
enum LaneSumConstants {
  // Terms up to 2^16 in magnitude, at most 2^20 of them before a flush: every partial sum of the
  // high parts is a multiple of 2^-16 below 2^36, of the low parts a multiple of 2^-48 below 2^3,
  // so both are exact. What is dropped, below 2^-49 a term, depends on the term alone.
  @usableFromInline static var high: Double { 0x1.8p36 }
  @usableFromInline static var low: Double { 0x1.8p4 }

  @inlinable @inline(__always)
  static func split(
    _ value: SIMD8<Double>, _ high: UnsafeMutablePointer<SIMD8<Double>>,
    _ low: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    let c = SIMD8(repeating: Self.high)
    let d = SIMD8(repeating: Self.low)
    let h = (value + c) - c
    let l = ((value - h) + d) - d
    high.pointee = high.pointee + h
    low.pointee = low.pointee + l
  }
}

/// Sums of many vectors, lane by lane, that do not depend on the order of the terms.
///
/// Each term (at most 2^16 in magnitude) is rounded to a multiple of 2^-48 first; sums of those are
/// exact (the idea of reproducible summation, Demmel and Nguyen, ARITH 2013). Cheap enough
/// for the hot loops: five vector operations a term.
@frozen
public struct LaneSum<V: LaneVector> {
  @usableFromInline var high: (SIMD8<Double>, SIMD8<Double>) = (.zero, .zero)
  @usableFromInline var low: (SIMD8<Double>, SIMD8<Double>) = (.zero, .zero)

  @inlinable @inline(__always)
  public init() {}

  /// Adds a vector. Flush at the latest after 2^20 of them.
  @inlinable @inline(__always)
  public mutating func add(_ value: V) {
    withUnsafeMutablePointer(to: &high) { high in
      withUnsafeMutablePointer(to: &low) { low in
        V.accumulate(
          value, UnsafeMutableRawPointer(high).assumingMemoryBound(to: SIMD8<Double>.self),
          UnsafeMutableRawPointer(low).assumingMemoryBound(to: SIMD8<Double>.self))
      }
    }
  }

  /// The sum of a lane, rounded once: both parts are exact.
  @inlinable
  public func value(lane: Int) -> Double {
    lane < 8 ? high.0[lane] + low.0[lane] : high.1[lane - 8] + low.1[lane - 8]
  }

  /// Adds the two exact parts of lane `l` to a sum.
  @inlinable
  public func addLane(_ lane: Int, to sum: inout ExactSum) {
    let h = lane < 8 ? high.0[lane] : high.1[lane - 8]
    let l = lane < 8 ? low.0[lane] : low.1[lane - 8]
    sum.add(h)
    sum.add(l)
  }
}
