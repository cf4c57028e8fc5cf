extension Representation {
  /// Vectors: the matrices on the axes.
  ///
  /// - Throws: `GroupError.noGeometry` where the group acts on no axes.
  public static func vector(_ group: FiniteGroup) throws(GroupError) -> Representation {
    guard let matrices = group.matrices else {
      throw .noGeometry(group: group.name, needed: "matrices on axes")
    }
    return Representation(unchecked: group, "vector", matrices)
  }

  /// Quantities per axis without a sense, such as |L_mu| or the energy of links: the axes permuted.
  ///
  /// - Throws: `GroupError.noGeometry` where the elements are no signed permutations.
  public static func axes(_ group: FiniteGroup) throws(GroupError) -> Representation {
    let operations = try Self.operations(group)
    return Representation(
      unchecked: group, "axes",
      operations.map { g in
        RealMatrix(rows: g.axes.dimension, columns: g.axes.dimension) {
          g.axes.image(of: $1).axis == $0 ? 1 : 0
        }
      })
  }

  /// Quantities per plane without a sense, such as Re tr P_mu_nu: the planes mu < nu permuted.
  ///
  /// - Throws: `GroupError.noGeometry` where the elements are no signed permutations of two axes or more.
  public static func planes(_ group: FiniteGroup) throws(GroupError) -> Representation {
    try ofPlanes(group, "planes") { _, _ in 1 }
  }

  /// Quantities per plane with a sense, such as F_mu_nu or Im tr P_mu_nu, odd under an exchange of axes.
  ///
  /// Charge conjugation does not act: what it changes is the product with `chargeParity`.
  /// - Throws: as `planes`.
  public static func fieldStrength(_ group: FiniteGroup) throws(GroupError) -> Representation {
    try ofPlanes(group, "field strength") { a, b in
      a.sign * b.sign * (a.axis < b.axis ? 1 : -1)
    }
  }

  /// T_mu_nu: symmetric tensors, orthonormal (`symmetricSquare`).
  ///
  /// - Throws: `GroupError.noGeometry` where the group acts on no axes.
  public static func symmetricTensor(_ group: FiniteGroup) throws(GroupError) -> Representation {
    try vector(group).symmetricSquare
  }

  /// A pseudoscalar such as the topological charge: the determinant.
  ///
  /// - Throws: `GroupError.noGeometry` where the elements are no signed permutations.
  public static func pseudoscalar(_ group: FiniteGroup) throws(GroupError) -> Representation {
    Representation(
      unchecked: group, "pseudoscalar",
      try operations(group).map { Double($0.axes.determinant) * RealMatrix.identity(1) })
  }

  /// The sign under charge conjugation: what it changes by -1 is a product with this.
  ///
  /// - Throws: `GroupError.noGeometry` where the elements are no symmetry operations.
  public static func chargeParity(_ group: FiniteGroup) throws(GroupError) -> Representation {
    Representation(
      unchecked: group, "charge parity",
      try operations(group).map { ($0.conjugatesCharge ? -1 : 1) * RealMatrix.identity(1) })
  }

  private static func ofPlanes(
    _ group: FiniteGroup, _ name: String,
    sign: ((axis: Int, sign: Int), (axis: Int, sign: Int)) -> Int
  ) throws(GroupError) -> Representation {
    let operations = try operations(group)
    let n = operations[0].axes.dimension
    guard n >= 2 else {
      throw .noGeometry(group: group.name, needed: "signed permutations of two axes or more")
    }
    let planes = (0..<n).flatMap { mu in ((mu + 1)..<max(n, mu + 1)).map { [mu, $0] } }
    return Representation(
      unchecked: group, name,
      operations.map { g in
        var m = RealMatrix(rows: planes.count, columns: planes.count)
        for (p, plane) in planes.enumerated() {
          let (a, b) = (g.axes.image(of: plane[0]), g.axes.image(of: plane[1]))
          let image = planes.firstIndex(of: [min(a.axis, b.axis), max(a.axis, b.axis)])!
          m[image, p] = Double(sign(a, b))
        }
        return m
      })
  }

  private static func operations(
    _ group: FiniteGroup
  ) throws(GroupError) -> [SymmetryOperation] {
    guard let operations = group.operations else {
      throw .noGeometry(group: group.name, needed: "signed permutations of axes")
    }
    return operations
  }
}
