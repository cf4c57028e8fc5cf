import Compute
import Foundation
import Testing

/// Distance in units in the last place of the reference.
private func ulps(_ found: Double, _ exact: Double) -> Double {
  exact == 0 ? (found == 0 ? 0 : .infinity) : abs(found - exact) / exact.ulp
}
private func ulps(_ found: Float, _ exact: Double) -> Double {
  exact == 0 ? (found == 0 ? 0 : .infinity) : abs(Double(found) - exact) / Double(Float(exact).ulp)
}

@Suite("Vector functions against libm")
struct VectorMathTests {
  static let logArguments: [Double] = {
    let stream = RandomStream(seed: 1, purpose: .checks)
    var values = [
      Double.leastNormalMagnitude, .greatestFiniteMagnitude, 1, 1 + .ulpOfOne,
      1 - .ulpOfOne / 2, 0x1p-53, 0x1p-33, 2, 0.5, 0.5.squareRoot(), 2.squareRoot(),
      0.5.squareRoot().nextDown, 0.5.squareRoot().nextUp, 2.squareRoot().nextUp, M_E, 10,
    ]
    for k in UInt32(0)..<40_000 {
      let (u, v) = stream.uniforms(k)
      values.append(u)
      values.append(1 + (v - 0.5) * exp2(-Double(k % 50)))
      values.append(scalbn(1 + u, Int(2000 * (v - 0.5))))
    }
    return values
  }()

  @Test("log of doubles over all normal numbers: 3 ulp")
  func logOfDoubles() {
    var worst = 0.0
    for x in Self.logArguments where x.isNormal {
      worst = max(worst, ulps(SIMD8<Double>.log(SIMD8(repeating: x))[3], Foundation.log(x)))
    }
    #expect(worst <= 3)
  }

  @Test("log of floats over all normal numbers: 3 ulp")
  func logOfFloats() {
    var worst = 0.0
    for x in Self.logArguments {
      let y = Float(x)
      guard y.isNormal else { continue }
      worst = max(
        worst, ulps(SIMD16<Float>.log(SIMD16(repeating: y))[3], Foundation.log(Double(y))))
    }
    #expect(worst <= 3)
  }

  /// Near the zeros of the cosine the rounding of pi w shows, so its accuracy is an absolute one.
  @Test("sine of pi w: 3 ulp; cosine: 4 ulp of 1")
  func sineAndCosine() {
    let stream = RandomStream(seed: 2, purpose: .checks)
    var arguments = [0, 0.5, -0.5, 0.25, -0.25, 1.0 / 3, 1e-300, -1e-10, 0.4999999999999999]
    for k in UInt32(0)..<50_000 {
      let (u, v) = stream.uniforms(k)
      arguments.append(u - 0.5)
      arguments.append((v - 0.5) * exp2(-Double(k % 60)))
    }
    var (sine, cosine, unit) = (0.0, 0.0, 0.0)
    var (sineSingle, cosineSingle) = (0.0, 0.0)
    for w in arguments {
      let (s, c) = SIMD8<Double>.sineCosinePi(SIMD8(repeating: w))
      // Exact to a double by reduction to an eighth of the circle.
      let a = abs(w)
      let exactSine = a <= 0.25 ? sin(.pi * w) : copysign(cos(.pi * (0.5 - a)), w)
      let exactCosine = a <= 0.25 ? cos(.pi * w) : sin(.pi * (0.5 - a))
      sine = max(sine, ulps(s[1], exactSine))
      cosine = max(cosine, abs(c[1] - exactCosine))
      unit = max(unit, abs(s[2] * s[2] + c[2] * c[2] - 1))
      let f = Float(w)
      let (p, q) = SIMD16<Float>.sineCosinePi(SIMD16(repeating: f))
      if f.isNormal || f == 0 { sineSingle = max(sineSingle, ulps(p[9], sin(.pi * Double(f)))) }
      cosineSingle = max(cosineSingle, abs(Double(q[9]) - cos(.pi * Double(f))))
    }
    #expect(sine <= 3)
    #expect(cosine <= 4 * 0x1p-53)
    #expect(unit <= 8 * 0x1p-53)
    #expect(sineSingle <= 3)
    #expect(cosineSingle <= 4 * 0x1p-24)
  }
}
