import Compute
import Testing

@Suite("Counter-based random numbers")
struct RandomStreamTests {
  @Test("known answers of Philox4x32-10 (Random123)")
  func knownAnswers() {
    #expect(
      philox(SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      philox(SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      philox(
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("eight counters at once are eight counters")
  func vectors() {
    let key = SIMD2<UInt32>(0xa409_3822, 0x299f_31d0)
    for round in 0..<200 {
      var (site, member) = (SIMD8<UInt64>(), SIMD8<UInt64>())
      for lane in 0..<8 {
        site[lane] = UInt64(0xffff_ffff - UInt32(97 * round + 11 * lane))
        member[lane] = UInt64(UInt32(truncatingIfNeeded: 0x9e37_79b9 &* (8 * round + lane)))
      }
      let sweep = UInt32(truncatingIfNeeded: 0x1234_5678 &* round)
      let tag = UInt32(truncatingIfNeeded: 0x8765_4321 &* (round + 1))
      let words = philox(site, member, sweep, tag, key: key)
      for lane in 0..<8 {
        let one = philox(
          SIMD4(UInt32(site[lane]), UInt32(member[lane]), sweep, tag), key: key)
        #expect(
          SIMD4(words.0[lane], words.1[lane], words.2[lane], words.3[lane])
            == SIMD4<UInt64>(truncatingIfNeeded: one))
      }
    }
  }

  @Test("streams of different seeds and purposes differ")
  func keys() {
    var keys = Set<SIMD2<UInt32>>()
    for seed in UInt64(0)..<100 {
      for purpose in [RandomStream.Purpose.heatBath, .momenta, .haarField] {
        keys.insert(RandomStream(seed: seed << 32 | seed, purpose: purpose).key)
        keys.insert(RandomStream(seed: seed, purpose: purpose).key)
      }
    }
    // seed 0 counts once.
    #expect(keys.count == 3 * 199)
  }

  /// Mean, variance and correlation of uniforms within 5 standard errors: false alarm below 1e-5.
  @Test("uniform numbers of a block: range, moments, and the scalar stream where they share words")
  func uniforms() {
    func moments(_ values: [[Double]]) {
      for series in values {
        let count = Double(series.count)
        let mean = series.reduce(0, +) / count
        let square = series.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / count
        #expect(series.allSatisfy { $0 > 0 && $0 <= 1 })
        #expect(abs(mean - 0.5) < 5 * (1 / 12 / count).squareRoot())
        #expect(abs(square - 1.0 / 12) < 5 * (1 / 180 / count).squareRoot())
      }
      for i in values.indices {
        for j in 0..<i {
          let count = Double(values[i].count)
          let correlation =
            zip(values[i], values[j]).reduce(0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) } / count
          #expect(abs(correlation) < 5 / 12 / count.squareRoot())
        }
      }
    }
    let stream = RandomStream(seed: 42, purpose: .checks)
    var double = [[Double]](repeating: [], count: 4)
    var single = [[Double]](repeating: [], count: 4)
    for block in 0..<2000 {
      var site = (SIMD8<UInt64>(), SIMD8<UInt64>())
      for lane in 0..<8 {
        site.0[lane] = UInt64(16 * block + lane)
        site.1[lane] = UInt64(16 * block + 8 + lane)
      }
      let place = RandomPlace(
        site: site, member: (.zero, .zero), sweep: 3, direction: 2, stage: 1, key: stream.key)
      let d = SIMD8<Double>.uniforms(place, draw: 5)
      let f = SIMD16<Float>.uniforms(place, draw: 5)
      for lane in 0..<8 {
        for (k, u) in [d.0, d.1, d.2, d.3].enumerated() { double[k].append(u[lane]) }
        let (a, b) = stream.uniforms(UInt32(site.0[lane]), 0, 3, place.tag | 10)
        #expect(a == d.0[lane] && b == d.1[lane])
      }
      for lane in 0..<16 {
        for (k, u) in [f.0, f.1, f.2, f.3].enumerated() { single[k].append(Double(u[lane])) }
      }
    }
    moments(double)
    moments(single)
  }
}
