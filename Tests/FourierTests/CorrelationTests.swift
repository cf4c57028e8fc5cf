import ComplexModule
import Foundation
import Fourier
import Lattice
import TestSupport
import Testing

@Suite("Correlations by transforms")
struct CorrelationTests {
  @Test("they are the sums over sites", arguments: [[4, 5], [3, 2, 4]])
  func sums(extents: [Int]) throws {
    var generator = SplitMix64(seed: 11)
    let geometry = try Geometry(extents)
    var fields = try [
      PositionField<Double>(geometry, channels: 2, batch: 2),
      PositionField<Double>(geometry, channels: 2, batch: 2),
    ]
    for k in 0..<2 {
      for m in 0..<2 {
        for c in 0..<2 {
          for x in 0..<geometry.volume {
            fields[k][x, c, m] = .random(in: -1...1, using: &generator)
          }
        }
      }
    }
    let correlation = try fields[0].correlation(with: fields[1])
    for m in 0..<2 {
      for c in 0..<2 {
        for r in 0..<geometry.volume {
          var sum = 0.0
          for x in 0..<geometry.volume {
            let y = zip(geometry.coordinates(of: x), geometry.coordinates(of: r)).map { $0 + $1 }
            sum += fields[0][x, c, m] * fields[1][geometry.site(at: y), c, m]
          }
          #expect(abs(correlation[r, c, m] - sum / Double(geometry.volume)) < 1e-14)
        }
      }
    }
    // Slices: the correlation of sums over slices.
    let last = geometry.dimension - 1
    let slices = fields.map { $0.sliceSums(direction: last, channel: 1, member: 1) }
    let extent = geometry.extents[last]
    let got = correlation.sliceSums(direction: last, channel: 1, member: 1)
    for t in 0..<extent {
      let sum = (0..<extent).reduce(0.0) { $0 + slices[0][$1] * slices[1][($1 + t) % extent] }
      #expect(abs(got[t] - sum / Double(geometry.volume)) < 1e-13)
    }
    #expect(throws: FourierError.self) {
      try fields[0].correlation(with: PositionField(geometry))
    }
  }

  @Test(
    "the structure factor of a plane wave stands at its momentum; a free field has its correlation length"
  )
  func structure() throws {
    let geometry = try Geometry([8, 6])
    var field = try PositionField<Double>(geometry)
    for x in 0..<geometry.volume {
      field[x] = cos(2 * Double.pi * 2 * Double(geometry.coordinates(of: x)[0]) / 8)
    }
    let transform = try field.fourierTransform()
    #expect(abs(transform.structureFactor([2, 0]) - 48 / 4) < 1e-12)
    #expect(transform.structureFactor([1, 0]) < 1e-25)
    // chi(p) = 1 / (m^2 + p^2): xi = 1 / m exactly.
    let momenta = LatticeMomenta(geometry)
    let m = 0.7
    let chi = { (k: [Int]) in 1 / (m * m + momenta.latticeMomentumSquared(k)) }
    let length = secondMomentCorrelationLength(
      zero: chi([0, 0]), smallest: chi([1, 0]), extent: 8)
    #expect(abs(length! - 1 / m) < 1e-13)
    #expect(secondMomentCorrelationLength(zero: 1, smallest: 2, extent: 8) == nil)
  }
}
