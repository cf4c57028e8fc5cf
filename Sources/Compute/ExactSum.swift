/// A sum of doubles without rounding, so that the order of the terms cannot show.
///
/// A fixed-point number that spans the whole range of `Double` (Kulisch): 32-bit digits in 64-bit
/// words, carries propagated before they can overflow. `value` is the exact sum rounded once.
public struct ExactSum: Sendable {
  // Digit k has weight 2^(32 k - 1088): 1074 for the smallest subnormal, rounded up to digits.
  private static let digitCount = 68
  private var digits: [Int64]
  private var pendingCarries = 0
  private var special = 0.0

  /// Zero.
  public init() { digits = [Int64](repeating: 0, count: Self.digitCount) }

  /// Adds a number; infinities and NaN follow the arithmetic of `Double`.
  public mutating func add(_ x: Double) {
    if x == 0 { return }
    guard x.isFinite else {
      special += x
      return
    }
    let bits = x.bitPattern
    let biased = Int(bits >> 52 & 0x7ff)
    let fraction = bits & 0xf_ffff_ffff_ffff
    let significand = biased == 0 ? fraction : fraction | 1 << 52
    // x = significand * 2^(e - 1088)
    let e = max(biased, 1) - 1075 + 1088
    let digit = e >> 5
    let shift = UInt64(e & 31)
    let low = significand << shift
    let high = shift == 0 ? 0 : significand >> (64 - shift)
    let sign: Int64 = x < 0 ? -1 : 1
    digits[digit] += sign * Int64(low & 0xffff_ffff)
    digits[digit + 1] += sign * Int64(low >> 32)
    digits[digit + 2] += sign * Int64(high)
    pendingCarries += 1
    if pendingCarries == 1 << 29 { propagate() }
  }

  /// Adds another sum.
  public mutating func add(_ other: ExactSum) {
    special += other.special
    var other = other
    other.propagate()
    propagate()
    for k in digits.indices { digits[k] += other.digits[k] }
    propagate()
  }

  private mutating func propagate() {
    var carry: Int64 = 0
    for k in 0..<(Self.digitCount - 1) {
      let total = digits[k] + carry
      carry = total >> 32
      digits[k] = total & 0xffff_ffff
    }
    digits[Self.digitCount - 1] += carry
    pendingCarries = 0
  }

  /// The sum, correctly rounded to nearest (ties to even).
  public var value: Double {
    if special != 0 || special.isNaN { return special }
    var exact = self
    exact.propagate()
    let negative = exact.digits[Self.digitCount - 1] < 0
    if negative {
      for k in exact.digits.indices { exact.digits[k] = -exact.digits[k] }
      exact.propagate()
    }
    guard let top = exact.digits.lastIndex(where: { $0 != 0 }) else { return 0 }
    // 96 leading bits, and whether anything is left below them.
    func digit(_ k: Int) -> UInt64 { k >= 0 ? UInt64(exact.digits[k]) : 0 }
    var sticky = false
    if top > 2 { sticky = exact.digits[0..<(top - 2)].contains { $0 != 0 } }
    var wide = UInt128(digit(top)) << 64 | UInt128(digit(top - 1)) << 32 | UInt128(digit(top - 2))
    var exponent = 32 * (top - 2) - 1088
    // Subnormal results keep fewer bits.
    let length = 128 - wide.leadingZeroBitCount
    let drop = max(length - 53, -1074 - exponent)
    if drop > 0 {
      let mask = (UInt128(1) << UInt128(drop)) - 1
      let rest = wide & mask
      let half = UInt128(1) << UInt128(drop - 1)
      wide >>= UInt128(drop)
      exponent += drop
      if rest > half || rest == half && (sticky || wide & 1 == 1) { wide += 1 }
    }
    let magnitude = Double(
      sign: .plus, exponent: exponent, significand: Double(UInt64(truncatingIfNeeded: wide)))
    return negative ? -magnitude : magnitude
  }
}

/// The exact sum of a sequence, rounded once.
public func exactSum(_ values: some Sequence<Double>) -> Double {
  var sum = ExactSum()
  for value in values { sum.add(value) }
  return sum.value
}
