import Groups
import Lattice
import Loops

extension LatticeOperation {
  /// The lattice with its extents permuted.
  public func image(of geometry: Geometry) -> Geometry {
    precondition(geometry.dimension == dimension, "a symmetry needs the dimension of the lattice")
    // Extents of a lattice make a lattice in any order.
    return try! Geometry(permuted(geometry.extents))
  }

  /// The boundary with its directions permuted.
  public func image(of boundary: Boundary) -> Boundary {
    precondition(boundary.dimension == dimension, "a symmetry needs the dimension of the lattice")
    return Boundary(isOpen: permuted(boundary.isOpen))
  }

  /// The serial index of the image of a site, on `image(of: geometry)`.
  public func image(ofSite site: Int, of geometry: Geometry) -> Int {
    image(of: geometry).site(at: image(ofCoordinates: geometry.coordinates(of: site)))
  }

  /// A x + a, not reduced to the lattice.
  public func image(ofCoordinates x: [Int]) -> [Int] { zip(axes(x), translation).map(+) }

  /// Where a link goes: with nu = |A mu|, U_mu(x) becomes U'_nu(g x), and where A reverses mu it becomes
  /// U'_nu(g x - nu)^dagger.
  public func image(
    ofLink mu: Int, at site: Int, of geometry: Geometry
  ) -> (site: Int, direction: Int, isReversed: Bool) {
    let target = image(of: geometry)
    let moved = target.site(at: image(ofCoordinates: geometry.coordinates(of: site)))
    let (nu, sign) = axes.image(of: mu)
    if sign > 0 { return (moved, nu, false) }
    return (target.neighbour(of: moved, direction: nu, steps: -1), nu, true)
  }

  /// The path of the turned lattice; its product from g x is the image of the product from x.
  public func image(of path: LatticePath) -> LatticePath {
    precondition(path.dimension == dimension, "a symmetry needs the dimension of the path")
    return LatticePath(
      path.steps.map { step in
        let (nu, sign) = axes.image(of: step.direction)
        return LatticePath.Step(nu, forward: step.isForward == (sign > 0))
      }, dimension: dimension)
  }

  /// Where the oriented plane mu < nu goes, in the order of `Geometry.planes`: its number, and the sign
  /// of F_mu_nu, -1 where the plane is turned over.
  public func image(ofPlane mu: Int, _ nu: Int) -> (plane: Int, sign: Int) {
    precondition(mu < nu, "planes have mu < nu")
    let (a, b) = (axes.image(of: mu), axes.image(of: nu))
    return (
      Geometry.planeIndex(a.axis, b.axis, dimension: dimension),
      a.sign * b.sign * (a.axis < b.axis ? 1 : -1)
    )
  }

  /// The same with a translation between 0 and the extents.
  public func reduced(on geometry: Geometry) -> LatticeOperation {
    let target = image(of: geometry)
    return LatticeOperation(
      operation,
      translation: zip(translation, target.extents).map { (($0 % $1) + $1) % $1 })
  }

  private func permuted<T>(_ list: [T]) -> [T] {
    var result = list
    for mu in 0..<dimension { result[axes.image(of: mu).axis] = list[mu] }
    return result
  }
}

extension LatticeOperation {
  /// Refuses what does not map a field on a lattice and its boundary on one of the same kind.
  ///
  /// An open direction of extent L that keeps its sense is not translated, and one that is reversed is
  /// translated by L - 1, so that the slices 0 and L - 1 change places.
  /// - Throws: `LatticeSymmetryError.dimension`, `.openDirection`.
  public func checkActs(
    on geometry: Geometry, boundary: Boundary
  ) throws(LatticeSymmetryError) {
    guard geometry.dimension == dimension else {
      throw .dimension(expected: geometry.dimension, found: dimension, element: label)
    }
    for mu in 0..<dimension where boundary.isOpen[mu] {
      let (nu, sign) = axes.image(of: mu)
      let extent = geometry.extents[mu]
      let shift = ((translation[nu] % extent) + extent) % extent
      let expected = sign > 0 ? 0 : extent - 1
      guard shift == expected else {
        throw .openDirection(
          element: label, direction: nu, expected: "\(expected) modulo \(extent)",
          found: translation[nu])
      }
    }
  }

  /// Refuses what does not map a lattice and its boundary on themselves.
  ///
  /// - Throws: `LatticeSymmetryError` of every kind but `.noGeometry`.
  public func checkPreserves(
    _ geometry: Geometry, boundary: Boundary
  ) throws(LatticeSymmetryError) {
    try checkActs(on: geometry, boundary: boundary)
    let target = image(of: geometry)
    guard target == geometry else {
      throw .extents(element: label, extents: geometry.extents, image: target.extents)
    }
    let turned = image(of: boundary)
    guard turned == boundary else {
      throw .boundary(
        element: label, boundary: boundary.description, image: turned.description)
    }
  }
}
