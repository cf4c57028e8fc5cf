import ComplexModule
import RealModule

/// Makes the real irreducible matrices of any group from its characters.
struct IrrepConstruction {
  let group: FiniteGroup

  /// An irreducible character over the real numbers, before matrices.
  struct Shape {
    /// Rows of the complex table.
    var rows: [Int]
    var type: IrrepType
    var dimension: Int
    /// The value on each class.
    var character: [Double]

    var commutantDimension: Int { type == .real ? 1 : type == .complex ? 2 : 4 }
  }

  func irreps() -> [Irrep] {
    let shapes = self.shapes()
    let names = IrrepNames.names(of: group, shapes.map(\.character))
    let signs = shapes.filter { $0.dimension == 1 }.map(\.character)
    let adapted = AdaptedMatrices(group)
    return shapes.enumerated().map { index, shape in
      Irrep(
        name: names[index], index: index, dimension: shape.dimension, type: shape.type,
        classCharacter: shape.character, complexRows: shape.rows,
        matrices: matrices(of: shape, signs, adapted))
    }
  }

  /// Real characters, and twice the real parts of others, one for each conjugate pair.
  private func shapes() -> [Shape] {
    let table = group.characters
    var shapes: [Shape] = []
    var paired: Set<Int> = []
    for (i, row) in table.rows.enumerated() where !paired.contains(i) {
      let real = row.values.map(\.real)
      switch row.indicator {
      case 1:
        shapes.append(
          Shape(rows: [i], type: .real, dimension: row.dimension, character: real))
      case -1:
        shapes.append(
          Shape(
            rows: [i], type: .quaternionic, dimension: 2 * row.dimension,
            character: real.map { 2 * $0 }))
      default:
        let conjugate = table.rows.indices.first { j in
          j != i && table.rows[j].dimension == row.dimension
            && zip(table.rows[j].values, row.values).allSatisfy {
              ($0 - $1.conjugate).length < 1e-9
            }
        }!
        paired.insert(conjugate)
        shapes.append(
          Shape(
            rows: [i, conjugate], type: .complex, dimension: 2 * row.dimension,
            character: real.map { 2 * $0 }))
      }
    }
    return shapes.sorted { a, b in
      if a.dimension != b.dimension { return a.dimension < b.dimension }
      for (x, y) in zip(a.character, b.character) where (x - y).magnitude > 1e-9 { return x > y }
      return a.rows[0] < b.rows[0]
    }
  }

  private func matrices(
    of shape: Shape, _ signs: [[Double]], _ adapted: AdaptedMatrices
  ) -> [Double] {
    if shape.dimension == 1 {
      return (0..<group.order).map { shape.character[group.classOfElement[$0]] }
    }
    if shape.type == .complex && shape.dimension == 2 {
      return turns(group.characters.rows[shape.rows[0]])
    }
    if let own = spatialMatrices(shape, signs) { return own }
    // An unlucky generic element is replaced by another one.
    for attempt in 0..<100 {
      guard let ideal = MinimalIdeal(group, shape, attempt: attempt) else { continue }
      let found = adapted.matrices(of: ideal)
      if isRepresentation(found, shape) { return found }
    }
    preconditionFailure("no irreducible matrices were found for \(group.name)")
  }

  /// A pair of conjugate characters of dimension 1 as turns of the plane.
  private func turns(_ row: CharacterTable.Row) -> [Double] {
    (0..<group.order).flatMap { g in
      let z = row.values[group.classOfElement[g]]
      return [z.real, -z.imaginary, z.imaginary, z.real]
    }
  }

  /// The matrices on space times a character +-1, where that is this representation.
  private func spatialMatrices(_ shape: Shape, _ signs: [[Double]]) -> [Double]? {
    guard let space = group.matrices, space[0].rows == shape.dimension, shape.type == .real,
      space.allSatisfy({
        ($0.transposed * $0 - .identity(shape.dimension)).maximumMagnitude < 1e-14
      })
    else { return nil }
    for sign in signs {
      let matches = group.classes.enumerated().allSatisfy { c, members in
        (space[members.first].trace * sign[c] - shape.character[c]).magnitude < 1e-9
      }
      if matches {
        return (0..<group.order).flatMap { g in
          space[g].elements.map { $0 * sign[group.classOfElement[g]] }
        }
      }
    }
    return nil
  }

  /// The right traces, and products with generators for some elements, to 1e-11.
  private func isRepresentation(_ matrices: [Double], _ shape: Shape) -> Bool {
    let (n, d) = (group.order, shape.dimension)
    func matrix(_ g: Int) -> RealMatrix {
      RealMatrix(rows: d, columns: d, elements: Array(matrices[(g * d * d)..<((g + 1) * d * d)]))
    }
    for g in 0..<n {
      var trace = 0.0
      for i in 0..<d { trace += matrices[g * d * d + i * (d + 1)] }
      guard (trace - shape.character[group.classOfElement[g]]).magnitude < 1e-11 else {
        return false
      }
    }
    for g in stride(from: 0, to: n, by: max(1, n / 64)) {
      for s in group.generators {
        let deviation = matrix(g) * matrix(s) - matrix(group.product(g, s))
        guard deviation.maximumMagnitude < 1e-11 else { return false }
      }
    }
    return true
  }
}
