import Groups
import Lattice

/// What the numbers of an observable, or the channels of a field, belong to: how they move when the axes of
/// the lattice do.
///
/// Labels repeat: a field of 2 d channels with labels `.vector` holds two vectors.
public enum FieldLabels: Sendable, Hashable, CaseIterable {
  /// Nothing: they do not change.
  case scalar
  /// They change sign with the orientation, as the topological charge.
  case pseudoscalar
  /// One for each direction; where a direction is reversed they change sign.
  case vector
  /// A vector times the determinant, such as a magnetic field in space.
  case pseudovector
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
  /// One for each plane, with a sign where the plane is turned over, as a field strength around a site.
  case fieldStrength
  /// T_mu_nu for mu <= nu, row by row, with the signs of both directions.
  case symmetricTensor
  /// One for each link that leaves the site upward, such as Re tr U_mu(x); a reversed one begins at its other
  /// end.
  case links
  /// The same with a sign where the link is reversed, such as an angle or A_mu(x).
  case linkVector
  /// One for each plaquette whose lowest corner is the site, such as Re tr P_mu_nu(x).
  case plaquettes
  /// The same with a sign where the plaquette is turned over, such as Im tr P_mu_nu(x).
  case plaquetteFieldStrength

  /// Where a label goes.
  public struct Image: Sendable, Hashable {
    /// The number of the label among all.
    public var index: Int
    /// A factor 1 or -1.
    public var sign = 1
    /// Whether a matrix, or a pair of real and imaginary part, is conjugated.
    public var isAdjoint = false
    /// Bit nu is set where the image lies one step below the image of the site in direction nu.
    public var lowered: UInt32 = 0
  }

  /// The number of labels in d directions.
  public func count(dimension d: Int) -> Int {
    switch self {
    case .scalar, .pseudoscalar: 1
    case .vector, .pseudovector, .directions, .orientedDirections, .links, .linkVector: d
    case .planes, .orientedPlanes, .fieldStrength, .plaquettes, .plaquetteFieldStrength:
      d * (d - 1) / 2
    case .symmetricTensor: d * (d + 1) / 2
    }
  }

  /// Where each of `count` labels goes.
  ///
  /// - Throws: `LatticeSymmetryError.channels` where `count` is no multiple of the number of labels.
  public func images(
    under axes: SignedPermutation, count: Int
  ) throws(LatticeSymmetryError) -> [Image] {
    let period = self.count(dimension: axes.dimension)
    guard count == 0 || (period > 0 && count % period == 0) else {
      throw .channels(labels: "labels \(self)", multipleOf: period, found: count)
    }
    if count == 0 { return [] }
    let one = images(under: axes)
    return (0..<count).map { k in
      var image = one[k % period]
      image.index += k / period * period
      return image
    }
  }

  private func images(under axes: SignedPermutation) -> [Image] {
    let d = axes.dimension
    switch self {
    case .scalar: return [Image(index: 0)]
    case .pseudoscalar: return [Image(index: 0, sign: axes.determinant)]
    case .vector, .pseudovector, .directions, .orientedDirections, .links, .linkVector:
      return (0..<d).map { mu in
        let (nu, sign) = axes.image(of: mu)
        var image = Image(index: nu)
        if self == .vector || self == .linkVector { image.sign = sign }
        if self == .pseudovector { image.sign = sign * axes.determinant }
        if self == .orientedDirections { image.isAdjoint = sign < 0 }
        if sign < 0 && (self == .links || self == .linkVector) { image.lowered = 1 << UInt32(nu) }
        return image
      }
    case .planes, .orientedPlanes, .fieldStrength, .plaquettes, .plaquetteFieldStrength:
      return pairs(d).filter { $0.0 < $0.1 }.map { planeImage($0, axes) }
    case .symmetricTensor:
      let pairs = pairs(d)
      return pairs.map { mu, nu in
        let (a, b) = (axes.image(of: mu), axes.image(of: nu))
        let target = (min(a.axis, b.axis), max(a.axis, b.axis))
        return Image(index: pairs.firstIndex { $0 == target }!, sign: a.sign * b.sign)
      }
    }
  }

  private func pairs(_ d: Int) -> [(Int, Int)] {
    (0..<d).flatMap { mu in (mu..<d).map { (mu, $0) } }
  }

  private func planeImage(_ plane: (Int, Int), _ axes: SignedPermutation) -> Image {
    let (a, b) = (axes.image(of: plane.0), axes.image(of: plane.1))
    let isTurned = (a.axis > b.axis) != (a.sign * b.sign < 0)
    var image = Image(
      index: Geometry.planeIndex(a.axis, b.axis, dimension: axes.dimension),
      isAdjoint: self == .orientedPlanes && isTurned)
    if isTurned && (self == .fieldStrength || self == .plaquetteFieldStrength) { image.sign = -1 }
    if self == .plaquettes || self == .plaquetteFieldStrength {
      for end in [a, b] where end.sign < 0 { image.lowered |= 1 << UInt32(end.axis) }
    }
    return image
  }

  /// Whether two real numbers belong to one label.
  public var isComplex: Bool { self == .orientedDirections || self == .orientedPlanes }

  /// The numbers of an observable on the turned lattice.
  ///
  /// - Throws: `LatticeSymmetryError.channels`.
  public func image(
    of numbers: [Double], under axes: SignedPermutation
  ) throws(LatticeSymmetryError) -> [Double] {
    let perLabel = isComplex ? 2 : 1
    guard numbers.count % perLabel == 0 else {
      throw .channels(
        labels: "the parts of complex labels \(self)", multipleOf: 2, found: numbers.count)
    }
    var result = numbers
    for (k, image) in try images(under: axes, count: numbers.count / perLabel).enumerated() {
      for part in 0..<perLabel {
        let sign = Double(image.sign) * (image.isAdjoint && part == 1 ? -1 : 1)
        result[image.index * perLabel + part] = sign * numbers[k * perLabel + part]
      }
    }
    return result
  }
}
