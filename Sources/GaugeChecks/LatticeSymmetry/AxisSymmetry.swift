import Lattice

/// A permutation of the axes of a lattice with reflections: an element of the hypercubic group about the
/// origin.
///
/// Direction mu goes to `images[mu].axis`, reversed where `images[mu].isReversed`. The site x goes to y
/// with y[axis] = x[mu], or -x[mu]. Extents go along, so that a lattice of unequal extents becomes
/// another one.
public struct AxisSymmetry: Sendable, Hashable, CustomStringConvertible {
  /// Where a direction goes.
  public struct Image: Sendable, Hashable {
    public let axis: Int
    public let isReversed: Bool

    public init(_ axis: Int, isReversed: Bool = false) {
      (self.axis, self.isReversed) = (axis, isReversed)
    }
  }

  /// Of every direction.
  public let images: [Image]

  /// - Parameter images: of every direction; their axes are a permutation.
  public init(_ images: [Image]) {
    precondition(
      images.map(\.axis).sorted() == Array(images.indices), "the axes of images are a permutation")
    self.images = images
  }

  /// Two axes change places.
  public static func exchange(_ mu: Int, _ nu: Int, dimension: Int) -> AxisSymmetry {
    AxisSymmetry((0..<dimension).map { Image($0 == mu ? nu : $0 == nu ? mu : $0) })
  }

  /// One axis is reversed.
  public static func reflection(_ mu: Int, dimension: Int) -> AxisSymmetry {
    AxisSymmetry((0..<dimension).map { Image($0, isReversed: $0 == mu) })
  }

  /// A quarter turn: mu becomes nu, and nu becomes -mu.
  public static func rotation(_ mu: Int, _ nu: Int, dimension: Int) -> AxisSymmetry {
    AxisSymmetry(
      (0..<dimension).map {
        $0 == mu ? Image(nu) : $0 == nu ? Image(mu, isReversed: true) : Image($0)
      })
  }

  /// Number of directions.
  public var dimension: Int { images.count }

  /// 1 for rotations, -1 for elements that change the orientation.
  public var determinant: Int {
    var sign = 1
    for (mu, image) in images.enumerated() {
      if image.isReversed { sign = -sign }
      for nu in 0..<mu where images[nu].axis > image.axis { sign = -sign }
    }
    return sign
  }

  /// The lattice with its extents permuted.
  public func image(of geometry: Geometry) -> Geometry {
    var extents = geometry.extents
    for (mu, image) in images.enumerated() { extents[image.axis] = geometry.extents[mu] }
    // Extents of a lattice make a lattice in any order.
    return try! Geometry(extents)
  }

  /// The serial index, on the lattice `target`, of the image of a site.
  func image(ofSite site: Int, of geometry: Geometry, on target: Geometry) -> Int {
    let x = geometry.coordinates(of: site)
    var y = x
    for (mu, image) in images.enumerated() { y[image.axis] = image.isReversed ? -x[mu] : x[mu] }
    return target.site(at: y)
  }

  /// Such as "(x, y) to (y, -x)".
  public var description: String {
    func name(_ axis: Int) -> String {
      axis == dimension - 1 && dimension > 1
        ? "t" : axis < 3 ? ["x", "y", "z"][axis] : "x\(axis)"
    }
    let from = images.indices.map(name).joined(separator: ", ")
    let to = images.map { ($0.isReversed ? "-" : "") + name($0.axis) }.joined(separator: ", ")
    return "(\(from)) to (\(to))"
  }
}

/// Sets of lattice symmetries that generate a group.
public enum AxisSymmetryGroup: Sendable, Hashable, CustomStringConvertible {
  /// All permutations and reflections of the axes.
  case hypercubic
  /// Those of determinant 1.
  case rotations
  /// All permutations, no reflections.
  case permutations
  /// All reflections, no permutations.
  case reflections
  /// Permutations and reflections of all axes but the last, time.
  case spatial
  /// These elements.
  case elements([AxisSymmetry])

  /// Elements that generate the group in some number of dimensions, simple ones first.
  public func generators(dimension d: Int) -> [AxisSymmetry] {
    func exchanges(_ d1: Int) -> [AxisSymmetry] {
      (1..<max(1, d1)).map { .exchange($0 - 1, $0, dimension: d) }
    }
    switch self {
    case .hypercubic: return exchanges(d) + reflections(d, d)
    case .rotations: return (1..<d).map { .rotation($0 - 1, $0, dimension: d) }
    case .permutations: return exchanges(d)
    case .reflections: return reflections(d, d)
    case .spatial: return exchanges(d - 1) + reflections(d - 1, d)
    case .elements(let elements): return elements.filter { $0.dimension == d }
    }
  }

  private func reflections(_ count: Int, _ d: Int) -> [AxisSymmetry] {
    (0..<count).map { .reflection($0, dimension: d) }
  }

  public var description: String {
    switch self {
    case .hypercubic: "hypercubic"
    case .rotations: "rotation"
    case .permutations: "axis permutation"
    case .reflections: "reflection"
    case .spatial: "spatial cubic"
    case .elements(let elements): elements.count == 1 ? "\(elements[0])" : "chosen lattice"
    }
  }
}
