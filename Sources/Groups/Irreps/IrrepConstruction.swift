import ComplexModule
import RealModule

/// Makes the real irreducible matrices of any group from its characters.
///
/// A minimal left ideal of the group algebra is an irreducible representation. It is found among functions
/// on the group that belong to the character from the left and to a character +-1 of a cyclic subgroup from
/// the right, which leaves few copies; a generic symmetric element of the algebra, acting from the right,
/// tells those apart.
struct IrrepConstruction {
  let group: FiniteGroup

  /// Characters over the real numbers, before matrices.
  private struct Shape {
    var rows: [Int]
    var type: IrrepType
    var dimension: Int
    var character: [Double]

    var commutantDimension: Int { type == .real ? 1 : type == .complex ? 2 : 4 }
  }

  func irreps() -> [Irrep] {
    let shapes = self.shapes()
    let names = IrrepNames.names(of: group, shapes.map(\.character))
    let signs = shapes.filter { $0.dimension == 1 }.map(\.character)
    let chain = axisChain()
    return shapes.enumerated().map { index, shape in
      Irrep(
        name: names[index], index: index, dimension: shape.dimension, type: shape.type,
        classCharacter: shape.character, complexRows: shape.rows,
        matrices: matrices(of: shape, signs, chain))
    }
  }

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
    of shape: Shape, _ signs: [[Double]], _ chain: [Subgroup]
  ) -> [Double] {
    if shape.dimension == 1 {
      return (0..<group.order).map { shape.character[group.classOfElement[$0]] }
    }
    if shape.type == .complex && shape.dimension == 2 {
      return turns(group.characters.rows[shape.rows[0]])
    }
    if let own = spatialMatrices(shape, signs) { return own }
    for attempt in 0..<100 {
      guard let functions = minimalIdeal(shape, attempt) else { continue }
      let raw = matrices(on: functions)
      let found = adapted(raw, shape, chain)
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
        ($0.transposed * $0 - .identity(shape.dimension)).maximumMagnitude < 1e-13
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

  /// D orthonormal functions on the group that span a minimal left ideal; nil where the generic element was
  /// not generic enough.
  private func minimalIdeal(_ shape: Shape, _ attempt: Int) -> [[Double]]? {
    let n = group.order
    var random = FixedRandomNumbers(seed: 3 + UInt64(attempt))
    let (powers, right) = bestCyclicCharacter(shape)
    let seed = (0..<n).map { g in
      zip(powers, right).reduce(0) {
        $0 + $1.1 * shape.character[group.classOfElement[group.product(g, $1.0)]]
      }
    }
    let multiplicity =
      zip(powers, right).reduce(0) {
        $0 + $1.1 * shape.character[group.classOfElement[$1.0]]
      } / Double(powers.count)
    let copies = Int((multiplicity / Double(shape.commutantDimension)).rounded())
    let wanted = shape.dimension * copies

    // Left translates of the seed span the ideal; the threshold keeps the basis well conditioned.
    var basis = OrthonormalBasis()
    for threshold in [0.5, 0.1, 0.01, 1e-4] {
      for x in 0..<n where basis.vectors.count < wanted {
        let y = group.inverse(x)
        basis.append((0..<n).map { seed[group.product(y, $0)] }, threshold: threshold)
      }
    }
    guard basis.vectors.count == wanted else { return nil }
    if copies == 1 { return basis.vectors }

    // A symmetric element of the algebra from the right, between the copies.
    var element = [Double](repeating: 0, count: n)
    for _ in 0..<min(n, 12) {
      let (g, weight) = (random.below(n), random.symmetric())
      element[g] += weight
      element[group.inverse(g)] += weight
    }
    let images = basis.vectors.map { f in
      var image = [Double](repeating: 0, count: n)
      for k in 0..<n where element[k] != 0 {
        for g in 0..<n { image[g] += element[k] * f[group.product(g, k)] }
      }
      return image
    }
    var compressed = RealMatrix(rows: wanted, columns: wanted) {
      dot(basis.vectors[$0], images[$1])
    }
    compressed = 0.5 * (compressed + compressed.transposed)
    let eigen = SymmetricEigenvalues(compressed)
    let spread = max(eigen.values.last! - eigen.values[0], 1e-300)
    var start = 0
    while start < wanted {
      var end = start + 1
      while end < wanted, eigen.values[end] - eigen.values[end - 1] < 1e-4 * spread { end += 1 }
      if end - start == shape.dimension {
        return (start..<end).map { column in
          var f = [Double](repeating: 0, count: n)
          for (i, b) in basis.vectors.enumerated() {
            let c = eigen.vectors[i, column]
            for g in 0..<n { f[g] += c * b[g] }
          }
          return f
        }
      }
      start = end
    }
    return nil
  }

  /// The powers of an element and a character +-1 of them that occurs as rarely as possible, but occurs.
  private func bestCyclicCharacter(_ shape: Shape) -> (powers: [Int], character: [Double]) {
    var best: (powers: [Int], character: [Double]) = ([0], [1])
    var least = Double(shape.dimension)
    for c in group.classes {
      let powers = (0..<c.elementOrder).map { group.power(c.first, $0) }
      for sign in c.elementOrder % 2 == 0 ? [1.0, -1.0] : [1.0] {
        let character = powers.indices.map { $0 % 2 == 0 ? 1 : sign }
        let multiplicity =
          zip(powers, character).reduce(0) {
            $0 + $1.1 * shape.character[group.classOfElement[$1.0]]
          } / Double(powers.count)
        if multiplicity > 0.5 && multiplicity < least - 0.5 {
          (least, best) = (multiplicity, (powers, character))
        }
      }
    }
    return best
  }

  /// Matrices of the left translations on D functions b_j: b_j(g^-1 h) = sum_i M(g)_ij b_i(h), from enough
  /// points h by least squares.
  private func matrices(on functions: [[Double]]) -> [RealMatrix] {
    let (n, d) = (group.order, functions.count)
    var random = FixedRandomNumbers(seed: 4)
    var points = Array(0..<n)
    if n > 16 * d {
      for i in 0..<(16 * d) { points.swapAt(i, i + random.below(n - i)) }
      points = Array(points[..<(16 * d)])
    }
    let values = RealMatrix(rows: d, columns: points.count) { functions[$0][points[$1]] }
    guard let inverse = (values * values.transposed).inverse else { return [] }
    let left = inverse * values
    return (0..<n).map { g in
      let y = group.inverse(g)
      let moved = RealMatrix(rows: points.count, columns: d) {
        functions[$1][group.product(y, points[$0])]
      }
      return (left * moved).orthogonalPolished().orthogonalPolished()
    }
  }

  /// The same in the basis that is adapted to a chain of subgroups, with signs that make the first row
  /// positive where it first is not zero.
  private func adapted(_ raw: [RealMatrix], _ shape: Shape, _ chain: [Subgroup]) -> [Double] {
    let d = shape.dimension
    guard raw.count == group.order else { return [] }
    var basis = RealMatrix.identity(d)
    if !chain.isEmpty {
      var random = FixedRandomNumbers(seed: 5)
      var labels = RealMatrix(rows: d, columns: d)
      for subgroup in chain {
        // Class sums of nested subgroups commute; generic weights tell their joint eigenspaces apart.
        for members in classes(of: subgroup) {
          let weight = random.symmetric() / Double(members.count)
          for g in members { labels = labels + weight * (raw[g] + raw[group.inverse(g)]) }
        }
      }
      basis = SymmetricEigenvalues(0.5 * (labels + labels.transposed)).vectors
      basis = basis.orthogonalPolished()
    }
    var turned = raw.map { basis.transposed * $0 * basis }
    var signs = [Double](repeating: 1, count: d)
    for j in 1..<d {
      for m in turned where m[0, j].magnitude > 1e-6 {
        signs[j] = m[0, j] < 0 ? -1 : 1
        break
      }
    }
    for g in turned.indices {
      turned[g] = turned[g].orthogonalPolished()
      for i in 0..<d {
        for j in 0..<d {
          let x = signs[i] * signs[j] * turned[g][i, j]
          // Rounding beside whole numbers is removed: a signed permutation is exactly one.
          turned[g][i, j] = (x - x.rounded()).magnitude < 1e-14 ? x.rounded() : x
        }
      }
    }
    return turned.flatMap(\.elements)
  }

  private func classes(of subgroup: Subgroup) -> [[Int]] {
    var seen = ElementSet()
    var result: [[Int]] = []
    for g in subgroup.elements where !seen.contains(g) {
      let members = ElementSet(subgroup.elements.map { group.conjugate(g, by: $0) }).elements
      for m in members { seen.insert(m) }
      result.append(members)
    }
    return result
  }

  /// Subgroups that keep the last axis, the last two, ... up to sign, the largest first.
  private func axisChain() -> [Subgroup] {
    guard let space = group.matrices else { return [] }
    var set = Array(0..<group.order)
    var chain: [Subgroup] = []
    for axis in stride(from: space[0].rows - 1, through: 0, by: -1) {
      set = set.filter { (space[$0][axis, axis].magnitude - 1).magnitude < 1e-9 }
      chain.append(Subgroup(of: group, unchecked: ElementSet(set)))
    }
    return chain
  }

  /// The right traces, and products with generators, to 1e-11.
  private func isRepresentation(_ matrices: [Double], _ shape: Shape) -> Bool {
    let (n, d) = (group.order, shape.dimension)
    guard matrices.count == n * d * d else { return false }
    func matrix(_ g: Int) -> RealMatrix {
      RealMatrix(rows: d, columns: d, elements: Array(matrices[(g * d * d)..<((g + 1) * d * d)]))
    }
    for g in 0..<n {
      let m = matrix(g)
      guard (m.trace - shape.character[group.classOfElement[g]]).magnitude < 1e-11 else {
        return false
      }
      for s in group.generators
      where !((m * matrix(s) - matrix(group.product(g, s))).maximumMagnitude < 1e-11) {
        return false
      }
    }
    return true
  }
}
