import Groups

/// What the matrix channels of a feature belong to, where the symmetries of the lattice permute them without
/// signs and without adjoints.
///
/// Signed directions a are numbered 2 mu forward and 2 mu + 1 backward.
public enum PermutedLabels: String, Codable, Sendable, CaseIterable {
  /// Nothing: one channel that stays.
  case scalar
  /// Signed directions, 2 d: Polyakov loops that begin with a, sums of the corners that do.
  case directions
  /// Ordered pairs mu != nu of axes, d (d - 1): clover sums. A reflection of either axis turns the sense of
  /// the loops around and exchanges (mu, nu) with (nu, mu), and so does exchanging the axes.
  case orientedPlanes
  /// Ordered pairs (a, b) of signed directions of different axes, 4 d (d - 1): the plaquette that leaves x along a
  /// and comes back along b. (b, a) is its adjoint.
  case corners
  /// The elements of the group, moved by products from the left.
  case regular

  /// The number of labels under a group of signed permutations.
  public func count(under group: FiniteGroup) -> Int {
    self == .regular
      ? group.order : count(dimension: group.operations?[0].axes.dimension ?? 0)
  }

  /// The number of labels of places; 0 for elements, which a group has.
  func count(dimension d: Int) -> Int {
    switch self {
    case .scalar: 1
    case .directions: 2 * d
    case .orientedPlanes: d * (d - 1)
    case .corners: 4 * d * (d - 1)
    case .regular: 0
    }
  }

  /// The ordered pairs of axes, in the order of the labels.
  static func planes(_ d: Int) -> [(Int, Int)] {
    (0..<d).flatMap { mu in (0..<d).filter { $0 != mu }.map { (mu, $0) } }
  }

  /// The ordered pairs of signed directions, in the order of the labels.
  static func corners(_ d: Int) -> [(Int, Int)] {
    (0..<(2 * d)).flatMap { a in (0..<(2 * d)).filter { $0 / 2 != a / 2 }.map { (a, $0) } }
  }

  /// The places of (b, a) for all corners (a, b): whatever reads real traces alone cannot tell the two apart.
  public static func reversedCorners(dimension: Int) -> [(Int, Int)] {
    let pairs = corners(dimension)
    return pairs.indices.map { i in
      (i, pairs.firstIndex { $0 == (pairs[i].1, pairs[i].0) }!)
    }
  }

  /// Where an element sends every label.
  func images(under element: Int, of group: FiniteGroup) -> [Int] {
    if self == .regular { return (0..<group.order).map { group.product(element, $0) } }
    let axes = group.operations![element].axes
    let d = axes.dimension
    func image(_ a: Int) -> Int { axes.signedImage(a) }
    switch self {
    case .scalar: return [0]
    case .directions: return (0..<(2 * d)).map(image)
    case .orientedPlanes:
      return Self.planes(d).map { mu, nu in
        let (a, b) = (image(2 * mu), image(2 * nu))
        let (first, second) = (a + b) % 2 == 0 ? (a / 2, b / 2) : (b / 2, a / 2)
        return first * (d - 1) + second - (second > first ? 1 : 0)
      }
    case .corners:
      return Self.corners(d).map { a, b in
        let (first, second) = (image(a), image(b))
        return first * 2 * (d - 1) + second - (second > first ? 2 : 0)
      }
    case .regular: preconditionFailure("the labels of elements")
    }
  }

  /// For every label 0 where it steps forward in the last direction, time, 1 where it steps backward and nil where
  /// it does neither; nil for labels that do not know.
  func senseOfTime(under group: FiniteGroup) -> [Int?]? {
    let d = group.operations![0].axes.dimension
    func sense(_ a: Int) -> Int? { a / 2 == d - 1 ? a % 2 : nil }
    return switch self {
    case .scalar, .orientedPlanes: nil
    case .directions: (0..<(2 * d)).map(sense)
    case .corners: Self.corners(d).map { sense($0) ?? sense($1) }
    case .regular: group.operations!.map { $0.axes.image(of: d - 1).sign < 0 ? 1 : 0 }
    }
  }
}

extension SignedPermutation {
  /// The image of a signed direction.
  func signedImage(_ a: Int) -> Int {
    let (axis, sign) = image(of: a / 2)
    return 2 * axis + (sign < 0 ? 1 - a % 2 : a % 2)
  }
}
