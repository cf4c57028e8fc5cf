/// A representation divided into irreducible ones.
public struct Decomposition: Sendable {
  /// One irreducible part.
  public struct Part: Sendable {
    public let irrep: Irrep
    /// Which of the equal parts it is, from 0.
    public let copy: Int
    /// Columns of `basis` that span it.
    public let columns: Range<Int>
  }

  /// How often each of `group.irreps` occurs.
  public let multiplicities: [Int]

  /// The parts, in the order of `group.irreps`.
  public let parts: [Part]

  /// Columns are the new basis S: S^-1 matrix(g) S has the matrices of the parts along its diagonal, exactly
  /// those of `irrep.matrix(g)`. Orthogonal where the representation is.
  public let basis: RealMatrix

  /// S^-1.
  public let inverseBasis: RealMatrix

  /// The components of a vector in a part.
  public func components(of vector: [Double], in part: Part) -> [Double] {
    precondition(vector.count == basis.rows, "the vector has another dimension")
    return part.columns.map { row in
      var sum = 0.0
      for j in vector.indices { sum += inverseBasis[row, j] * vector[j] }
      return sum
    }
  }
}

extension Representation {
  /// The division into irreducible representations, with the basis in which it shows.
  ///
  /// A map T = sum_g matrix(g) v e_1^T D(g)^T from the irreducible D commutes with the group, and T^T T is a
  /// multiple of 1, so its columns are a copy of D; what is orthogonal to the copies so far is invariant. A
  /// representation that is not orthogonal is made so first by an invariant scalar product.
  /// - Throws: nothing for a representation that was not refused when it was made.
  public func decomposed() throws(GroupError) -> Decomposition {
    let multiplicities = try multiplicities()
    let (orthogonal, change) = orthogonalized()
    var columns: [[Double]] = []
    var parts: [Decomposition.Part] = []
    for (irrep, multiplicity) in zip(group.irreps, multiplicities) where multiplicity > 0 {
      var found = OrthonormalBasis()
      let projector = orthogonal.firstComponent(of: irrep)
      for copy in 0..<multiplicity {
        let copyColumns = orthogonal.copy(of: irrep, projector, &found)
        parts.append(
          .init(
            irrep: irrep, copy: copy,
            columns: columns.count..<(columns.count + irrep.dimension)))
        columns += copyColumns
      }
    }
    var basis = RealMatrix(columns: columns, rows: dimension).orthogonalPolished()
    var inverse = basis.transposed
    if let change {
      basis = change.matrix * basis
      inverse = inverse * change.inverse
    }
    return Decomposition(
      multiplicities: multiplicities, parts: parts, basis: basis, inverseBasis: inverse)
  }

  /// (D/|G|) sum_g D(g)_11 matrix(g): vectors whose first component in a copy of D is what counts.
  private func firstComponent(of irrep: Irrep) -> RealMatrix {
    let d = irrep.dimension
    var sum = RealMatrix(rows: dimension, columns: dimension)
    for g in 0..<group.order {
      let x = irrep.matrices[g * d * d] * Double(d) / Double(group.order)
      if x == 0 { continue }
      for i in sum.elements.indices { sum.elements[i] += x * matrices[g].elements[i] }
    }
    return sum
  }

  /// The columns of one more copy, orthogonal to those found.
  private func copy(
    of irrep: Irrep, _ projector: RealMatrix, _ found: inout OrthonormalBasis
  ) -> [[Double]] {
    // The column of the projector that is largest outside of what was found.
    var best: [Double] = []
    var largest = -1.0
    for j in 0..<dimension {
      let rest = found.remainder(of: projector.column(j))
      let norm = dot(rest, rest)
      if norm > largest * (1 + 1e-9) { (largest, best) = (norm, rest) }
    }
    let d = irrep.dimension
    var columns = [[Double]](repeating: [Double](repeating: 0, count: dimension), count: d)
    for g in 0..<group.order {
      let moved = matrices[g] * best
      for i in 0..<d {
        let x = irrep.matrices[g * d * d + i * d]
        if x == 0 { continue }
        for k in 0..<dimension { columns[i][k] += x * moved[k] }
      }
    }
    let scale = 1 / dot(columns[0], columns[0]).squareRoot()
    columns = columns.map { column in column.map { $0 * scale } }
    for column in columns { found.append(column, threshold: 0) }
    return columns
  }

  /// An equivalent orthogonal representation C^-1 matrix(g) C, and C; nil for C where it is orthogonal.
  func orthogonalized() -> (Representation, (matrix: RealMatrix, inverse: RealMatrix)?) {
    if isOrthogonal { return (self, nil) }
    // The invariant scalar product M = mean of matrix^T matrix; C = M^(-1/2).
    var mean = RealMatrix(rows: dimension, columns: dimension)
    for m in matrices { mean = mean + 1 / Double(group.order) * (m.transposed * m) }
    let eigen = SymmetricEigenvalues(mean)
    func power(_ exponent: (Double) -> Double) -> RealMatrix {
      let scaled = RealMatrix(rows: dimension, columns: dimension) {
        eigen.vectors[$0, $1] * exponent(eigen.values[$1])
      }
      return scaled * eigen.vectors.transposed
    }
    let root = power { $0.squareRoot() }
    let inverseRoot = power { 1 / $0.squareRoot() }
    let turned = matrices.map { (root * $0 * inverseRoot).orthogonalPolished() }
    return (Representation(unchecked: group, name, turned), (inverseRoot, root))
  }
}
