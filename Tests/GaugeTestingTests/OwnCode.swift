import GaugeTesting

/// Somebody's field type: nested arrays, time fastest, real and imaginary parts apart.
struct OwnField: PlainConvertible {
  var extents: [Int]
  var n: Int
  /// [mu][site with t fastest]
  var links: [[ComplexMatrix]]

  init(plain: PlainLinks) {
    (extents, n) = (plain.extents, plain.n)
    let order = Self.order(plain.geometry)
    links = (0..<plain.dimension).map { mu in order.map { plain[$0, mu] } }
  }

  var plain: PlainLinks {
    get throws {
      let geometry = try Geometry(extents)
      var result = PlainLinks(zeros: geometry, n: n)
      for (k, site) in Self.order(geometry).enumerated() {
        for mu in extents.indices { result[site, mu] = links[mu][k] }
      }
      return result
    }
  }

  /// The serial sites with t fastest.
  private static func order(_ geometry: Geometry) -> [Int] {
    (0..<geometry.volume).map { k in
      var (rest, x) = (k, [Int](repeating: 0, count: geometry.dimension))
      for mu in x.indices.reversed() {
        (x[mu], rest) = (rest % geometry.extents[mu], rest / geometry.extents[mu])
      }
      return geometry.site(at: x)
    }
  }
}

/// Mistakes that people make in loops of links.
enum LoopMistake: CaseIterable {
  case missingDagger, neighbourOffByOne, swappedAxes, hardCodedThree
}

/// Links as any of the field types here hold them.
protocol MatrixLinks {
  var lattice: Geometry { get }
  var colours: Int { get }
  func link(_ site: Int, _ mu: Int) -> ComplexMatrix
}

extension PlainLinks: MatrixLinks {
  var lattice: Geometry { geometry }
  var colours: Int { n }
  func link(_ site: Int, _ mu: Int) -> ComplexMatrix { self[site, mu] }
}

extension LinkField: MatrixLinks {
  var lattice: Geometry { geometry }
  var colours: Int { group.n }
  func link(_ site: Int, _ mu: Int) -> ComplexMatrix { self[site, mu] }
}

extension MatrixLinks {
  func step(_ site: Int, _ mu: Int, _ steps: Int = 1) -> Int {
    lattice.neighbour(of: site, direction: mu, steps: steps)
  }

  /// P_mu_nu(x), with a mistake.
  func plaquette(_ x: Int, _ mu: Int, _ nu: Int, _ mistake: LoopMistake?) -> ComplexMatrix {
    let far = mistake == .neighbourOffByOne ? step(x, mu, 2) : step(x, mu)
    let top = link(step(x, mistake == .swappedAxes ? mu : nu), mu)
    let left = link(x, nu)
    return link(x, mu) * link(far, nu) * top.adjoint
      * (mistake == .missingDagger ? left : left.adjoint)
  }

  /// The mean of Re tr P / N.
  func meanPlaquette(_ mistake: LoopMistake? = nil) -> Double {
    var sum = 0.0
    for x in 0..<lattice.volume {
      for (mu, nu) in lattice.planes {
        let p = plaquette(x, mu, nu, mistake)
        // The first three colours, as if there were no others.
        let rows = mistake == .hardCodedThree ? min(3, colours) : colours
        for i in 0..<rows { sum += p[i, i].real }
      }
    }
    let divisor = mistake == .hardCodedThree ? 3 : colours
    return sum / Double(lattice.volume * lattice.planes.count * divisor)
  }

  /// The Polyakov loop of the last direction, with links interpolated between slices where asked to.
  func polyakovLoop(interpolated: Bool = false) -> [Double] {
    let t = lattice.dimension - 1
    var sum: Complex<Double> = 0
    for x in 0..<lattice.volume {
      var (product, here) = (ComplexMatrix.identity(colours), x)
      for _ in 0..<lattice.extents[t] {
        let next = step(here, t)
        product =
          product
          * (interpolated ? Complex(0.5) * (link(here, t) + link(next, t)) : link(here, t))
        here = next
      }
      sum += product.trace
    }
    let norm = Double(lattice.volume * colours)
    return [sum.real / norm, sum.imaginary / norm]
  }
}
