import Compute
import Foundation
import Testing

/// An integer of many 32-bit digits, plain and slow: a sum of doubles times 2^1074.
private struct BigSum {
  var positive = [UInt64](repeating: 0, count: 72)
  var negative = [UInt64](repeating: 0, count: 72)

  mutating func add(_ x: Double) {
    guard x != 0 else { return }
    let exponent = max(x.exponentBitPattern, 1) - 1
    let significand = x.significandBitPattern | (x.isNormal ? 1 << 52 : 0)
    func place(_ digits: inout [UInt64]) {
      for bit in 0..<53 where significand >> UInt64(bit) & 1 == 1 {
        var k = (Int(exponent) + bit) / 32
        var carry = UInt64(1) << UInt64((Int(exponent) + bit) % 32)
        while carry != 0 {
          let total = digits[k] + carry
          digits[k] = total & 0xffff_ffff
          carry = total >> 32
          k += 1
        }
      }
    }
    if x > 0 { place(&positive) } else { place(&negative) }
  }

  /// The sum rounded to nearest, ties to even, bit by bit.
  var value: Double {
    var (a, b, sign) = (positive, negative, 1.0)
    let order = zip(a, b).reversed().first { $0 != $1 }
    guard let order else { return 0 }
    if order.0 < order.1 { (a, b, sign) = (b, a, -1.0) }
    var borrow: Int64 = 0
    for k in a.indices {
      var d = Int64(a[k]) - Int64(b[k]) - borrow
      borrow = d < 0 ? 1 : 0
      if d < 0 { d += 1 << 32 }
      a[k] = UInt64(d)
    }
    func bit(_ k: Int) -> UInt64 { k < 0 ? 0 : a[k / 32] >> UInt64(k % 32) & 1 }
    let top = (0..<(72 * 32)).last { bit($0) == 1 }!
    let lowest = max(top - 52, 0)
    var significand: UInt64 = 0
    for k in (lowest...top).reversed() { significand = significand << 1 | bit(k) }
    if bit(lowest - 1) == 1,
      significand & 1 == 1 || (0..<max(lowest - 1, 0)).contains(where: { bit($0) == 1 })
    {
      significand += 1
    }
    return sign * scalbn(Double(significand), lowest - 1074)
  }
}

@Suite("Exact sums")
struct ExactSumTests {
  /// Numbers over a range of exponents, of both signs.
  func numbers(_ count: Int, seed: UInt64, exponents: ClosedRange<Double>) -> [Double] {
    let stream = RandomStream(seed: seed, purpose: .checks)
    return (0..<count).map { k in
      let (a, b) = stream.uniforms(UInt32(k))
      let (c, _) = stream.uniforms(UInt32(k), 1)
      let e = exponents.lowerBound + (exponents.upperBound - exponents.lowerBound) * b
      return scalbn((1 + a) * (c < 0.5 ? 1 : -1), Int(e))
    }
  }

  @Test(
    "against long integers, in any order",
    arguments: [
      -1074.0...(-1000.0), -1074.0...1000.0, -60.0...60.0, -3.0...3.0, 950.0...1010.0,
      -1030.0...(-1015.0),
    ])
  func longIntegers(_ exponents: ClosedRange<Double>) {
    for seed in UInt64(0)..<40 {
      let values = numbers(Int(2 + 5 * seed), seed: seed, exponents: exponents)
      var big = BigSum()
      for x in values { big.add(x) }
      let expected = big.value
      #expect(exactSum(values) == expected)
      #expect(exactSum(values.reversed()) == expected)
      #expect(exactSum(values.sorted()) == expected)
      var halves = (ExactSum(), ExactSum())
      for (k, x) in values.enumerated() { k % 3 == 0 ? halves.0.add(x) : halves.1.add(x) }
      halves.0.add(halves.1)
      #expect(halves.0.value == expected)
      // A sum less itself is zero, and less its rounded value what was rounded off.
      #expect(exactSum(values + values.map { -$0 }) == 0)
    }
  }

  @Test("huge and tiny numbers cancel without a trace")
  func cancellation() {
    #expect(exactSum([1e300, 1, -1e300]) == 1)
    #expect(exactSum([1e308, 5e-324, -1e308]) == 5e-324)
    #expect(exactSum([0x1p1023, 0x1p1023, -0x1p1023, -0x1p1023, 3]) == 3)
    #expect(exactSum([1, 0x1p-53]) == 1)
    #expect(exactSum([1, 0x1p-53, 0x1p-1074]) == 1 + 0x1p-52)
    #expect(exactSum([1 + 0x1p-52, 0x1p-53]) == 1 + 0x1p-51)
    #expect(exactSum([-1, -0x1p-53, -0x1p-1074]) == -1 - 0x1p-52)
  }

  @Test("subnormal results and rounding into them")
  func subnormals() {
    let tiny = Double.leastNonzeroMagnitude
    #expect(exactSum([tiny, tiny, tiny]) == 3 * tiny)
    #expect(exactSum([-tiny, tiny]) == 0)
    #expect(exactSum([.leastNormalMagnitude, -tiny]) == Double.leastNormalMagnitude.nextDown)
    #expect(exactSum([.leastNormalMagnitude.nextDown, tiny]) == Double.leastNormalMagnitude)
  }

  @Test("special values follow the arithmetic of Double")
  func special() {
    #expect(exactSum([1, .infinity]) == .infinity)
    #expect(exactSum([-.infinity, 1]) == -.infinity)
    #expect(exactSum([.infinity, -.infinity]).isNaN)
    #expect(exactSum([.nan, 1]).isNaN)
    #expect(exactSum([]) == 0)
    #expect(exactSum([.greatestFiniteMagnitude, .greatestFiniteMagnitude]) == .infinity)
  }

  @Test("many terms: carries are propagated")
  func manyTerms() {
    var sum = ExactSum()
    for _ in 0..<3_000_000 { sum.add(Double.greatestFiniteMagnitude * 0x1p-40) }
    for _ in 0..<3_000_000 { sum.add(-Double.greatestFiniteMagnitude * 0x1p-40) }
    sum.add(0.1)
    #expect(sum.value == 0.1)
  }

  @Test("the value of a lane is its exact sum, rounded once")
  func lanes() {
    let stream = RandomStream(seed: 3, purpose: .checks)
    var sum = LaneSum<Double.Lanes>()
    for k in 0..<UInt32(1000) {
      var x = Double.Lanes.zero
      for lane in 0..<Double.Lanes.scalarCount {
        let (u, v) = stream.uniforms(k, UInt32(lane))
        x[lane] = (u - 0.5) * (v < 0.1 ? 6e4 : v < 0.5 ? 1 : 1e-9)
      }
      sum.add(x)
      for lane in 0..<Double.Lanes.scalarCount {
        var exact = ExactSum()
        sum.addLane(lane, to: &exact)
        #expect(sum.value(lane: lane).bitPattern == exact.value.bitPattern)
      }
    }
  }
}
