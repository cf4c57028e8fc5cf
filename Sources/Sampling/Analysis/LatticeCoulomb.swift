import Foundation

/// The tree-level improved distance r_I of `r` steps on an axis in three spatial dimensions,
/// 1 / (4 pi r_I) = G(r, 0, 0).
///
/// G is the Green function of the lattice Laplacian in infinite volume, the potential of one-gluon
/// exchange: G(r, 0, 0) = int d^3k/(2 pi)^3 cos(k_1 r) / (4 sum_i sin^2(k_i / 2))
/// = int_0^inf dt e^(-6t) I_r(2t) I_0(2t)^2. r_I(1) = 0.925, and r_I - r vanishes like 1/r.
/// S. Necco and R. Sommer, hep-lat/0108008.
public func treeLevelImprovedDistance(_ r: Int) -> Double {
  1 / (4 * Double.pi * latticeCoulombPotential(r))
}

/// G(r, 0, 0), to about 1e-13.
func latticeCoulombPotential(_ r: Int) -> Double {
  precondition(r >= 0, "a distance is 0 or more")
  // Trapezoidal rule in u with t = exp((pi/2) sinh u), which takes the tail t^(-3/2) along.
  let step = 1.0 / 32
  var sum = 0.0
  for k in -144...144 {
    let u = Double(k) * step
    let t = exp(Double.pi / 2 * sinh(u))
    let weight = t * Double.pi / 2 * cosh(u) * step
    let (zero, order) = scaledBessel(2 * t, r)
    sum += weight * order * zero * zero
  }
  return sum
}

/// e^(-x) I_0(x) and e^(-x) I_n(x).
private func scaledBessel(_ x: Double, _ n: Int) -> (Double, Double) {
  if x < 500 + 20 * Double(n * n) {
    let table = besselTable(x, order: n + 1)
    return (table[0], table[n])
  }
  func asymptotic(_ n: Int) -> Double {
    var (term, sum) = (1.0, 1.0)
    for k in 1...12 {
      let odd = Double(2 * k - 1)
      term *= -(Double(4 * n * n) - odd * odd) / (Double(k) * 8 * x)
      sum += term
    }
    return sum / (2 * Double.pi * x).squareRoot()
  }
  return (asymptotic(0), asymptotic(n))
}
