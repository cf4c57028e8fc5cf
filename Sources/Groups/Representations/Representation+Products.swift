extension Representation {
  /// Both side by side.
  ///
  /// - Throws: `GroupError.differentGroups`.
  public func directSum(_ other: Representation) throws(GroupError) -> Representation {
    try checkGroup(other)
    return Representation(
      unchecked: group, "\(name) + \(other.name)",
      zip(matrices, other.matrices).map { $0.directSum($1) })
  }

  /// The tensor product; component (i, j) has number i * other.dimension + j.
  ///
  /// - Throws: `GroupError.differentGroups`.
  public func tensorProduct(_ other: Representation) throws(GroupError) -> Representation {
    try checkGroup(other)
    return Representation(
      unchecked: group, "(\(name)) x (\(other.name))",
      zip(matrices, other.matrices).map { $0.kronecker($1) })
  }

  /// Symmetric tensors of rank 2 in the orthonormal basis e_i e_i, (e_i e_j + e_j e_i) / sqrt 2, pairs i <= j
  /// in lexical order: T_mu_nu for the vector.
  public var symmetricSquare: Representation {
    let n = dimension
    let pairs = (0..<n).flatMap { i in (i..<n).map { (i, $0) } }
    return square("symmetric square of \(name)", pairs, sign: 1)
  }

  /// Antisymmetric tensors of rank 2 in the orthonormal basis (e_i e_j - e_j e_i) / sqrt 2, pairs i < j in
  /// lexical order: F_mu_nu for the vector.
  public var alternatingSquare: Representation {
    let n = dimension
    let pairs = (0..<n).flatMap { i in ((i + 1)..<max(n, i + 1)).map { (i, $0) } }
    return square("alternating square of \(name)", pairs, sign: -1)
  }

  private func square(_ name: String, _ pairs: [(Int, Int)], sign: Double) -> Representation {
    let root = Double(2).squareRoot()
    return Representation(
      unchecked: group, name,
      matrices.map { m in
        RealMatrix(rows: pairs.count, columns: pairs.count) { row, column in
          let ((i, j), (k, l)) = (pairs[row], pairs[column])
          if k == l { return (i == j ? 1 : root) * m[i, k] * m[j, k] }
          let both = m[i, k] * m[j, l] + sign * m[i, l] * m[j, k]
          return i == j ? both / root : both
        }
      })
  }

  /// The transposed inverse matrices; the representation itself where it is orthogonal.
  public var dual: Representation {
    Representation(
      unchecked: group, "dual of \(name)",
      (0..<group.order).map { matrices[group.inverse($0)].transposed })
  }

  func checkGroup(_ other: Representation) throws(GroupError) {
    guard group === other.group else {
      throw .differentGroups(expected: group.name, found: other.group.name)
    }
  }
}
