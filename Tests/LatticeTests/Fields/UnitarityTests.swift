import ComplexModule
import Compute
import Lattice
import RealModule
import TestSupport
import Testing

@Suite("Reunitarisation")
struct UnitarityTests {
  /// Links pushed out of the group by noise of a size.
  func drifted<S: LatticeReal>(
    _ type: S.Type, _ group: GaugeGroup, by size: Double, seed: UInt64 = 3
  ) throws -> LinkField<S> {
    var u = try LinkField<S>.hot([3, 4, 2], group, seed: seed)
    let stream = RandomStream(seed: seed, purpose: .checks)
    for site in 0..<u.geometry.volume {
      for mu in 0..<3 {
        var k: UInt32 = 0
        let noise = ComplexMatrix(n: group.n) { _, _ in
          k += 1
          let (a, b) = stream.uniforms(UInt32(site), UInt32(mu), k)
          return Complex(size * (a - 0.5), size * (b - 0.5))
        }
        u[site, mu] = u[site, mu] + noise
      }
    }
    return u
  }

  @Test(
    "unitary with determinant 1, and unchanged within the group", arguments: everyGroup,
    Reunitarization.allCases)
  func group(_ group: GaugeGroup, _ method: Reunitarization) throws {
    func check<S: LatticeReal>(_ type: S.Type, _ eps: Double) throws {
      for size in [1e-6, 0.1] {
        let u = try drifted(type, group, by: size)
        let v = u.reunitarized(method)
        #expect(v.unitarityViolation() < eps)
        if group.n > 1 {
          for site in 0..<24 { #expect((v[site, 2].determinant - 1).length < eps) }
        }
        #expect(v.largestDifference { u[$0, $1] } < 2 * size * Double(group.n))
        #expect(v.reunitarized(method).largestDifference { v[$0, $1] } < eps)
      }
    }
    try check(Double.self, 2e-14)
    try check(Float.self, 1e-5)
  }

  @Test("rows of SU(3): the first is only scaled, the last is the conjugate cross product")
  func rows() throws {
    let u = try drifted(Double.self, .su3, by: 0.2)
    let v = u.reunitarized(.rows)
    for site in 0..<24 {
      let (a, b) = (u[site, 0], v[site, 0])
      let norm = (0..<3).reduce(0) { $0 + a[0, $1].lengthSquared }.squareRoot()
      for j in 0..<3 {
        #expect((b[0, j] - a[0, j] / Complex(norm)).length < 1e-14)
        let (p, q) = ((j + 1) % 3, (j + 2) % 3)
        let cross = (b[0, p] * b[1, q] - b[0, q] * b[1, p]).conjugate
        #expect((b[2, j] - cross).length < 1e-14)
      }
    }
  }

  @Test("polar commutes with multiplication from both sides", arguments: everyGroup)
  func polar(_ group: GaugeGroup) throws {
    let u = try drifted(Double.self, group, by: 0.2)
    let (g, h) = try (
      LinkField<Double>.hot([3, 4, 2], group, seed: 10),
      LinkField<Double>.hot([3, 4, 2], group, seed: 11)
    )
    var turned = u
    for site in 0..<24 { turned[site, 1] = g[site, 1] * u[site, 1] * h[site, 1] }
    let (v, w) = (u.reunitarized(.polar), turned.reunitarized(.polar))
    let worst = largestDifference(
      (0..<24).map { (w[$0, 1], g[$0, 1] * v[$0, 1] * h[$0, 1]) })
    #expect(worst < 1e-13)
    // The polar factor is nearest: U V^dagger is hermitian up to the phase of the determinant.
    for site in 0..<24 {
      let m = u[site, 1] * v[site, 1].adjoint
      let phase = Complex(length: 1, phase: -u[site, 1].determinant.phase / Double(group.n))
      if group.n == 1 { continue }
      #expect(((phase * m) - (phase * m).adjoint).frobeniusNorm < 1e-13)
    }
  }

  @Test("the violation is the largest of all links, of every member; NaN is seen")
  func violation() throws {
    var u = try LinkField<Double>.hot([3, 4], .su3, batch: 3, seed: 3)
    #expect(u.unitarityViolationsOfMembers().allSatisfy { $0 < 1e-14 })
    u[7, 1, 1] = Complex(1.5) * u[7, 1, 1]
    let found = u.unitarityViolationsOfMembers()
    #expect(abs(found[1] - 1.25 * 3.0.squareRoot()) < 1e-13)
    #expect(found[0] < 1e-14 && found[2] < 1e-14)
    u[3, 0, 2] = Complex(.nan) * u[3, 0, 2]
    #expect(u.unitarityViolation(member: 2).isNaN)
    #expect(u.unitarityViolation(member: 0) < 1e-14)
  }
}
