import ComplexModule
import Lattice
import RealModule

/// A plain, slow gauge field in double precision: the independent counterpart of the block kernels.
///
/// Links are matrices in serial order, x fastest, [site][mu].
public struct ReferenceLattice: Sendable {
  public let geometry: Geometry
  public let n: Int
  public var links: [[ComplexMatrix]]

  public init(geometry: Geometry, n: Int, links: [[ComplexMatrix]]) {
    self.geometry = geometry
    self.n = n
    self.links = links
  }

  /// One member of a field.
  public init<Scalar>(_ field: LinkField<Scalar>, member: Int = 0) {
    self.init(
      geometry: field.geometry, n: field.group.n,
      links: (0..<field.geometry.volume).map { site in
        (0..<field.dimension).map { field[site, $0, member] }
      })
  }

  public var dimension: Int { geometry.dimension }

  /// The site `steps` away.
  public func neighbour(_ site: Int, _ mu: Int, _ steps: Int = 1) -> Int {
    geometry.neighbour(of: site, direction: mu, steps: steps)
  }

  /// The product of links along steps (direction, forward), from a site.
  public func product(_ site: Int, _ steps: [(Int, Bool)]) -> ComplexMatrix {
    var here = site
    var result = ComplexMatrix.identity(n)
    for (mu, forward) in steps {
      if forward {
        result = result * links[here][mu]
        here = neighbour(here, mu)
      } else {
        here = neighbour(here, mu, -1)
        result = result * links[here][mu].adjoint
      }
    }
    return result
  }

  public func plaquette(_ site: Int, _ mu: Int, _ nu: Int) -> ComplexMatrix {
    product(site, [(mu, true), (nu, true), (mu, false), (nu, false)])
  }

  /// The mean of Re tr P / N of one plane.
  public func planePlaquette(_ mu: Int, _ nu: Int) -> Double {
    (0..<geometry.volume).reduce(0) { $0 + plaquette($1, mu, nu).trace.real }
      / Double(geometry.volume * n)
  }

  public func staple(_ site: Int, _ mu: Int) -> ComplexMatrix {
    var sum = ComplexMatrix.zero(n)
    let ahead = neighbour(site, mu)
    for nu in 0..<dimension where nu != mu {
      sum = sum + product(ahead, [(nu, true), (mu, false), (nu, false)])
      sum = sum + product(ahead, [(nu, false), (mu, false), (nu, true)])
    }
    return sum
  }

  /// (C - C^dagger) / (8i), with its trace.
  public func cloverWithTrace(_ site: Int, _ mu: Int, _ nu: Int) -> ComplexMatrix {
    let c =
      product(site, [(mu, true), (nu, true), (mu, false), (nu, false)])
      + product(site, [(nu, true), (mu, false), (nu, false), (mu, true)])
      + product(site, [(mu, false), (nu, false), (mu, true), (nu, true)])
      + product(site, [(nu, false), (mu, true), (nu, true), (mu, false)])
    return Complex(0, -0.125) * (c - c.adjoint)
  }

  public func clover(_ site: Int, _ mu: Int, _ nu: Int) -> ComplexMatrix {
    let f = cloverWithTrace(site, mu, nu)
    return n == 1 ? f : f - Complex(1 / Double(n)) * f.trace * .identity(n)
  }

  /// The mean of tr F F summed over the planes that `isIncluded`.
  public func cloverEnergy(_ isIncluded: (Int, Int) -> Bool = { _, _ in true }) -> Double {
    var sum = 0.0
    for site in 0..<geometry.volume {
      for (mu, nu) in geometry.planes where isIncluded(mu, nu) {
        let f = clover(site, mu, nu)
        sum += (f * f).trace.real
      }
    }
    return sum / Double(geometry.volume)
  }

  /// (1/4 pi^2) tr(F01 F23 - F02 F13 + F03 F12) of a site from any field strength.
  public func chargeDensity(
    _ site: Int, _ f: (Int, Int, Int) -> ComplexMatrix
  ) -> Double {
    let a = (f(site, 0, 1) * f(site, 2, 3)).trace.real
    let b = (f(site, 0, 2) * f(site, 1, 3)).trace.real
    let c = (f(site, 0, 3) * f(site, 1, 2)).trace.real
    return (a - b + c) / (4 * Double.pi * Double.pi)
  }
}
