import Foundation
import SymmetryDetection
import Testing

@Suite("The centre")
struct CenterDescriptionTests {
  typealias Loop = (real: Double, imaginary: Double)

  /// Loops of magnitude 0.3 in sectors of Z_3, with Gaussian noise.
  static func ordered(_ sectors: [Int], noise: Double = 0.02) -> [Loop] {
    var generator = SystemLike(seed: 5)
    return sectors.map { k in
      let angle = 2 * Double.pi * Double(k) / 3
      return (
        0.3 * cos(angle) + noise * generator.normal(), 0.3 * sin(angle) + noise * generator.normal()
      )
    }
  }

  @Test("An ordered chain that changes sectors is counted")
  func tunnels() throws {
    let sectors = (0..<130).map { $0 / 10 % 3 }
    let center = try CenterDescription(polyakovLoops: [Self.ordered(sectors)], centerOrder: 3)
    #expect(center.phase == .ordered && center.sectorChanges == 12)
    #expect(center.summary == "ordered, tunnels 12 times")
    #expect((center.binderRatio - 1).magnitude < 0.1)
    #expect((center.meanMagnitude - 0.3).magnitude < 0.02)
    #expect((center.sectorShares.reduce(0, +) - 1).magnitude < 1e-12)
  }

  @Test("One that does not is frozen, and its <P> is not zero")
  func frozen() throws {
    let loops = Self.ordered([Int](repeating: 1, count: 100))
    let center = try CenterDescription(polyakovLoops: [loops], centerOrder: 3)
    #expect(center.summary == "ordered, frozen" && center.sectorShares[1] == 1)
    let result = try SymmetryDetector(draws: 199).detect([
      .polyakovLoop(chains: [loops], centerOrder: 3)
    ])
    #expect(result.tests.map(\.verdict) == [.broken])
    #expect(result.tests.map(\.irrep) == ["N-ality 1"])
  }

  @Test("Gaussian loops are disordered, complex and real", arguments: [2, 3])
  func disordered(_ n: Int) throws {
    var generator = SystemLike(seed: 7)
    let loops: [Loop] = (0..<400).map { _ in
      (0.02 * generator.normal(), n == 2 ? 0 : 0.02 * generator.normal())
    }
    let center = try CenterDescription(polyakovLoops: [loops], centerOrder: n)
    #expect(center.summary == "disordered")
    #expect(center.magnitudeHistogram.reduce(0, +) == 400)
    let expected = center.disorderedHistogram.reduce(0, +)
    #expect((390...400).contains(expected))
    let result = try SymmetryDetector(draws: 199).detect([
      .polyakovLoop(chains: [loops], centerOrder: n)
    ])
    #expect(result.tests.map(\.verdict) == [.notSeenBroken])
  }

  @Test("Too few loops, NaN, zero loops and a centre of one element are refused")
  func refusals() {
    let loops = [Loop](repeating: (0.1, 0.2), count: 20)
    #expect(throws: DetectionError.self) {
      try CenterDescription(polyakovLoops: [Array(loops.prefix(3))], centerOrder: 3)
    }
    #expect(throws: DetectionError.self) {
      try CenterDescription(polyakovLoops: [loops], centerOrder: 1)
    }
    #expect(throws: DetectionError.constantObservable(observable: "the Polyakov loop")) {
      try CenterDescription(
        polyakovLoops: [[Loop](repeating: (0, 0), count: 20)], centerOrder: 3)
    }
    #expect(
      throws: DetectionError.nonFiniteSample(
        observable: "the Polyakov loop", chain: 0, sample: 20, component: 1)
    ) {
      try CenterDescription(polyakovLoops: [loops + [(0, .nan)]], centerOrder: 3)
    }
  }
}

/// Normal numbers from a linear congruence, enough for loops.
struct SystemLike {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Double(state >> 11) + 0.5) * 0x1p-53
  }

  mutating func normal() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
  }
}
