import ComplexModule
import Lattice
import RealModule
import TestSupport
import Testing

@Suite("Plain matrices")
struct ComplexMatrixTests {
  @Test("determinant, inverse, adjoint on products", arguments: 1...8)
  func algebra(_ n: Int) throws {
    func matrix(_ seed: Double) -> ComplexMatrix {
      ComplexMatrix(n: n) { i, j in
        Complex(
          Double.sin(seed * Double(7 * i + 3 * j + 1)), Double.cos(seed * Double(5 * i - 2 * j)))
      }
    }
    let (a, b) = (matrix(1.1), matrix(0.7))
    let product = a * b
    #expect(((a * b).adjoint - b.adjoint * a.adjoint).frobeniusNorm < 1e-13)
    #expect((product.determinant - a.determinant * b.determinant).length < 1e-9)
    #expect(((a * b).trace - (b * a).trace).length < 1e-13)
    let shifted = a + Complex(4) * .identity(n)
    let inverse = try #require(shifted.inverse())
    #expect((shifted * inverse - .identity(n)).frobeniusNorm < 1e-12)
    #expect(ComplexMatrix.zero(n).inverse() == nil)
    let p = a.tracelessAntihermitian
    #expect((p + p.adjoint).frobeniusNorm < 1e-15)
    if n > 1 { #expect(p.trace.length < 1e-14) }
  }

  @Test("groups by name")
  func groups() {
    #expect(GaugeGroup(name: "SU(3)") == .su3 && GaugeGroup(name: "su12") == .su(12))
    #expect(GaugeGroup(name: "U1") == .u1 && GaugeGroup(n: 1) == .u1)
    for name in ["su1", "su17", "so3", "", "su", "u2"] { #expect(GaugeGroup(name: name) == nil) }
    #expect(GaugeGroup(n: 0) == nil && GaugeGroup(n: 17) == nil)
    #expect(GaugeGroup.su3.description == "SU(3)" && GaugeGroup.su3.algebraDimension == 8)
  }
}
