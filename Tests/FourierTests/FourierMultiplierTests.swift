import Compute
import Foundation
import Fourier
import Lattice
import TestSupport
import Testing

@Suite("Multiplication in momentum space")
struct FourierMultiplierTests {
  /// Lattices with whole and idle lanes, members in lanes and beyond them.
  static let cases: [([Int], Int)] = [
    ([4, 4], 1), ([5, 3], 3), ([8, 6], 2), ([3, 3, 5], 11), ([4, 2, 3, 4], 1), ([8, 8, 8, 8], 1),
  ]

  private func random<S: FourierReal>(
    _ extents: [Int], channels: Int, batch: Int, of: S.Type
  ) throws -> ScalarField<S> {
    var generator = SplitMix64(seed: 3)
    var field = try ScalarField<S>(Geometry(extents), channels: channels, batch: batch)
    for member in 0..<batch {
      for c in 0..<channels {
        for site in 0..<field.geometry.volume {
          field[site, c, member] = .random(in: -1...1, using: &generator)
        }
      }
    }
    return field
  }

  /// The largest difference to a transform forth, factors, and a transform back.
  private func difference<S: FourierReal>(
    _ extents: [Int], _ batch: Int, of: S.Type
  ) throws -> Double {
    let field: ScalarField<S> = try random(extents, channels: 3, batch: batch, of: S.self)
    let momenta = LatticeMomenta(field.geometry)
    func factor(_ k: [Int]) -> Double { 1 / (0.3 + momenta.latticeMomentumSquared(k)) }
    let found = try FourierMultiplier<S>(field.geometry, factor)(field)
    var transform = try PositionField(field).fourierTransform()
    transform.scale(by: factor)
    let expected = try transform.inverseFourierTransform()
    var worst = 0.0
    for member in 0..<batch {
      for c in 0..<3 {
        for site in 0..<field.geometry.volume {
          worst = max(worst, abs(found[site, c, member] - Double(expected[site, c, member])))
        }
      }
    }
    return worst
  }

  @Test("it is a transform, factors and a transform back, in all lanes", arguments: cases)
  func product(extents: [Int], batch: Int) throws {
    #expect(try difference(extents, batch, of: Double.self) < 1e-14)
    #expect(try difference(extents, batch, of: Float.self) < 2e-6)
  }

  @Test("the inverse of the massive Laplacian solves its equation; one is the unit")
  func inverse() throws {
    let field = try random([5, 4, 6], channels: 1, batch: 1, of: Double.self)
    let geometry = field.geometry
    let momenta = LatticeMomenta(geometry)
    let solution = try FourierMultiplier<Double>(geometry) {
      1 / (0.2 + momenta.latticeMomentumSquared($0))
    }(field)
    let same = try FourierMultiplier<Double>(geometry) { _ in 1 }(field)
    for site in 0..<geometry.volume {
      let applied = (0..<3).reduce((0.2 + 6) * solution[site]) { sum, mu in
        sum - solution[geometry.neighbour(of: site, direction: mu)]
          - solution[geometry.neighbour(of: site, direction: mu, steps: -1)]
      }
      #expect(abs(applied - field[site]) < 1e-13)
      #expect(abs(same[site] - field[site]) < 1e-14)
    }
  }

  @Test("no bit depends on threads")
  func threads() throws {
    defer { Threads.count = 2 }
    let field = try random([12, 10, 9], channels: 5, batch: 2, of: Double.self)
    let smoothing = try FourierMultiplier<Double>(field.geometry, effort: .estimate) { _ in 0.7 }
    let first = smoothing(field)
    for threads in [1, 3] {
      Threads.count = threads
      let again = smoothing(field)
      for c in 0..<5 {
        for site in 0..<field.geometry.volume { #expect(again[site, c, 1] == first[site, c, 1]) }
      }
    }
  }

  @Test("factors that are not finite are refused")
  func refusal() throws {
    let geometry = try Geometry([4, 4])
    let momenta = LatticeMomenta(geometry)
    #expect(throws: FourierError.self) {
      try FourierMultiplier<Double>(geometry) { 1 / momenta.latticeMomentumSquared($0) }
    }
    #expect(throws: FourierError.self) { try FourierMultiplier<Float>(geometry) { _ in 1e300 } }
  }
}
