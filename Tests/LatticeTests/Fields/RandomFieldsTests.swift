import ComplexModule
import Compute
import Lattice
import RealModule
import TestSupport
import Testing

@Suite("Random fields")
struct RandomFieldsTests {
  /// Means within 4.5 standard errors, 40 numbers or fewer: false alarm below 3e-4 at a seed.
  @Test("moments of the Haar measure", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func haar(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([8, 8, 8, 8], group, seed: 12345)
    let traces = (0..<4).flatMap { mu in u.links(mu).traces() }.map {
      Complex(Double(group.n)) * $0
    }
    func check(_ values: [Double], _ expected: Double) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      #expect(abs(mean - expected) < 4.5 * (variance / count).squareRoot() + 1e-12)
    }
    check(traces.map(\.real), 0)
    check(traces.map(\.imaginary), 0)
    check(traces.map(\.lengthSquared), 1)
    // <|tr U|^4> counts singlets in (N x N* )^2: 2 for N >= 3, 2 for SU(2) too, 1 for U(1).
    check(traces.map { $0.lengthSquared * $0.lengthSquared }, group.n == 1 ? 1 : 2)
    // <(tr U)^2>: the determinant is a singlet of N factors, so 1 for SU(2) and 0 beyond.
    check(traces.map { ($0 * $0).real }, group.n == 2 ? 1 : 0)
    check(traces.map { ($0 * $0 * $0).real }, group.n == 3 ? 1 : 0)
    check((0..<4096).map { u[$0, 0][0, group.n - 1].lengthSquared }, 1 / Double(group.n))
    #expect(u.unitarityViolation() < 1e-14)
    for site in 0..<50 where group.n > 1 {
      #expect((u[site, 2].determinant - 1).length < 1e-14)
    }
  }

  @Test("a link depends on seed, site, direction and member, not on the layout")
  func layoutIndependence() throws {
    let a = try LinkField<Double>.hot([4, 3, 2], .su3, batch: 5, seed: 9)
    let b = try LinkField<Double>.hot([4, 3, 2], .su3, batch: 1, seed: 9)
    let c = try LinkField<Float>.hot([4, 3, 2], .su3, batch: 8, seed: 9)
    #expect(a.largestDifference { b[$0, $1] } == 0)
    #expect(c.largestDifference { b[$0, $1] } < 1e-6)
    #expect(c.largestDifference(member: 4) { a[$0, $1, 4] } < 1e-6)
    #expect(a.largestDifference(member: 1) { a[$0, $1] } > 1)
    #expect(
      try b.largestDifference { try! LinkField<Double>.hot([4, 3, 2], .su3, seed: 10)[$0, $1] } > 1)
    var matrices = Set<ComplexMatrix>()
    for member in 0..<5 {
      for site in 0..<24 { for mu in 0..<3 { matrices.insert(a[site, mu, member]) } }
    }
    #expect(matrices.count == 5 * 24 * 3)
  }

  @Test("Gaussian algebra elements: variance 2 a coefficient, 1 for U(1)", arguments: everyGroup)
  func gaussian(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>(Geometry([8, 8, 8]), group: group)
    var x = AlgebraField<Double>(layout: u.layout, group: group)
    x.setGaussian(seed: 77)
    // -tr X^2 = 1/2 sum of squared coefficients, so its mean is the number of them; U(1): p^2.
    let values = (0..<512).flatMap { site in
      (0..<3).map { -(x[site, $0] * x[site, $0]).trace.real }
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let expected = Double(group.algebraDimension)
    #expect(abs(mean - expected) < 4.5 * (variance / count).squareRoot())
    // A chi-squared law: variance twice the number of coefficients, within a quarter.
    #expect(abs(variance / (2 * expected) - 1) < 0.25)
  }

  @Test("near-unit links are smooth")
  func nearUnit() throws {
    var u = try LinkField<Double>(Geometry([4, 4, 4]), group: .su3)
    u.setNearUnit(epsilon: 0, seed: 1)
    #expect(u.largestDifference { _, _ in .identity(3) } < 1e-15)
    u.setNearUnit(epsilon: 0.01, seed: 1)
    #expect(u.unitarityViolation() < 1e-14)
    #expect(u.linkTrace() < 1 && u.linkTrace() > 0.999)
  }
}
