import ComplexModule
import Compute
import Groups
import Lattice
import LatticeSymmetry
import Loops

/// The actions of lattice symmetries, against plain arithmetic with coordinates and through what is made of moved
/// links: loops, Polyakov loops, charges, gauge transformations.
extension CheckCatalogue {
  static func latticeSymmetries<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    let name = "symmetries/lattice"
    return [
      CheckSubject(name) { setting in
        var u = try LinkField<S>(setting.geometry, group: setting.group)
        u.setNearUnit(epsilon: 0.5, seed: setting.seed)
        var omega = SiteField<S>(layout: u.layout, group: u.group)
        omega.setHaarRandom(seed: setting.seed)
        var comparison = PlainComparison(name, setting, ulp: Double(S.ulpOfOne))
        try compareMoved(&comparison, u, omega)
        return comparison.results
      }
    ]
  }

  /// Some elements of the group that the geometry leaves, with charge conjugation and translations, and the
  /// exchange of two axes, which may make another lattice.
  private static func operations(on geometry: Geometry) throws -> [LatticeOperation] {
    let points = try LatticePointGroup(geometry, chargeConjugation: true)
    let step = max(1, points.order / 11)
    let own = stride(from: 1, to: points.order, by: step).map { g in
      LatticeOperation(
        points.group.operations![g], translation: (0..<geometry.dimension).map { g * (3 + $0) })
    }
    let d = geometry.dimension
    return own + [LatticeOperation(.exchange(0, d - 1, dimension: d)), .parity(d)]
  }

  private static func compareMoved<S>(
    _ c: inout PlainComparison, _ u: LinkField<S>, _ omega: SiteField<S>
  ) throws {
    var links: (found: [ComplexMatrix], expected: [ComplexMatrix]) = ([], [])
    var (products, gauge, paths) = (links, links, links)
    var planes: (found: [Double], expected: [Double]) = ([], [])
    var (polyakov, charges) = (planes, planes)
    let d = u.dimension
    let operations = try operations(on: u.geometry)
    let path = try LatticePath("+x +y -x +x +x -y", dimension: d)
    for (k, g) in operations.enumerated() {
      let moved = try u.image(under: g)
      links.found += matrices(moved)
      links.expected += movedPlainly(u, g)
      let h = operations[(k + 3) % operations.count]
      products.found += matrices(try u.image(under: h * g))
      products.expected += matrices(try moved.image(under: h))
      gauge.found += matrices(try u.transformed(by: omega).image(under: g))
      gauge.expected += matrices(moved.transformed(by: try omega.image(under: g)))
      paths.found += matrices(try u.pathProduct(path).image(under: g))
      paths.expected += matrices(moved.pathProduct(g.image(of: path)))
      planes.found += moved.planePlaquettes()
      planes.expected += try FieldLabels.planes.image(of: u.planePlaquettes(), under: g.axes)
      polyakov.found += (0..<d).flatMap { parts(moved.polyakovLoop($0)) }
      polyakov.expected += try FieldLabels.orientedDirections.image(
        of: (0..<d).flatMap { parts(u.polyakovLoop($0), conjugated: g.conjugatesCharge) },
        under: g.axes)
      if let q = u.topologicalCharge(.clover), d == 4 {
        charges.found.append(moved.topologicalCharge(.clover) ?? .nan)
        charges.expected.append(Double(g.axes.determinant) * q)
      }
    }
    c.compare("links, one by one", links.found, links.expected)
    c.compare("a product, factor by factor", products.found, products.expected)
    c.compare("gauge transformations", gauge.found, gauge.expected)
    c.compare("untraced loops", paths.found, paths.expected)
    c.compare("plane plaquettes", planes.found, planes.expected)
    c.compare("Polyakov loops", polyakov.found, polyakov.expected)
    if !charges.found.isEmpty {
      c.compare("charge: odd with the orientation, even under C", charges.found, charges.expected)
    }
  }

  private static func parts(_ z: Complex<Double>?, conjugated: Bool = false) -> [Double] {
    [z?.real ?? .nan, (z?.imaginary ?? .nan) * (conjugated ? -1 : 1)]
  }

  private static func matrices<S>(_ u: LinkField<S>) -> [ComplexMatrix] {
    (0..<u.geometry.volume).flatMap { site in (0..<u.dimension).map { u[site, $0] } }
  }

  private static func matrices<S>(_ w: SiteField<S>) -> [ComplexMatrix] {
    (0..<w.geometry.volume).map { w[$0] }
  }

  /// Every link carried from end to end: x to A x + a, x + mu to A (x + mu) + a.
  private static func movedPlainly<S>(
    _ u: LinkField<S>, _ g: LatticeOperation
  ) -> [ComplexMatrix] {
    let d = u.dimension
    let matrix = g.axes.matrix
    var extents = u.geometry.extents
    for mu in 0..<d {
      for nu in 0..<d where matrix[nu, mu] != 0 { extents[nu] = u.geometry.extents[mu] }
    }
    // Extents of a lattice make a lattice in any order.
    let target = try! Geometry(extents)
    var result = [ComplexMatrix](repeating: .identity(u.group.n), count: target.volume * d)
    for site in 0..<u.geometry.volume {
      let x = u.geometry.coordinates(of: site)
      for mu in 0..<d {
        func image(_ x: [Int]) -> [Int] {
          (0..<d).map { nu in
            (0..<d).reduce(g.translation[nu]) { $0 + Int(matrix[nu, $1]) * x[$1] }
          }
        }
        var end = x
        end[mu] += 1
        let (a, b) = (image(x), image(end))
        let nu = (0..<d).first { a[$0] != b[$0] }!
        let m = g.conjugatesCharge ? u[site, mu].conjugate : u[site, mu]
        // U_nu leads from its upper end to its lower one.
        let place = target.site(at: b[nu] > a[nu] ? a : b)
        result[place * d + nu] = b[nu] > a[nu] ? m : m.adjoint
      }
    }
    return result
  }
}
