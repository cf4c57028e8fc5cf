import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport

/// -sum tr(X F) of one member.
func slope<S: LatticeReal>(
  _ x: AlgebraField<S>, _ force: AlgebraField<S>, member: Int = 0
) -> Double {
  var sum = 0.0
  for site in 0..<x.geometry.volume {
    for mu in 0..<x.dimension {
      sum -= (x[site, mu, member] * force[site, mu, member]).trace.real
    }
  }
  return sum
}

/// The largest relative difference of -sum tr(X F) and the sixth-order central difference of
/// S(exp(s X) U), for X on all links and on single ones.
///
/// Relative to the norms of X and F, which bound the slope.
func forceError(
  _ action: any Action, _ u: LinkField<Double>, member: Int = 0, singleLinks: Int = 3
) -> Double {
  let force = action.force(of: u)
  var all = AlgebraField<Double>(layout: u.layout, group: u.group)
  all.setGaussian(seed: 3)
  var directions = [all]
  for k in 0..<singleLinks {
    var one = AlgebraField<Double>(layout: u.layout, group: u.group)
    let (site, mu) = (k * 7 % u.geometry.volume, k % u.dimension)
    one[site, mu, member] = all[site, mu, member]
    directions.append(one)
  }
  func value(_ x: AlgebraField<Double>, _ s: Double) -> Double {
    var moved = u
    moved.multiplyByExponential(of: x, times: s)
    return action.value(of: moved, member: member)
  }
  var worst = 0.0
  for (k, x) in directions.enumerated() {
    let h = k == 0 ? 2e-3 : 1e-2
    var difference = 0.0
    for (step, weight) in [(1.0, 45.0), (2, -9), (3, 1)] {
      difference += weight * (value(x, step * h) - value(x, -step * h)) / (60 * h)
    }
    let scale = (slope(x, x, member: member) * slope(force, force, member: member)).squareRoot()
    let error = abs(difference - slope(x, force, member: member)) / scale
    worst = error.isNaN ? .infinity : max(worst, error)
  }
  return worst
}

/// The largest difference of two algebra fields over members, relative to the largest element.
func relativeDifference<S: LatticeReal, T: LatticeReal>(
  _ a: AlgebraField<S>, _ b: AlgebraField<T>, batch: Int = 1
) -> Double {
  var (worst, largest) = (0.0, 0.0)
  for member in 0..<batch {
    for site in 0..<a.geometry.volume {
      for mu in 0..<a.dimension {
        let d = (a[site, mu, member] - b[site, mu, member]).frobeniusNorm
        worst = d.isNaN ? .infinity : max(worst, d)
        largest = max(largest, b[site, mu, member].frobeniusNorm)
      }
    }
  }
  return worst / largest
}

/// The same links in single precision.
func singlePrecision(_ u: LinkField<Double>) throws -> LinkField<Float> {
  var result = try LinkField<Float>(u.geometry, group: u.group, batch: u.batch)
  for member in 0..<u.batch {
    for site in 0..<u.geometry.volume {
      for mu in 0..<u.dimension { result[site, mu, member] = u[site, mu, member] }
    }
  }
  return result
}

/// How far the force is from F_mu(x) -> g(x) F_mu(x) g(x)^dagger, and the value from its own.
func covarianceError(_ action: any Action, _ u: LinkField<Double>) -> Double {
  var g = SiteField<Double>(layout: u.layout, group: u.group)
  g.setHaarRandom(seed: 9)
  let force = action.force(of: u)
  let moved = u.transformed(by: g)
  let movedForce = action.force(of: moved)
  var expected = force
  for site in 0..<u.geometry.volume {
    for mu in 0..<u.dimension { expected[site, mu] = g[site] * force[site, mu] * g[site].adjoint }
  }
  let (before, after) = (action.value(of: u), action.value(of: moved))
  return max(
    relativeDifference(movedForce, expected), abs(after - before) / max(1, abs(before)))
}

/// Whether value and force are the same bits for 1, 2 and 3 threads.
func isIndependentOfThreads(_ action: any Action, _ u: LinkField<Double>) -> Bool {
  let threads = Threads.count
  defer { Threads.count = threads }
  var results = [([Double], AlgebraField<Double>)]()
  for count in [1, 2, 3] {
    Threads.count = count
    results.append((action.valuesOfMembers(u), action.force(of: u)))
  }
  return results.dropFirst().allSatisfy { other in
    other.0 == results[0].0
      && (0..<other.1.buffer.count).allSatisfy {
        other.1.buffer.pointer[$0] == results[0].1.buffer.pointer[$0]
      }
  }
}

/// Haar-random links with open directions.
func openField(
  _ extents: [Int], _ group: GaugeGroup, isOpen: [Bool], batch: Int = 1
) throws -> LinkField<Double> {
  var field = try LinkField<Double>(
    try Geometry(extents), group: group, batch: batch, boundary: Boundary(isOpen: isOpen))
  field.setHaarRandom(seed: 51)
  return field
}
