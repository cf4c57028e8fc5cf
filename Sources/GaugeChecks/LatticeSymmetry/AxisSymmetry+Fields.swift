import ComplexModule
import Compute
import Lattice

extension AxisSymmetry {
  /// The links of the turned lattice: with nu the image of mu, U'_nu(Sx) = U_mu(x), and where mu is
  /// reversed, U'_nu(Sx - nu) = U_mu(x)^dagger. Periodic lattices only.
  public func applied<Scalar>(to links: LinkField<Scalar>) -> LinkField<Scalar> {
    precondition(!links.boundary.anyOpen, "lattice symmetries act on periodic lattices")
    let target = image(of: links.geometry)
    var result = try! LinkField<Scalar>(target, group: links.group, batch: links.batch)
    forEachLink(links.geometry, target) { site, mu, place, nu, isReversed in
      for member in 0..<links.batch {
        let u = links[site, mu, member]
        result[place, nu, member] = isReversed ? u.adjoint : u
      }
    }
    return result
  }

  /// Momenta of the turned links: P'_nu(Sx) = P_mu(x), and where mu is reversed
  /// P'_nu(Sx - nu) = -U_mu(x)^dagger P_mu(x) U_mu(x), which is d/ds of U'_nu in U -> exp(s P) U.
  public func applied<Scalar>(
    to momenta: AlgebraField<Scalar>, over links: LinkField<Scalar>
  ) -> AlgebraField<Scalar> {
    let target = image(of: links.geometry)
    let layout = try! Layout.shared(
      target, batch: links.batch, laneCount: Scalar.Lanes.scalarCount)
    var result = AlgebraField<Scalar>(layout: layout, group: links.group)
    forEachLink(links.geometry, target) { site, mu, place, nu, isReversed in
      for member in 0..<links.batch {
        let (u, p) = (links[site, mu, member], momenta[site, mu, member])
        result[place, nu, member] = isReversed ? Complex(-1) * (u.adjoint * p * u) : p
      }
    }
    return result
  }

  /// Matrices at sites: W'_c'(Sx) = W_c(x), with channels as `labels` says.
  public func applied<Scalar>(
    to field: SiteField<Scalar>, labels: OutputLabels = .scalar
  ) -> SiteField<Scalar> {
    let target = image(of: field.geometry)
    let layout = try! Layout.shared(
      target, batch: field.layout.batch, laneCount: Scalar.Lanes.scalarCount)
    var result = SiteField<Scalar>(layout: layout, group: field.group, channels: field.channels)
    let images = labels.images(under: self, count: field.channels)
    for site in 0..<field.geometry.volume {
      let place = image(ofSite: site, of: field.geometry, on: target)
      for (channel, image) in images.enumerated() {
        for member in 0..<field.layout.batch {
          let w = field[site, channel, member]
          result[place, image.index, member] =
            image.isAdjoint ? w.adjoint : Complex(Double(image.sign)) * w
        }
      }
    }
    return result
  }

  private func forEachLink(
    _ geometry: Geometry, _ target: Geometry,
    _ body: (_ site: Int, _ mu: Int, _ place: Int, _ nu: Int, _ isReversed: Bool) -> Void
  ) {
    for site in 0..<geometry.volume {
      let moved = image(ofSite: site, of: geometry, on: target)
      for (mu, image) in images.enumerated() {
        let place =
          image.isReversed ? target.neighbour(of: moved, direction: image.axis, steps: -1) : moved
        body(site, mu, place, image.axis, image.isReversed)
      }
    }
  }
}

/// What the numbers of an observable, or the channels of a field, belong to: how they move when the axes
/// of the lattice do.
public enum OutputLabels: Sendable, Hashable {
  /// Nothing: they do not change.
  case scalar
  /// They change sign with the orientation, as the topological charge.
  case pseudoscalar
  /// One for each direction; where a direction is reversed they do not change.
  case directions
  /// One complex number (two real ones), or one matrix, for each direction, conjugated where it is
  /// reversed, as Polyakov loops. Of matrices this says nothing but for permutations, since the loop
  /// around the other way may begin elsewhere.
  case orientedDirections
  /// One for each plane in the order of `Geometry.planes`.
  case planes
  /// One complex number (two real ones), or one matrix, for each plane, conjugated where the plane is
  /// turned over, as plaquettes.
  case orientedPlanes
  /// One for each plane, with a sign where the plane is turned over, as a field strength.
  case fieldStrength

  struct LabelImage {
    var index: Int
    var sign = 1
    /// Whether a matrix, or a pair of real and imaginary part, is conjugated.
    var isAdjoint = false
  }

  /// Where each of `count` labels goes.
  func images(under symmetry: AxisSymmetry, count: Int) -> [LabelImage] {
    let d = symmetry.dimension
    switch self {
    case .scalar: return (0..<count).map { LabelImage(index: $0) }
    case .pseudoscalar:
      return (0..<count).map { LabelImage(index: $0, sign: symmetry.determinant) }
    case .directions, .orientedDirections:
      precondition(count % d == 0, "\(count) outputs cannot belong to \(d) directions")
      return (0..<count).map { k in
        let image = symmetry.images[k % d]
        return LabelImage(
          index: k / d * d + image.axis,
          isAdjoint: self == .orientedDirections && image.isReversed)
      }
    case .planes, .orientedPlanes, .fieldStrength:
      let pairs = (0..<d).flatMap { mu in ((mu + 1)..<d).map { (mu, $0) } }
      precondition(
        count % pairs.count == 0, "\(count) outputs cannot belong to \(pairs.count) planes")
      return (0..<count).map { k in
        let (mu, nu) = pairs[k % pairs.count]
        let (a, b) = (symmetry.images[mu], symmetry.images[nu])
        let isTurned = (a.axis > b.axis) != (a.isReversed != b.isReversed)
        return LabelImage(
          index: k / pairs.count * pairs.count
            + Geometry.planeIndex(a.axis, b.axis, dimension: d),
          sign: self == .fieldStrength && isTurned ? -1 : 1,
          isAdjoint: self == .orientedPlanes && isTurned)
      }
    }
  }

  /// The numbers of an observable on the turned lattice.
  func applied(_ symmetry: AxisSymmetry, to numbers: [Double]) -> [Double] {
    let perLabel = self == .orientedDirections || self == .orientedPlanes ? 2 : 1
    precondition(numbers.count % perLabel == 0, "complex numbers have two parts")
    var result = numbers
    for (k, image) in images(under: symmetry, count: numbers.count / perLabel).enumerated() {
      for part in 0..<perLabel {
        let sign = Double(image.sign) * (image.isAdjoint && part == 1 ? -1 : 1)
        result[image.index * perLabel + part] = sign * numbers[k * perLabel + part]
      }
    }
    return result
  }
}
