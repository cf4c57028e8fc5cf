// Logarithm, sine and cosine of a vector, accurate to 3 units in the last place; the cosine of
// angles near pi/2, where it vanishes, to 4 units of the number 1.
// The tests compare every one with libm over its whole domain.

extension SIMD8 where Scalar == Double {
  /// ln a = e ln 2 + 2 artanh((m - 1)/(m + 1)) with m in [sqrt(1/2), sqrt 2).
  @inlinable @inline(__always)
  public static func log(_ a: Self) -> Self {
    let bits = unsafeBitCast(a, to: SIMD8<UInt64>.self)
    let offset = bits &- SIMD8<UInt64>(repeating: 0x3fe6_a09e_667f_3bcd)
    // The exponent, biased by 2048 to stay positive, converted through the bits of 2^52.
    let biased =
      (((offset &>> 52) &+ SIMD8<UInt64>(repeating: 2048)) & SIMD8<UInt64>(repeating: 0xfff))
      | SIMD8<UInt64>(repeating: 0x4330_0000_0000_0000)
    let e = unsafeBitCast(biased, to: Self.self) - Self(repeating: 0x1p52 + 2048)
    let m = unsafeBitCast(bits &- ((offset &>> 52) &<< 52), to: Self.self)
    let s = (m - Self(repeating: 1)) / (m + Self(repeating: 1))
    let z = s * s
    var p = Self(repeating: 1.0 / 23)
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 21))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 19))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 17))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 15))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 13))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 11))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 9))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 7))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 5))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 3))
    p = multiplyAdd(p, z, Self(repeating: 1))
    return multiplyAdd(e, Self(repeating: 0.6931471805599453), (s + s) * p)
  }

  /// Taylor series to the order that double precision needs at pi/2.
  @inlinable @inline(__always)
  public static func sineCosinePi(_ w: Self) -> (sine: Self, cosine: Self) {
    let x = w * Self(repeating: Double.pi)
    let z = x * x
    var s = Self(repeating: -1.0 / 121_645_100_408_832_000)
    s = multiplyAdd(s, z, Self(repeating: 1.0 / 355_687_428_096_000))
    s = multiplyAdd(s, z, Self(repeating: -1.0 / 1_307_674_368_000))
    s = multiplyAdd(s, z, Self(repeating: 1.0 / 6_227_020_800))
    s = multiplyAdd(s, z, Self(repeating: -1.0 / 39_916_800))
    s = multiplyAdd(s, z, Self(repeating: 1.0 / 362_880))
    s = multiplyAdd(s, z, Self(repeating: -1.0 / 5_040))
    s = multiplyAdd(s, z, Self(repeating: 1.0 / 120))
    s = multiplyAdd(s, z, Self(repeating: -1.0 / 6))
    s = multiplyAdd(s, z, Self(repeating: 1))
    var c = Self(repeating: 1.0 / 2_432_902_008_176_640_000)
    c = multiplyAdd(c, z, Self(repeating: -1.0 / 6_402_373_705_728_000))
    c = multiplyAdd(c, z, Self(repeating: 1.0 / 20_922_789_888_000))
    c = multiplyAdd(c, z, Self(repeating: -1.0 / 87_178_291_200))
    c = multiplyAdd(c, z, Self(repeating: 1.0 / 479_001_600))
    c = multiplyAdd(c, z, Self(repeating: -1.0 / 3_628_800))
    c = multiplyAdd(c, z, Self(repeating: 1.0 / 40_320))
    c = multiplyAdd(c, z, Self(repeating: -1.0 / 720))
    c = multiplyAdd(c, z, Self(repeating: 1.0 / 24))
    c = multiplyAdd(c, z, Self(repeating: -0.5))
    c = multiplyAdd(c, z, Self(repeating: 1))
    return (s * x, c)
  }
}

extension SIMD16 where Scalar == Float {
  /// ln a = e ln 2 + 2 artanh((m - 1)/(m + 1)) with m in [sqrt(1/2), sqrt 2).
  @inlinable @inline(__always)
  public static func log(_ a: Self) -> Self {
    let bits = unsafeBitCast(a, to: SIMD16<Int32>.self)
    let offset = bits &- SIMD16<Int32>(repeating: 0x3f35_04f3)
    let exponent = offset &>> 23
    let e = Self(exponent)
    let m = unsafeBitCast(bits &- (exponent &<< 23), to: Self.self)
    let s = (m - Self(repeating: 1)) / (m + Self(repeating: 1))
    let z = s * s
    var p = Self(repeating: 1.0 / 9)
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 7))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 5))
    p = multiplyAdd(p, z, Self(repeating: 1.0 / 3))
    p = multiplyAdd(p, z, Self(repeating: 1))
    return multiplyAdd(e, Self(repeating: 0.6931472), (s + s) * p)
  }

  /// Taylor series to the order that single precision needs at pi/2.
  @inlinable @inline(__always)
  public static func sineCosinePi(_ w: Self) -> (sine: Self, cosine: Self) {
    let x = w * Self(repeating: Float.pi)
    let z = x * x
    var s = Self(repeating: -1.0 / 39_916_800)
    s = multiplyAdd(s, z, Self(repeating: 1.0 / 362_880))
    s = multiplyAdd(s, z, Self(repeating: -1.0 / 5_040))
    s = multiplyAdd(s, z, Self(repeating: 1.0 / 120))
    s = multiplyAdd(s, z, Self(repeating: -1.0 / 6))
    s = multiplyAdd(s, z, Self(repeating: 1))
    var c = Self(repeating: 1.0 / 479_001_600)
    c = multiplyAdd(c, z, Self(repeating: -1.0 / 3_628_800))
    c = multiplyAdd(c, z, Self(repeating: 1.0 / 40_320))
    c = multiplyAdd(c, z, Self(repeating: -1.0 / 720))
    c = multiplyAdd(c, z, Self(repeating: 1.0 / 24))
    c = multiplyAdd(c, z, Self(repeating: -0.5))
    c = multiplyAdd(c, z, Self(repeating: 1))
    return (s * x, c)
  }
}
