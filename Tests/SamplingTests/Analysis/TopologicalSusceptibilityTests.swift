import Compute
import Foundation
import Lattice
import Loops
import Sampling
import Statistics
import Testing

@Suite("Topological susceptibility")
struct TopologicalSusceptibilityTests {
  @Test("moments, histogram and tunnelling by hand")
  func byHand() throws {
    let charges = [0.1, -0.9, -1.1, 1.9, 2.2, 0.4, -0.4, 0.0]
    let result = try TopologicalSusceptibility(charges, volume: 16)
    #expect(abs(result.charge.value - charges.reduce(0, +) / 8) < 1e-15)
    let square = charges.reduce(0) { $0 + $1 * $1 } / 8
    #expect(abs(result.susceptibility.value - square / 16) < 1e-15)
    let connected = (square - result.charge.value * result.charge.value) / 16
    #expect(result.connectedSusceptibility.map { abs($0.value - connected) < 1e-15 } ?? true)
    #expect(result.histogram.map(\.charge) == [-1, 0, 1, 2])
    #expect(result.histogram.map(\.count) == [2, 4, 0, 2])
    #expect(result.tunnellings == 3 && !result.isFrozen)
    // The border of chains is no tunnelling.
    let two = try TopologicalSusceptibility(
      replicas: [Array(charges[..<4]), Array(charges[4...])], volume: 16,
      method: GammaMethod(window: .fixed(0)))
    #expect(two.tunnellings == 3)
    #expect(two.histogram == result.histogram)
  }

  @Test("frozen chains are told, bad input is refused")
  func edges() throws {
    let frozen = try TopologicalSusceptibility([1, 1, 1, 1, 1], volume: 4)
    #expect(frozen.isFrozen && frozen.susceptibility.error == 0)
    #expect(frozen.susceptibility.value == 0.25)
    for (charges, volume) in [
      ([1.0, 2, 3], 4), ([1, 2, .nan, 4], 4), ([1, 2, 3, 4], 0), ([1, 2, 3, 1e300], 4), ([], 4),
    ] {
      #expect(throws: StatisticsError.self) {
        try TopologicalSusceptibility(charges, volume: volume)
      }
    }
  }

  /// Infinite volume at beta 2: <Q^2>/V = 0.0193640456279775, on 8^2 to 1e-9; 3.5 standard
  /// deviations, a false alarm in 1 of 2150 seeds.
  @Test("U(1) in two dimensions")
  func twoDimensions() throws {
    let action = try WilsonAction(beta: 2, dimension: 2)
    let members = 16
    var field = try LinkField<Double>(try Geometry([8, 8]), group: .u1, batch: members)
    field.setHaarRandom(seed: 60)
    let heatBath = HeatBath(action: action, seed: 61)
    var replicas = [[Double]](repeating: [], count: members)
    for sweep in 0..<1000 {
      heatBath.update(&field, sweep: UInt32(sweep))
      Overrelaxation(action: action).update(&field)
      guard sweep >= 100 else { continue }
      for (member, charge) in try #require(field.topologicalChargesOfMembers()).enumerated() {
        replicas[member].append(charge)
      }
    }
    let result = try TopologicalSusceptibility(replicas: replicas, volume: 64)
    let found = result.susceptibility
    #expect(abs(found.estimate.pull(from: 0.0193640456279775)) < 3.5, "\(found)")
    #expect(found.error < 6e-4)
    #expect(abs(result.charge.estimate.pull(from: 0)) < 3.5)
    #expect(result.histogram.reduce(0) { $0 + $1.count } == members * 900)
    #expect(!result.isFrozen)
    #expect(result.susceptibility.integratedAutocorrelationTime > 0.5)
  }
}
