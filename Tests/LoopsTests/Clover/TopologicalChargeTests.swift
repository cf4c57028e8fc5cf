import ComplexModule
import Compute
import Foundation
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

@Suite("Topological charge")
struct TopologicalChargeTests {
  /// U(1) links of constant flux 2 pi q / (L M) a plaquette.
  func instanton<S: LatticeReal>(_ q: Int, _ l: Int, _ m: Int, batch: Int) throws -> LinkField<S> {
    var u = try LinkField<S>(Geometry([l, m]), group: .u1, batch: batch)
    let flux = 2 * Double.pi * Double(q) / Double(l * m)
    for member in 0..<batch {
      for site in 0..<(l * m) {
        let x = u.geometry.coordinates(of: site)
        // Each member turns the other way round.
        let sign = member % 2 == 0 ? 1.0 : -1.0
        u[site, 1, member] = ComplexMatrix(n: 1) { _, _ in
          Complex(length: 1, phase: sign * flux * Double(x[0]))
        }
        if x[0] == l - 1 {
          u[site, 0, member] = ComplexMatrix(n: 1) { _, _ in
            Complex(length: 1, phase: -sign * flux * Double(l) * Double(x[1]))
          }
        }
      }
    }
    return u
  }

  @Test("constant flux in two dimensions", arguments: [-3, -1, 0, 1, 2, 5])
  func flux(_ q: Int) throws {
    let u: LinkField<Double> = try instanton(q, 6, 5, batch: 3)
    let charges = try #require(u.topologicalChargesOfMembers())
    for (member, sign) in [(0, 1.0), (1, -1.0), (2, 1.0)] {
      #expect(abs(charges[member] - sign * Double(q)) < 1e-13)
    }
    let single: LinkField<Float> = try instanton(q, 4, 8, batch: 1)
    #expect(abs(single.topologicalCharge()! - Double(q)) < 1e-13)
  }

  @Test("integers on any field, and only where the charge exists")
  func integers() throws {
    for seed in 0..<5 {
      let u = try LinkField<Double>.hot([7, 4], .u1, seed: UInt64(seed))
      let q = try #require(u.topologicalCharge())
      #expect(abs(q - q.rounded()) < 1e-12)
    }
    #expect(try LinkField<Double>.hot([4, 4], .su2).topologicalCharge() == nil)
    #expect(try LinkField<Double>.hot([4, 4, 4], .u1).topologicalCharge() == nil)
    #expect(try LinkField<Double>.hot([4, 4, 4], .su3).topologicalChargeClover() == nil)
    #expect(try LinkField<Double>.hot([4, 4], .su3).cloverObservables().charge == nil)
  }

  @Test("constant abelian flux in four dimensions has the charge of its planes")
  func abelian() throws {
    // Flux angles a in plane (0, 1) and b in (2, 3): F = sin(a), so Q = V sin a sin b / 4 pi^2.
    let extents = [4, 6, 2, 8]
    var u = try LinkField<Double>(Geometry(extents), group: .u1)
    let (a, b) = (2 * Double.pi / 24, 2 * 2 * Double.pi / 16)
    func set(_ mu: Int, _ nu: Int, _ flux: Double) {
      for site in 0..<u.geometry.volume {
        let x = u.geometry.coordinates(of: site)
        u[site, nu] = ComplexMatrix(n: 1) { _, _ in
          Complex(length: 1, phase: flux * Double(x[mu]))
        }
        if x[mu] == extents[mu] - 1 {
          u[site, mu] = ComplexMatrix(n: 1) { _, _ in
            Complex(length: 1, phase: -flux * Double(extents[mu]) * Double(x[nu]))
          }
        }
      }
    }
    set(0, 1, a)
    set(2, 3, b)
    let expected = Double(u.geometry.volume) * sin(a) * sin(b) / (4 * Double.pi * Double.pi)
    for definition in ChargeDefinition.allCases {
      #expect(abs(u.topologicalCharge(definition)! - expected) < 1e-12)
    }
    let clover = u.cloverObservables()
    #expect(abs(clover.energySpatial - sin(a) * sin(a)) < 1e-13)
    #expect(abs(clover.energyTemporal - sin(b) * sin(b)) < 1e-13)
  }

  @Test("charge conjugation keeps and parity turns the charge")
  func reflections() throws {
    let u = try LinkField<Double>.hot([4, 3, 2, 4], .su3, seed: 21)
    let q = u.topologicalChargeClover()!
    #expect(abs(u.chargeConjugated().topologicalChargeClover()! - q) < 1e-12)
    // x -> -x in direction 0: U_0(x) -> U_0(-x-1)^dagger, the others U_mu(-x).
    var reflected = u
    for site in 0..<u.geometry.volume {
      var x = u.geometry.coordinates(of: site)
      x[0] = -x[0]
      for mu in 1..<4 { reflected[site, mu] = u[u.geometry.site(at: x), mu] }
      x[0] -= 1
      reflected[site, 0] = u[u.geometry.site(at: x), 0].adjoint
    }
    #expect(abs(reflected.topologicalChargeClover()! + q) < 1e-12)
    #expect(abs(reflected.cloverEnergy() - u.cloverEnergy()) < 1e-12)
  }
}
