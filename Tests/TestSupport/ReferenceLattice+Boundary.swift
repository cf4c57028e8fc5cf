import ComplexModule
import Lattice
import RealModule

extension ReferenceLattice {
  /// Whether all links along steps (direction, forward) from a site exist.
  public func exists(_ site: Int, _ steps: [(Int, Bool)], _ boundary: Boundary) -> Bool {
    var x = geometry.coordinates(of: site)
    for (mu, forward) in steps {
      x[mu] += forward ? 1 : -1
      guard x[mu] < 0 || x[mu] >= geometry.extents[mu] else { continue }
      if boundary.isOpen[mu] { return false }
      x[mu] = (x[mu] + geometry.extents[mu]) % geometry.extents[mu]
    }
    return true
  }

  /// The mean of tr/N of closed paths over the sites from which they exist; nil if there are none.
  public func meanTrace(_ paths: [[(Int, Bool)]], _ boundary: Boundary) -> Complex<Double>? {
    var sum = Complex<Double>(0)
    var count = 0
    for steps in paths {
      for site in 0..<geometry.volume where exists(site, steps, boundary) {
        sum += product(site, steps).trace
        count += 1
      }
    }
    return count == 0 ? nil : sum / Complex(Double(count * n))
  }

  /// The steps of an R x T rectangle.
  public static func rectangle(_ mu: Int, _ nu: Int, _ r: Int, _ t: Int) -> [(Int, Bool)] {
    func line(_ d: Int, _ length: Int, _ forward: Bool) -> [(Int, Bool)] {
      Array(repeating: (d, forward), count: length)
    }
    return line(mu, r, true) + line(nu, t, true) + line(mu, r, false) + line(nu, t, false)
  }

  /// The sites with four leaves in every plane.
  public func innerSites(_ boundary: Boundary) -> [Int] {
    (0..<geometry.volume).filter { site in
      let x = geometry.coordinates(of: site)
      return (0..<dimension).allSatisfy {
        !boundary.isOpen[$0] || (x[$0] > 0 && x[$0] < geometry.extents[$0] - 1)
      }
    }
  }

  /// The weight of the plaquette at a site in the Wilson action: `weight` for every boundary slice of
  /// an open direction in which it lies; 0 where it does not exist.
  public func plaquetteWeight(
    _ site: Int, _ mu: Int, _ nu: Int, _ boundary: Boundary, _ weight: Double
  ) -> Double {
    guard exists(site, Self.rectangle(mu, nu, 1, 1), boundary) else { return 0 }
    let x = geometry.coordinates(of: site)
    return (0..<dimension).reduce(1) { product, rho in
      let isEdge = x[rho] == 0 || x[rho] == geometry.extents[rho] - 1
      return boundary.isOpen[rho] && rho != mu && rho != nu && isEdge ? product * weight : product
    }
  }
}

/// Lattices with open directions: one, some and all of them, extents 2 and odd.
public let openCases: [(extents: [Int], isOpen: [Bool])] = [
  ([6, 4], [false, true]), ([10, 3], [true, false]), ([2, 3], [true, true]),
  ([4, 4], [true, true]), ([3, 2, 4], [false, false, true]), ([4, 5, 3], [true, false, true]),
  ([2, 3, 2, 4], [false, false, false, true]), ([4, 3, 4, 2], [true, false, true, true]),
  ([3, 3, 4, 3], [false, true, false, true]), ([4, 4, 4, 4], [false, false, false, true]),
  ([3, 3, 3, 3], [true, true, true, true]),
]
