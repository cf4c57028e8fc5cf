import CKernels

extension SIMD16: LaneVector where Scalar == Float {
  public typealias Mask = SIMD16<Int32>

  @inlinable @inline(__always) public static func sum(_ a: Self, _ b: Self) -> Self {
    ck_add_f32(a, b)
  }
  @inlinable @inline(__always) public static func difference(_ a: Self, _ b: Self) -> Self {
    ck_sub_f32(a, b)
  }
  @inlinable @inline(__always) public static func product(_ a: Self, _ b: Self) -> Self {
    ck_mul_f32(a, b)
  }
  @inlinable @inline(__always) public static func quotient(_ a: Self, _ b: Self) -> Self {
    ck_div_f32(a, b)
  }
  @inlinable @inline(__always)
  public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { ck_madd_f32(a, b, c) }
  @inlinable @inline(__always)
  public static func negatedMultiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
    ck_nmadd_f32(a, b, c)
  }
  @inlinable @inline(__always)
  public static func squareRoot(_ a: Self) -> Self { ck_sqrt_f32(a) }
  @inlinable @inline(__always)
  public static func greaterOrEqual(_ a: Self, _ b: Self) -> Mask { ck_ge_f32(a, b) }
  @inlinable @inline(__always)
  public static func select(_ mask: Mask, _ a: Self, _ b: Self) -> Self {
    ck_select_f32(mask, a, b)
  }
  @inlinable @inline(__always) public static func or(_ a: Mask, _ b: Mask) -> Mask { a | b }
  @inlinable @inline(__always) public static func not(_ a: Mask) -> Mask { ~a }
  @inlinable @inline(__always) public static func all(_ mask: Mask) -> Bool {
    ck_all_f32(mask) != 0
  }

  @inlinable
  public static func mask(bits: UInt32) -> Mask {
    var mask = Mask.zero
    for lane in 0..<16 where bits >> UInt32(lane) & 1 == 1 { mask[lane] = -1 }
    return mask
  }

  @inlinable @inline(__always)
  public static func permute(
    _ destination: UnsafeMutablePointer<Self>, _ source: UnsafePointer<Self>, count: Int,
    index: UnsafeRawPointer, code: Int
  ) {
    ck_permute_f32(
      UnsafeMutableRawPointer(destination).assumingMemoryBound(to: Float.self),
      UnsafeRawPointer(source).assumingMemoryBound(to: Float.self),
      index.assumingMemoryBound(to: Int32.self), Int32(truncatingIfNeeded: code),
      Int32(truncatingIfNeeded: count))
  }

  @inlinable @inline(__always)
  public static func addWidened(_ value: Self, to sums: UnsafeMutablePointer<SIMD8<Double>>) {
    ck_add_widened_f32(UnsafeMutableRawPointer(sums), value)
  }

  @inlinable @inline(__always)
  public static func transpose(
    _ destination: UnsafeMutablePointer<Self>, _ source: UnsafePointer<Self>, stride: Int
  ) {
    ck_transpose_f32(
      UnsafeMutableRawPointer(destination), UnsafeRawPointer(source), stride)
  }

  @inlinable @inline(__always)
  public static func accumulate(
    _ value: Self, _ high: UnsafeMutablePointer<SIMD8<Double>>,
    _ low: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    let (a, b) = (value.lowHalf, value.highHalf)
    LaneSumConstants.split(SIMD8<Double>(a), high, low)
    LaneSumConstants.split(SIMD8<Double>(b), high + 1, low + 1)
  }

  @inlinable @inline(__always)
  public static func uniforms(
    _ place: borrowing RandomPlace, draw: UInt32
  ) -> (Self, Self, Self, Self) {
    let a = philox(place.site.0, place.member.0, place.sweep, place.tag | draw, key: place.key)
    let b = philox(place.site.1, place.member.1, place.sweep, place.tag | draw, key: place.key)
    return (unit(a.0, b.0), unit(a.1, b.1), unit(a.2, b.2), unit(a.3, b.3))
  }

  /// 32 random bits and a half: 2^-33 ... 1, with the full relative precision near zero.
  @inlinable @inline(__always)
  static func unit(_ low: SIMD8<UInt64>, _ high: SIMD8<UInt64>) -> Self {
    let words = SIMD16<UInt32>(
      lowHalf: SIMD8(truncatingIfNeeded: low), highHalf: SIMD8(truncatingIfNeeded: high))
    // Conversions from signed words are one instruction on every target.
    let half = SIMD16<Int32>(truncatingIfNeeded: words &>> 1)
    return multiplyAdd(
      Self(half), Self(repeating: 0x1p-31), Self(repeating: 0x1p-33))
  }
}
