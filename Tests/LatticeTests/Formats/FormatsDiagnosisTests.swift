import Foundation
import Lattice
import TestSupport
import Testing

/// Links stored in odd ways are found out.
@Suite struct FormatsDiagnosis {
  /// The bytes of a field with axes in any order, behind a header of nonsense.
  private func store(
    _ field: LinkField<Double>, sites: [Int], directions: [Int], muOutside: Bool, dagger: Bool,
    single: Bool, little: Bool, header: Int
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xA7, count: header)
    let e = field.geometry.extents
    let d = e.count
    func append(_ value: Double) {
      var b =
        single
        ? withUnsafeBytes(of: Float(value).bitPattern.bigEndian) { Array($0) }
        : withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) }
      if little { b.reverse() }
      bytes += b
    }
    func link(_ rank: Int, _ mu: Int) {
      var rest = rank
      var x = [Int](repeating: 0, count: d)
      for axis in sites {
        x[axis] = rest % e[axis]
        rest /= e[axis]
      }
      let u = field[field.geometry.site(at: x), directions[mu]]
      for z in (dagger ? u.adjoint : u).elements {
        append(z.real)
        append(z.imaginary)
      }
    }
    if muOutside {
      for mu in 0..<d { for rank in 0..<field.geometry.volume { link(rank, mu) } }
    } else {
      for rank in 0..<field.geometry.volume { for mu in 0..<d { link(rank, mu) } }
    }
    return bytes
  }

  /// Smooth links after a random gauge transformation: only related links make a large plaquette.
  private func roughGauge(_ extents: [Int]) throws -> LinkField<Double> {
    var field = try randomField(extents, .su3, unit: 4, as: Double.self)
    var generator = SplitMix64(seed: 9)
    let g = (0..<field.geometry.volume).map { _ in randomMatrix(3, 0, &generator) }
    for site in g.indices {
      for mu in extents.indices {
        let next = field.geometry.neighbour(of: site, direction: mu)
        field[site, mu] = g[site] * field[site, mu] * g[next].adjoint
      }
    }
    return field
  }

  @Test func namesTheOrder() throws {
    let field = try roughGauge([4, 2, 3, 6])
    let usual = store(
      field, sites: [0, 1, 2, 3], directions: [0, 1, 2, 3], muOutside: false, dagger: false,
      single: false, little: true, header: 24)
    var found = try ConfigurationDiagnosis.diagnose(
      MemorySource(usual), group: .su3, extents: [4, 2, 3, 6])[0]
    #expect(found.order == "t z y x mu row col re/im (fastest last)")
    #expect(found.byteOrder == .little && found.bits == 64 && found.offset == 24)
    #expect(!found.dagger && found.sensible)
    #expect(abs(found.plaquette - field.plaquette()) < 1e-12)
    #expect(found.unitarityViolation < 1e-12)

    let odd = store(
      field, sites: [3, 2, 1, 0], directions: [3, 0, 1, 2], muOutside: true, dagger: true,
      single: true, little: false, header: 0)
    found = try ConfigurationDiagnosis.diagnose(
      MemorySource(odd), group: nil, extents: [4, 2, 3, 6])[0]
    #expect(found.order.hasPrefix("mu x y z t row col re/im, mu = t x y z (fastest last)"))
    #expect(found.byteOrder == .big && found.bits == 32 && found.offset == 0)
    #expect(found.dagger && found.sensible)
    #expect(abs(found.plaquette - field.plaquette()) < 1e-6)
  }

  @Test func saysWhenNothingFits() throws {
    var generator = SplitMix64(seed: 3)
    let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let findings = try ConfigurationDiagnosis.diagnose(
      MemorySource(noise), group: .su2, extents: [4, 4, 4])
    #expect(findings.allSatisfy { !$0.sensible })
    let small = configurationError {
      _ = try ConfigurationDiagnosis.diagnose(
        MemorySource([1, 2, 3]), group: .su2, extents: [4, 4, 4])
    }
    #expect(small?.exitStatus == 65)
    let unknown = configurationError {
      _ = try ConfigurationDiagnosis.diagnose(MemorySource(noise), group: nil, extents: nil)
    }
    #expect(unknown?.exitStatus == 64)
  }

  @Test(
    .enabled(if: SharedData.hasConfigurations, "no folder of reference configurations"),
    arguments: [
      ("lat.sample.5p7", [4, 4, 4, 8]), ("lat.sample.l4444", [4, 4, 4, 4]),
      ("heatbath_su3_beta5.7_4444.ildg", [4, 4, 4, 4]), ("bridge_4444.txt", [4, 4, 4, 4]),
    ])
  func findsTheOrderOfRealFiles(_ name: String, _ extents: [Int]) throws {
    let found = try ConfigurationDiagnosis.diagnose(
      SharedData.configuration(name), group: .su3, extents: extents)[0]
    #expect(found.order == "t z y x mu row col re/im (fastest last)")
    #expect(found.sensible == (name != "lat.sample.5p7"))
  }
}
