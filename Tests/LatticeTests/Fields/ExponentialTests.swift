import ComplexModule
import Compute
import Lattice
import RealModule
import TestSupport
import Testing

/// exp by a Taylor series to 40 terms of the matrix scaled to a norm below 1/4.
private func plainExponential(_ x: ComplexMatrix) -> ComplexMatrix {
  var squarings = 0
  while x.frobeniusNorm / Double(1 << squarings) > 0.25 { squarings += 1 }
  let scaled = Complex(1 / Double(1 << squarings)) * x
  var (term, sum) = (ComplexMatrix.identity(x.n), ComplexMatrix.identity(x.n))
  for k in 1...40 {
    term = Complex(1 / Double(k)) * (term * scaled)
    sum = sum + term
  }
  for _ in 0..<squarings { sum = sum * sum }
  return sum
}

@Suite("Exponential")
struct ExponentialTests {
  @Test("against a Taylor series, small and large", arguments: everyGroup, [1e-9, 0.01, 0.7, 6])
  func series(_ group: GaugeGroup, _ s: Double) throws {
    func check<S: LatticeReal>(_ type: S.Type) throws {
      var u = try LinkField<S>(Geometry([4, 3, 2]), group: group, batch: 2)
      var x = AlgebraField<S>(layout: u.layout, group: group)
      x.setGaussian(seed: 5)
      u.multiplyByExponential(of: x, times: S(s))
      let eps = tolerance(type) * max(1, s) * Double(group.n)
      for member in 0..<2 {
        #expect(
          u.largestDifference(member: member) {
            plainExponential(Complex(Double(S(s))) * x[$0, $1, member])
          } < eps)
        #expect(u.unitarityViolation(member: member) < eps)
      }
      let determinants = (0..<24).map { (u[$0, 1].determinant - 1).length }
      if group.n > 1 { #expect(determinants.max()! < eps) }
      // exp(-s X) exp(s X) = 1
      u.multiplyByExponential(of: x, times: -S(s))
      #expect(u.largestDifference { _, _ in .identity(group.n) } < eps)
    }
    try check(Double.self)
    try check(Float.self)
  }

  @Test("it multiplies from the left")
  func order() throws {
    var u = try LinkField<Double>.hot([4, 4], .su3, seed: 3)
    let before = u
    var x = AlgebraField<Double>(layout: u.layout, group: .su3)
    x.setGaussian(seed: 5)
    u.multiplyByExponential(of: x, times: 0.3)
    #expect(
      u.largestDifference { plainExponential(Complex(0.3) * x[$0, $1]) * before[$0, $1] } < 1e-13)
  }

  @Test("elements of the algebra are written projected and read back", arguments: everyGroup)
  func algebra(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([3, 4], group, seed: 3)
    var x = AlgebraField<Double>(layout: u.layout, group: group)
    for site in 0..<12 { for mu in 0..<2 { x[site, mu] = u[site, mu] } }
    let worst = largestDifference(
      (0..<12).map { (x[$0, 1], u[$0, 1].tracelessAntihermitian) })
    #expect(worst < 1e-15)
    #expect(x[5, 0].adjoint == Complex(-1) * x[5, 0])
  }
}
