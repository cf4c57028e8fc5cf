// The exponential of a vector, accurate to 2 units in the last place, and exp(a) - 1 to 3.
// a = n ln 2 + r with |r| <= ln 2 / 2; exp(r) - 1 by its Taylor series; exp(a) = 2^n (1 + that).

extension SIMD8 where Scalar == Double {
  /// 2^(n - 1) and exp(r) - 1 for arguments from -708 to 710; others are replaced by the nearer
  /// end, except those that are no numbers.
  @inlinable @inline(__always)
  static func reducedExponential(_ a: Self) -> (half: Self, fraction: Self) {
    let (low, high) = (Self(repeating: -708), Self(repeating: 710))
    let a = select(greaterOrEqual(low, a), low, select(greaterOrEqual(a, high), high, a))
    // Adding 1.5 2^52 rounds to an integer, which stands, biased, in the low bits of the sum.
    let magic = Self(repeating: 0x1.8p52 + 1022)
    let shifted = multiplyAdd(a, Self(repeating: 1.4426950408889634), magic)
    let n = shifted - magic
    let half = unsafeBitCast(unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52, to: Self.self)
    // ln 2 in two parts; the first times n is exact.
    let near = negatedMultiplyAdd(n, Self(repeating: 0x1.62e42feep-1), a)
    let r = negatedMultiplyAdd(n, Self(repeating: 0x1.a39ef35793c76p-33), near)
    var p = Self(repeating: 1.0 / 6_227_020_800)
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 479_001_600))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 39_916_800))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 3_628_800))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 362_880))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 40_320))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 5_040))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 720))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 120))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 24))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 6))
    p = multiplyAdd(p, r, Self(repeating: 0.5))
    return (half, multiplyAdd(p, r * r, r))
  }

  @inlinable @inline(__always)
  public static func exp(_ a: Self) -> Self {
    let (half, fraction) = reducedExponential(a)
    let value = multiplyAdd(fraction, half, half)
    return select(greaterOrEqual(Self(repeating: -708), a), .zero, value + value)
  }

  @inlinable @inline(__always)
  public static func expMinusOne(_ a: Self) -> Self {
    let (half, fraction) = reducedExponential(a)
    let value = multiplyAdd(fraction, half, half - Self(repeating: 0.5))
    return value + value
  }
}

extension SIMD16 where Scalar == Float {
  /// 2^(n - 1) and exp(r) - 1 for arguments from -86.5 to 89; others are replaced by the nearer
  /// end, except those that are no numbers.
  @inlinable @inline(__always)
  static func reducedExponential(_ a: Self) -> (half: Self, fraction: Self) {
    let (low, high) = (Self(repeating: -86.5), Self(repeating: 89))
    let a = select(greaterOrEqual(low, a), low, select(greaterOrEqual(a, high), high, a))
    let magic = Self(repeating: 0x1.8p23 + 126)
    let shifted = multiplyAdd(a, Self(repeating: 1.442695), magic)
    let n = shifted - magic
    let half = unsafeBitCast(unsafeBitCast(shifted, to: SIMD16<Int32>.self) &<< 23, to: Self.self)
    let near = negatedMultiplyAdd(n, Self(repeating: 0.693359375), a)
    let r = negatedMultiplyAdd(n, Self(repeating: -2.1219444e-4), near)
    var p = Self(repeating: 1.0 / 5_040)
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 720))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 120))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 24))
    p = multiplyAdd(p, r, Self(repeating: 1.0 / 6))
    p = multiplyAdd(p, r, Self(repeating: 0.5))
    return (half, multiplyAdd(p, r * r, r))
  }

  @inlinable @inline(__always)
  public static func exp(_ a: Self) -> Self {
    let (half, fraction) = reducedExponential(a)
    let value = multiplyAdd(fraction, half, half)
    return select(greaterOrEqual(Self(repeating: -86.5), a), .zero, value + value)
  }

  @inlinable @inline(__always)
  public static func expMinusOne(_ a: Self) -> Self {
    let (half, fraction) = reducedExponential(a)
    let value = multiplyAdd(fraction, half, half - Self(repeating: 0.5))
    return value + value
  }
}
