import Groups

/// How the components of one field mix under a lattice group: `(g f)(x) = rho(g) f(g^-1 x)`.
///
/// Components that elements only permute, perhaps with signs, are kept as such, so that the regular
/// representation of B_4 costs no matrices. Two are equal where they act alike, whatever their names.
public struct FieldRepresentation: Sendable, Equatable, CustomStringConvertible {
  public let name: String
  public let dimension: Int
  let action: Action

  enum Action: Sendable, Equatable {
    /// Element g sends component i to `signs[g][i]` times component `images[g][i]`.
    case permutation(images: [[Int]], signs: [[Int]]?)
    case matrices([RealMatrix])
  }

  public var description: String { name }

  public static func == (a: Self, b: Self) -> Bool {
    a.dimension == b.dimension && a.action == b.action
  }

  /// Whether elements permute components without signs: the representations on which any function of single
  /// components is equivariant.
  public var isPermutation: Bool {
    if case .permutation(_, nil) = action { true } else { false }
  }

  /// Whether elements permute components, perhaps with signs: odd functions are equivariant.
  public var isSignedPermutation: Bool {
    if case .permutation = action { true } else { false }
  }

  /// Whether the sum of squares of the components is invariant, to 1e-12.
  public var isOrthogonal: Bool {
    guard case .matrices(let matrices) = action else { return true }
    return matrices.allSatisfy {
      ($0.transposed * $0 - .identity(dimension)).maximumMagnitude < 1e-12
    }
  }

  /// Whether every element leaves every component.
  public var isTrivial: Bool {
    guard case .permutation(let images, nil) = action else { return false }
    return images.allSatisfy { $0 == Array(0..<dimension) }
  }

  /// A representation of the lattice group's own finite group.
  ///
  /// - Throws: `.groups` where it is one of another group.
  public init(
    _ representation: Representation, of group: LatticeGroup
  ) throws(EquivariantError) {
    guard representation.group === group.group else {
      throw .groups(
        .differentGroups(expected: group.name, found: representation.group.name))
    }
    name = representation.name
    dimension = representation.dimension
    let n = dimension
    var (images, signs) = ([[Int]](), [[Int]]())
    for m in representation.matrices {
      var (image, sign) = ([Int](), [Int]())
      for j in 0..<n {
        let rows = (0..<n).filter { m[$0, j] != 0 }
        guard rows.count == 1, abs(m[rows[0], j]) == 1 else {
          action = .matrices(representation.matrices)
          return
        }
        image.append(rows[0])
        sign.append(m[rows[0], j] > 0 ? 1 : -1)
      }
      images.append(image)
      signs.append(sign)
    }
    let isPlain = signs.allSatisfy { $0.allSatisfy { $0 == 1 } }
    action = .permutation(images: images, signs: isPlain ? nil : signs)
  }

  /// Components that elements permute.
  init(name: String, images: [[Int]], signs: [[Int]]? = nil) {
    self.name = name
    dimension = images[0].count
    action = .permutation(images: images, signs: signs)
  }

  /// Components that matrices mix, known to be a representation.
  init(name: String, matrices: [RealMatrix]) {
    self.name = name
    dimension = matrices[0].rows
    action = .matrices(matrices)
  }

  /// One component that nothing changes.
  public static func scalar(_ group: LatticeGroup) -> FieldRepresentation {
    .init(name: "scalar", images: [[Int]](repeating: [0], count: group.order))
  }

  /// A component for every element, `(g f)(x, h) = f(g^-1 x, g^-1 h)`.
  public static func regular(_ group: LatticeGroup) -> FieldRepresentation {
    .init(
      name: "regular",
      images: (0..<group.order).map { g in
        (0..<group.order).map { group.group.product(g, $0) }
      })
  }

  /// A component for every axis, which turns and changes sign with it.
  public static func vector(_ group: LatticeGroup) -> FieldRepresentation {
    let images = group.axes.map { g in (0..<group.dimension).map { g.image(of: $0).axis } }
    let signs = group.axes.map { g in (0..<group.dimension).map { g.image(of: $0).sign } }
    let isPlain = signs.allSatisfy { $0.allSatisfy { $0 == 1 } }
    return .init(name: "vector", images: images, signs: isPlain ? nil : signs)
  }

  /// One component with the sign of the determinant.
  public static func pseudoscalar(_ group: LatticeGroup) -> FieldRepresentation {
    sign("pseudoscalar", group.axes.map(\.determinant))
  }

  /// One component that changes sign under charge conjugation.
  public static func chargeOdd(_ group: LatticeGroup) -> FieldRepresentation {
    sign("charge odd", group.group.operations!.map { $0.conjugatesCharge ? -1 : 1 })
  }

  private static func sign(_ name: String, _ signs: [Int]) -> FieldRepresentation {
    .init(
      name: name, images: [[Int]](repeating: [0], count: signs.count),
      signs: signs.allSatisfy { $0 == 1 } ? nil : signs.map { [$0] })
  }

  /// The matrix of an element.
  public func matrix(_ g: Int) -> RealMatrix {
    switch action {
    case .matrices(let matrices): return matrices[g]
    case .permutation(let images, let signs):
      var m = RealMatrix(rows: dimension, columns: dimension)
      for i in 0..<dimension { m[images[g][i], i] = Double(signs?[g][i] ?? 1) }
      return m
    }
  }
}
