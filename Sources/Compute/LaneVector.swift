/// The vector of a block: lane `l` belongs to sub-lattice or batch member `l`.
///
/// The requirements exist because the generic operators of `SIMD` are not reliably turned into
/// machine vectors, and because a multiply-add must contract to FMA where the CPU has it and must
/// not call libm where it has not.
public protocol LaneVector: SIMD, Sendable, BitwiseCopyable where Scalar: LatticeReal {
  /// One machine word a lane, all bits set or none.
  associatedtype Mask: Sendable

  /// `a + b`, concrete.
  static func sum(_ a: Self, _ b: Self) -> Self
  /// `a - b`, concrete.
  static func difference(_ a: Self, _ b: Self) -> Self
  /// `a * b`, concrete.
  static func product(_ a: Self, _ b: Self) -> Self
  /// `a / b`, concrete.
  static func quotient(_ a: Self, _ b: Self) -> Self
  /// `a * b + c`.
  static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// `c - a * b`.
  static func negatedMultiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// The square root of every lane.
  static func squareRoot(_ a: Self) -> Self
  /// The natural logarithm of every lane, for normal positive numbers.
  static func log(_ a: Self) -> Self
  /// The exponential of every lane; 0 below exp(-708), in single precision below exp(-86.5).
  static func exp(_ a: Self) -> Self
  /// `exp(a) - 1` without cancellation where `a` is small.
  static func expMinusOne(_ a: Self) -> Self
  /// Sine and cosine of `pi w` for `|w| <= 1/2`.
  static func sineCosinePi(_ w: Self) -> (sine: Self, cosine: Self)

  /// Where `a >= b`.
  static func greaterOrEqual(_ a: Self, _ b: Self) -> Mask
  /// `a` where the mask is set, else `b`.
  static func select(_ mask: Mask, _ a: Self, _ b: Self) -> Self
  /// Set where either is set.
  static func or(_ a: Mask, _ b: Mask) -> Mask
  /// Set where it was not.
  static func not(_ a: Mask) -> Mask
  /// Whether every lane is set.
  static func all(_ mask: Mask) -> Bool
  /// The mask whose lane `l` is bit `l`.
  static func mask(bits: UInt32) -> Mask

  /// Writes `count` vectors with their lanes rearranged: `result[l] = source[index[l]]`.
  ///
  /// - Parameter index: one machine word a lane.
  /// - Parameter code: bit k set exchanges lanes `l` and `l ^ 2^k`; negative for any other pattern.
  static func permute(
    _ destination: UnsafeMutablePointer<Self>, _ source: UnsafePointer<Self>, count: Int,
    index: UnsafeRawPointer, code: Int)

  /// Four independent uniform numbers a lane from one place of the random stream: in (0, 1) for
  /// `Double`, in (0, 1] for `Float`, where the largest draws round to 1.
  static func uniforms(_ place: borrowing RandomPlace, draw: UInt32) -> (Self, Self, Self, Self)

  /// Adds the lanes, in double precision, to one vector of doubles for every eight lanes.
  static func addWidened(_ value: Self, to sums: UnsafeMutablePointer<SIMD8<Double>>)

  /// Transposes as many vectors as there are lanes: destination[l][k] = source[k * stride][l].
  static func transpose(
    _ destination: UnsafeMutablePointer<Self>, _ source: UnsafePointer<Self>, stride: Int)

  /// Adds the lanes, exactly, to the two accumulators of a `LaneSum`.
  static func accumulate(
    _ value: Self, _ high: UnsafeMutablePointer<SIMD8<Double>>,
    _ low: UnsafeMutablePointer<SIMD8<Double>>)
}

extension LaneVector {
  @inlinable @inline(__always) public static func + (a: Self, b: Self) -> Self { sum(a, b) }
  @inlinable @inline(__always) public static func - (a: Self, b: Self) -> Self { difference(a, b) }
  @inlinable @inline(__always) public static func * (a: Self, b: Self) -> Self { product(a, b) }
  @inlinable @inline(__always) public static func / (a: Self, b: Self) -> Self { quotient(a, b) }
  @inlinable @inline(__always) public static prefix func - (a: Self) -> Self { .zero - a }

  /// The bit mask of all lanes.
  @inlinable @inline(__always) public static var allLaneBits: UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(scalarCount)) - 1)
  }
}

/// `a * b + c`, contracted to FMA where the CPU has it.
@inlinable @inline(__always)
public func multiplyAdd<V: LaneVector>(_ a: V, _ b: V, _ c: V) -> V { V.multiplyAdd(a, b, c) }

/// `c - a * b`, contracted to FMA where the CPU has it.
@inlinable @inline(__always)
public func negatedMultiplyAdd<V: LaneVector>(_ a: V, _ b: V, _ c: V) -> V {
  V.negatedMultiplyAdd(a, b, c)
}
