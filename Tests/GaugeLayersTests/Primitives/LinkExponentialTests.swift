import Autodiff
import ComplexModule
import Compute
import GaugeLayers
import Lattice
import TestSupport
import Testing

/// A loss of the links that is not gauge invariant: every component weighs differently.
func linkLoss<S>(_ links: Variable<LinkField<S>>) throws -> Variable<Tensor<S>> {
  try Variable.concatenating([links.plaquettes(), links.polyakovLoops()]).loss(seed: 33)
}

@Suite("Exponentials of links", .serialized)
struct LinkExponentialTests {
  @Test("derivatives for small and large exponents", arguments: PrimitiveCase.all)
  func gradients(_ c: PrimitiveCase) throws {
    let u = try c.links()
    for size in [0, 0.01, 0.3, 3] {
      var q = u.randomDirection(seed: 17)
      q.scale(by: size)
      let report = try checkGradients(at: u, q, directions: 2) { _, u, q in
        try linkLoss(u.multiplied(byExponentialOf: q))
      }
      #expect(report.holds(1e-9), "\(size): \(report)")
    }
  }

  /// F(Q) g against Gauss and Legendre's quadrature of e^{-sQ} g e^{sQ}, to rounding.
  @Test("the derivative of the exponential to rounding", arguments: PrimitiveCase.all)
  func rounding(_ c: PrimitiveCase) throws {
    let u = try c.links()
    let g = u.randomDirection(seed: 18)
    for size in [0.03, 0.1, 1, 4] {
      var q = u.randomDirection(seed: 17)
      q.scale(by: size)
      let tape = Tape()
      let x = tape.variable(q)
      let moved = try tape.constant(u).multiplied(byExponentialOf: x)
      let found = tape.gradients(of: moved, cotangent: g)[x]
      for (site, mu) in [(0, 0), (1, 1), (5, 0)] {
        let (a, b) = (q[site, mu], g[site, mu])
        var sum = ComplexMatrix.zero(c.group.n)
        let panels = 96
        for k in 0..<panels {
          for (node, weight) in [
            (0.0, 128.0 / 225), (0.5384693101056831, 0.47862867049936647),
            (-0.5384693101056831, 0.47862867049936647), (0.906179845938664, 0.23692688505618908),
            (-0.906179845938664, 0.23692688505618908),
          ] {
            let s = (Double(k) + 0.5 + node / 2) / Double(panels)
            let e = exponential(Complex(-s) * a)
            sum = sum + Complex(weight / Double(2 * panels)) * (e * (b * e.adjoint))
          }
        }
        #expect((found[site, mu] - sum).frobeniusNorm < 4e-14 * (1 + size) * b.frobeniusNorm)
      }
    }
  }

  /// The series of a matrix divided by 2^10, squared ten times.
  func exponential(_ x: ComplexMatrix) -> ComplexMatrix {
    let y = Complex(1.0 / 1024) * x
    var sum = ComplexMatrix.identity(x.n)
    for k in stride(from: 14, to: 0, by: -1) {
      sum = .identity(x.n) + Complex(1 / Double(k)) * (y * sum)
    }
    for _ in 0..<10 { sum = sum * sum }
    return sum
  }

  @Test("links that do not exist stay zero", arguments: PrimitiveCase.all)
  func openBoundaries(_ c: PrimitiveCase) throws {
    let u = try c.openLinks()
    let q = u.randomDirection(seed: 17)
    let tape = Tape()
    let (links, exponents) = (tape.variable(u), tape.variable(q))
    let result = try links.multiplied(byExponentialOf: exponents)
    let gradients = tape.gradients(of: result, cotangent: u.randomDirection(seed: 4))
    for site in 0..<u.geometry.volume {
      for mu in c.extents.indices where !u.boundary.hasLink(mu, at: site, in: u.geometry) {
        #expect(result.value[site, mu].frobeniusNorm == 0)
        #expect(gradients[links][site, mu].frobeniusNorm == 0)
        #expect(gradients[exponents][site, mu].frobeniusNorm == 0)
      }
    }
  }

  @Test("single precision agrees", arguments: PrimitiveCase.all)
  func singlePrecision(_ c: PrimitiveCase) throws {
    func gradient<S>(_ u: LinkField<S>) throws -> AlgebraField<S> {
      let tape = Tape()
      let q = tape.variable(u.randomDirection(seed: 17))
      let moved = try tape.constant(u).multiplied(byExponentialOf: q)
      return tape.gradients(of: moved, cotangent: u.randomDirection(seed: 18))[q]
    }
    let (double, single) = (
      try gradient(c.links(Double.self)), try gradient(c.links(Float.self))
    )
    for site in 0..<double.geometry.volume {
      for mu in c.extents.indices {
        #expect((double[site, mu] - single[site, mu]).frobeniusNorm < 3e-5)
      }
    }
  }

  @Test func threadsDoNotShow() throws {
    let u = try PrimitiveCase.large.links()
    let q = u.randomDirection(seed: 17)
    #expect(
      try isIndependentOfThreads {
        let tape = Tape()
        let (links, exponents) = (tape.variable(u), tape.variable(q))
        let moved = try links.multiplied(byExponentialOf: exponents)
        let gradients = tape.gradients(of: try linkLoss(moved))
        return gradients[links].numbers
          + gradients[exponents].numbers
      })
  }
}
