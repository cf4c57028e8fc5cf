import ComplexModule
import Lattice
import RealModule

/// A plain, slow gauge field of matrices in serial order, [site][mu]: what the kernels are compared
/// with. It shares nothing with them but coordinates.
struct MatrixLattice {
  let geometry: Geometry
  let n: Int
  let links: [[ComplexMatrix]]

  init<S>(_ field: LinkField<S>, member: Int = 0) {
    (geometry, n) = (field.geometry, field.group.n)
    links = (0..<field.geometry.volume).map { site in
      (0..<field.dimension).map { field[site, $0, member] }
    }
  }

  var dimension: Int { geometry.dimension }
  var sites: Range<Int> { 0..<geometry.volume }

  /// The product of links along steps (direction, how many, negative ones backward) and the site where
  /// it ends.
  func walk(from site: Int, _ steps: [(mu: Int, count: Int)]) -> (product: ComplexMatrix, end: Int)
  {
    var here = site
    var result = ComplexMatrix.identity(n)
    for (mu, count) in steps {
      for _ in 0..<abs(count) {
        let next = geometry.neighbour(of: here, direction: mu, steps: count > 0 ? 1 : -1)
        result = result * (count > 0 ? links[here][mu] : links[next][mu].adjoint)
        here = next
      }
    }
    return (result, here)
  }

  /// r steps in mu, then t in nu, and back.
  func rectangle(_ site: Int, _ mu: Int, _ nu: Int, _ r: Int, _ t: Int) -> ComplexMatrix {
    walk(from: site, [(mu, r), (nu, t), (mu, -r), (nu, -t)]).product
  }

  /// The mean of tr / N over sites.
  func mean(_ matrix: (Int) -> ComplexMatrix) -> Complex<Double> {
    sites.reduce(Complex(0)) { $0 + matrix($1).trace } / Complex(Double(geometry.volume * n))
  }

  func polyakovLoop(_ mu: Int) -> Complex<Double> {
    mean { walk(from: $0, [(mu, geometry.extents[mu])]).product }
  }

  /// The sum over the other directions of weight times staples, from x + mu to x.
  func staples(_ site: Int, _ mu: Int, weight: (Int) -> Double = { _ in 1 }) -> ComplexMatrix {
    let ahead = geometry.neighbour(of: site, direction: mu)
    return (0..<dimension).filter { $0 != mu }.reduce(.zero(n)) { sum, nu in
      let both =
        walk(from: ahead, [(nu, 1), (mu, -1), (nu, -1)]).product
        + walk(from: ahead, [(nu, -1), (mu, -1), (nu, 1)]).product
      return sum + Complex(weight(nu)) * both
    }
  }

  /// F = (C - C^dagger) / (8i), its trace removed unless told otherwise; for U(1) never.
  func clover(_ x: Int, _ mu: Int, _ nu: Int, withTrace: Bool = false) -> ComplexMatrix {
    let leaves =
      rectangle(x, mu, nu, 1, 1) + rectangle(x, nu, mu, -1, 1) + rectangle(x, mu, nu, -1, -1)
      + rectangle(x, nu, mu, 1, -1)
    let f = Complex(0, -0.125) * (leaves - leaves.adjoint)
    return n == 1 || withTrace ? f : f - Complex(1 / Double(n)) * f.trace * .identity(n)
  }

  /// The mean of sum tr F F over planes without time and with it.
  func cloverEnergies() -> (spatial: Double, temporal: Double) {
    var (spatial, temporal) = (0.0, 0.0)
    for (mu, nu) in geometry.planes {
      for site in sites {
        let f = clover(site, mu, nu)
        if nu == dimension - 1 {
          temporal += (f * f).trace.real
        } else {
          spatial += (f * f).trace.real
        }
      }
    }
    return (spatial / Double(geometry.volume), temporal / Double(geometry.volume))
  }

  /// (1/4 pi^2) sum tr(F01 F23 - F02 F13 + F03 F12)
  func cloverCharge(withTrace: Bool) -> Double {
    sites.reduce(0) { sum, x in
      func f(_ mu: Int, _ nu: Int) -> ComplexMatrix { clover(x, mu, nu, withTrace: withTrace) }
      let products = f(0, 1) * f(2, 3) - f(0, 2) * f(1, 3) + f(0, 3) * f(1, 2)
      return sum + products.trace.real
    } / (4 * .pi * .pi)
  }
}

extension ComplexMatrix {
  /// exp of this matrix by its series, after halving.
  func exponentialBySeries() -> ComplexMatrix {
    let x = Complex(1.0 / 256) * self
    var (result, term) = (ComplexMatrix.identity(n), ComplexMatrix.identity(n))
    for k in 1...12 {
      term = Complex(1 / Double(k)) * (term * x)
      result = result + term
    }
    for _ in 0..<8 { result = result * result }
    return result
  }
}
