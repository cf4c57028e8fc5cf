import CKernels

extension SIMD8: LaneVector where Scalar == Double {
  public typealias Mask = SIMD8<Int>

  @inlinable @inline(__always) public static func sum(_ a: Self, _ b: Self) -> Self {
    ck_add_f64(a, b)
  }
  @inlinable @inline(__always) public static func difference(_ a: Self, _ b: Self) -> Self {
    ck_sub_f64(a, b)
  }
  @inlinable @inline(__always) public static func product(_ a: Self, _ b: Self) -> Self {
    ck_mul_f64(a, b)
  }
  @inlinable @inline(__always) public static func quotient(_ a: Self, _ b: Self) -> Self {
    ck_div_f64(a, b)
  }
  @inlinable @inline(__always)
  public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { ck_madd_f64(a, b, c) }
  @inlinable @inline(__always)
  public static func negatedMultiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
    ck_nmadd_f64(a, b, c)
  }
  @inlinable @inline(__always)
  public static func squareRoot(_ a: Self) -> Self { ck_sqrt_f64(a) }
  @inlinable @inline(__always)
  public static func greaterOrEqual(_ a: Self, _ b: Self) -> Mask { ck_ge_f64(a, b) }
  @inlinable @inline(__always)
  public static func select(_ mask: Mask, _ a: Self, _ b: Self) -> Self {
    ck_select_f64(mask, a, b)
  }
  @inlinable @inline(__always) public static func or(_ a: Mask, _ b: Mask) -> Mask { a | b }
  @inlinable @inline(__always) public static func not(_ a: Mask) -> Mask { ~a }
  @inlinable @inline(__always) public static func all(_ mask: Mask) -> Bool {
    ck_all_f64(mask) != 0
  }

  @inlinable
  public static func mask(bits: UInt32) -> Mask {
    var mask = Mask.zero
    for lane in 0..<8 where bits >> UInt32(lane) & 1 == 1 { mask[lane] = -1 }
    return mask
  }

  @inlinable @inline(__always)
  public static func permute(
    _ destination: UnsafeMutablePointer<Self>, _ source: UnsafePointer<Self>, count: Int,
    index: UnsafeRawPointer, code: Int
  ) {
    ck_permute_f64(
      UnsafeMutableRawPointer(destination).assumingMemoryBound(to: Double.self),
      UnsafeRawPointer(source).assumingMemoryBound(to: Double.self),
      index.assumingMemoryBound(to: Int64.self), Int32(truncatingIfNeeded: code),
      Int32(truncatingIfNeeded: count))
  }

  @inlinable @inline(__always)
  public static func addWidened(_ value: Self, to sums: UnsafeMutablePointer<SIMD8<Double>>) {
    sums[0] = ck_add_f64(sums[0], value)
  }

  @inlinable @inline(__always)
  public static func transpose(
    _ destination: UnsafeMutablePointer<Self>, _ source: UnsafePointer<Self>, stride: Int
  ) {
    ck_transpose_f64(
      UnsafeMutableRawPointer(destination), UnsafeRawPointer(source), stride)
  }

  @inlinable @inline(__always)
  public static func accumulate(
    _ value: Self, _ high: UnsafeMutablePointer<SIMD8<Double>>,
    _ low: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    LaneSumConstants.split(value, high, low)
  }

  @inlinable @inline(__always)
  public static func uniforms(
    _ place: borrowing RandomPlace, draw: UInt32
  ) -> (Self, Self, Self, Self) {
    let a = philox(
      place.site.0, place.member.0, place.sweep, place.tag | (2 &* draw), key: place.key)
    let b = philox(
      place.site.0, place.member.0, place.sweep, place.tag | (2 &* draw &+ 1), key: place.key)
    return (unit(a.0, a.1), unit(a.2, a.3), unit(b.0, b.1), unit(b.2, b.3))
  }

  /// 52 random bits and a half, so that neither 0 nor 1 occurs.
  @inlinable @inline(__always)
  static func unit(_ high: SIMD8<UInt64>, _ low: SIMD8<UInt64>) -> Self {
    let bits = ((high &<< 20) ^ (low &>> 12)) | SIMD8<UInt64>(repeating: 0x3ff0_0000_0000_0000)
    return unsafeBitCast(bits, to: Self.self) - Self(repeating: 1 - 0x1p-53)
  }
}
