import Foundation
import Groups
import SymmetryDetection
import Testing

@Suite("The centre")
struct CenterDescriptionTests {
  typealias Loop = (real: Double, imaginary: Double)

  /// Loops of magnitude 0.3 in sectors of Z_3, with Gaussian noise.
  static func ordered(_ sectors: [Int]) throws -> [Loop] {
    zip(sectors, try noise(sectors.count, seed: 5)).map { k, noise in
      let angle = 2 * Double.pi * Double(k) / 3
      return (0.3 * cos(angle) + noise.real, 0.3 * sin(angle) + noise.imaginary)
    }
  }

  /// Gaussian loops of deviation 0.02.
  static func noise(_ count: Int, seed: UInt64) throws -> [Loop] {
    let vector = try Representation.vector(FiniteGroup(named: "B2"))
    return try SyntheticEnsemble(vector, mean: [0, 0]).samples(count: count, seed: seed)
      .map { (0.02 * $0[0], 0.02 * $0[1]) }
  }

  @Test("An ordered chain that changes sectors is counted")
  func tunnels() throws {
    let sectors = (0..<130).map { $0 / 10 % 3 }
    let center = try CenterDescription(polyakovLoops: [try Self.ordered(sectors)], centerOrder: 3)
    #expect(center.phase == .ordered && center.sectorChanges == 12)
    #expect(center.summary == "ordered, tunnels 12 times")
    #expect((center.binderRatio - 1).magnitude < 0.1)
    #expect((center.meanMagnitude - 0.3).magnitude < 0.02)
    #expect((center.sectorShares.reduce(0, +) - 1).magnitude < 1e-12)
  }

  @Test("One that does not is frozen, and its <P> tells nothing")
  func frozen() throws {
    let loops = try Self.ordered([Int](repeating: 1, count: 100))
    let center = try CenterDescription(polyakovLoops: [loops], centerOrder: 3)
    #expect(center.summary == "ordered, frozen" && center.sectorShares[1] == 1)
    let result = try SymmetryDetector(draws: 199).detect([
      .polyakovLoop(chains: [loops], centerOrder: 3)
    ])
    #expect(result.tests.map(\.verdict) == [.tooLittleData])
    #expect(result.tests.map(\.irrep) == ["N-ality 1"])
    #expect(result.tests[0].pValue == nil && result.tests[0].note?.hasPrefix("0 changes") == true)
  }

  @Test("A mean of a chain that changes sectors is an explicit breaking")
  func explicit() throws {
    // Two thirds of the time in one sector; false alarms at one seed in twenty.
    let loops = try Self.ordered((0..<120).map { [0, 0, 1, 0, 2, 0][$0 % 6] })
    let result = try SymmetryDetector(draws: 199).detect([
      .polyakovLoop(chains: [loops], centerOrder: 3)
    ])
    #expect(result.tests.map(\.verdict) == [.broken])
  }

  @Test("Gaussian loops are disordered, complex and real", arguments: [2, 3])
  func disordered(_ n: Int) throws {
    let loops = try Self.noise(400, seed: 7).map { ($0.real, n == 2 ? 0 : $0.imaginary) }
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
