import Compute
import Testing

@Suite("Vectors of lanes")
struct LaneVectorTests {
  func check<V: LaneVector>(_ type: V.Type) {
    let stream = RandomStream(seed: 7, purpose: .checks)
    for round in UInt32(0)..<50 {
      var (a, b, c) = (V.zero, V.zero, V.zero)
      for lane in 0..<V.scalarCount {
        let (u, v) = stream.uniforms(round, UInt32(lane))
        a[lane] = V.Scalar(4 * u - 2)
        b[lane] = V.Scalar(4 * v - 2)
        c[lane] = V.Scalar(u * v + 0.1)
      }
      let (sum, difference, product, quotient) = (a + b, a - b, a * b, a / b)
      let (fused, negated) = (multiplyAdd(a, b, c), negatedMultiplyAdd(a, b, c))
      let (root, minus) = (V.squareRoot(c), -a)
      let mask = V.greaterOrEqual(a, b)
      let chosen = V.select(mask, a, b)
      let inverse = V.select(V.not(mask), a, b)
      let bits = V.mask(bits: 0b1011_0010_1101)
      let some = V.select(bits, a, b)
      let either = V.select(V.or(mask, bits), a, b)
      for lane in 0..<V.scalarCount {
        let (x, y, z) = (a[lane], b[lane], c[lane])
        #expect(sum[lane] == x + y && difference[lane] == x - y)
        #expect(product[lane] == x * y && quotient[lane] == x / y)
        #expect(abs(fused[lane] - (x * y + z)) <= 4 * V.Scalar.ulpOfOne * (abs(x * y) + z))
        #expect(abs(negated[lane] - (z - x * y)) <= 4 * V.Scalar.ulpOfOne * (abs(x * y) + z))
        #expect(root[lane] == z.squareRoot() && minus[lane] == -x)
        #expect(chosen[lane] == max(x, y) && inverse[lane] == min(x, y))
        let bit = 0b1011_0010_1101 >> lane & 1 == 1
        #expect(some[lane] == (bit ? x : y))
        #expect(either[lane] == (bit || x >= y ? x : y))
      }
      #expect(V.all(mask) == (0..<V.scalarCount).allSatisfy { a[$0] >= b[$0] })
      #expect(V.all(V.greaterOrEqual(a, a)))
      #expect(V.all(V.mask(bits: V.allLaneBits)) && !V.all(bits))
    }
  }

  @Test("arithmetic, masks and selections lane by lane")
  func arithmetic() {
    check(SIMD8<Double>.self)
    check(SIMD16<Float>.self)
  }

  @Test("lane sums are exact and do not see the order")
  func laneSums() {
    let stream = RandomStream(seed: 9, purpose: .checks)
    let terms: [SIMD8<Double>] = (0..<5000).map { k in
      var v = SIMD8<Double>()
      for lane in 0..<8 {
        let (a, b) = stream.uniforms(UInt32(k), UInt32(lane))
        v[lane] = (a - 0.5) * (b < 0.1 ? 0x1p17 : 1)
      }
      return v
    }
    func sums(_ terms: some Sequence<SIMD8<Double>>) -> [Double] {
      var sum = LaneSum<SIMD8<Double>>()
      for term in terms { sum.add(term) }
      return (0..<8).map { lane in
        var total = ExactSum()
        sum.addLane(lane, to: &total)
        return total.value
      }
    }
    let forward = sums(terms)
    #expect(forward == sums(terms.reversed()))
    #expect(forward == sums(terms.sorted { $0[0] < $1[0] }))
    for lane in 0..<8 {
      let exact = exactSum(terms.map { $0[lane] })
      // Each term is rounded by less than 2^-49.
      #expect(abs(forward[lane] - exact) < 5000 * 0x1p-49 + exact.ulp)
    }
  }

  @Test("lane sums of floats are exact")
  func laneSumsOfFloats() {
    let stream = RandomStream(seed: 9, purpose: .checks)
    var sum = LaneSum<SIMD16<Float>>()
    var exact = [ExactSum](repeating: ExactSum(), count: 16)
    for k in UInt32(0)..<3000 {
      var v = SIMD16<Float>()
      for lane in 0..<16 {
        v[lane] = Float(stream.uniforms(k, UInt32(lane)).0) - 0.25
        // Floats of this size are multiples of 2^-48: nothing is rounded.
        v[lane] = (v[lane] * 0x1p20).rounded() * 0x1p-20
        exact[lane].add(Double(v[lane]))
      }
      sum.add(v)
    }
    for lane in 0..<16 {
      var total = ExactSum()
      sum.addLane(lane, to: &total)
      #expect(total.value == exact[lane].value)
    }
  }
}
