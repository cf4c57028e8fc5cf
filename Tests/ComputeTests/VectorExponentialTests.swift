import Compute
import Foundation
import Testing

@Suite("Vector exponentials against libm")
struct VectorExponentialTests {
  /// Arguments over the whole range, and small ones of every magnitude.
  static let arguments: [Double] = {
    let stream = RandomStream(seed: 3, purpose: .checks)
    var values = [0, 1, -1, 0.5, 709.7, 709.78, -707.9, -1e-300, 1e-20, 0.34657, 0.34658, -0.34658]
    for k in UInt32(0)..<40_000 {
      let (u, v) = stream.uniforms(k)
      values.append(1416 * (u - 0.5))
      values.append((v - 0.5) * exp2(-Double(k % 60)))
      values.append(172 * (v - 0.5))
    }
    return values
  }()

  @Test("exp and exp - 1 of doubles: 2 and 3 ulp")
  func doubles() {
    var worst = (0.0, 0.0)
    for x in Self.arguments {
      let (e, m) = (SIMD8<Double>.exp(SIMD8(repeating: x)), SIMD8.expMinusOne(SIMD8(repeating: x)))
      worst.0 = max(worst.0, abs(e[5] - Foundation.exp(x)) / Foundation.exp(x).ulp)
      worst.1 = max(worst.1, abs(m[2] - expm1(x)) / expm1(x).ulp)
    }
    #expect(worst.0 <= 2 && worst.1 <= 3, "\(worst)")
  }

  @Test("exp and exp - 1 of floats: 2 and 3 ulp")
  func floats() {
    var worst = (0.0, 0.0)
    for x in Self.arguments where x > -86.4 && x < 88.7 {
      let y = Float(x)
      guard y.isNormal else { continue }
      let (e, m) = (
        SIMD16<Float>.exp(SIMD16(repeating: y)), SIMD16.expMinusOne(SIMD16(repeating: y))
      )
      let (exact, minusOne) = (Foundation.exp(Double(y)), expm1(Double(y)))
      worst.0 = max(worst.0, abs(Double(e[9]) - exact) / Double(Float(exact).ulp))
      worst.1 = max(worst.1, abs(Double(m[2]) - minusOne) / Double(Float(minusOne).ulp))
    }
    #expect(worst.0 <= 2 && worst.1 <= 3, "\(worst)")
  }

  @Test func theEndsOfTheRange() {
    let x = SIMD8<Double>(-.infinity, -1e300, -709, 710, 1e300, .infinity, .nan, 0)
    let (e, m) = (SIMD8.exp(x), SIMD8.expMinusOne(x))
    for lane in 0..<3 { #expect(e[lane] == 0 && m[lane] == -1) }
    for lane in 3..<6 { #expect(e[lane] == .infinity && m[lane] == .infinity) }
    #expect(e[6].isNaN && m[6].isNaN && e[7] == 1 && m[7] == 0)
    var y = SIMD16<Float>(repeating: 0)
    (y[0], y[1], y[2], y[3], y[4]) = (-.infinity, -87, 89, .infinity, .nan)
    let (f, g) = (SIMD16.exp(y), SIMD16.expMinusOne(y))
    for lane in 0..<2 { #expect(f[lane] == 0 && g[lane] == -1) }
    for lane in 2..<4 { #expect(f[lane] == .infinity && g[lane] == .infinity) }
    #expect(f[4].isNaN && g[4].isNaN && f[5] == 1 && g[5] == 0)
  }
}
