/// Functions on a group that span a minimal left ideal of its algebra: one copy of an irreducible
/// representation under left translation.
///
/// With the real character chi and a character +-1 of a cyclic subgroup, f(g) = sum_h sign(h) chi(g h) is up to a
/// factor an idempotent of the algebra: the matrix f(x^-1 y) is a projector on a left ideal with few copies.
/// A generic symmetric element of the algebra, acting from the right, tells them apart.
struct MinimalIdeal {
  /// Orthonormal functions, each a list over the elements.
  let functions: [[Double]]

  /// Nil where the generic element was not generic enough.
  init?(_ group: FiniteGroup, _ shape: IrrepConstruction.Shape, attempt: Int) {
    let (powers, signs, copies) = Self.rarestCyclicCharacter(group, shape)
    let idempotent = (0..<group.order).map { g in
      zip(powers, signs).reduce(0) {
        $0 + $1.1 * shape.character[group.classOfElement[group.product(g, $1.0)]]
      }
    }
    guard
      let basis = Self.columns(group, idempotent, count: shape.dimension * copies)
    else { return nil }
    if copies == 1 {
      functions = basis
      return
    }
    guard let one = Self.oneCopy(group, basis, shape.dimension, attempt) else { return nil }
    functions = one
  }

  /// The powers of an element and a character +-1 of them that occurs as rarely as possible, but occurs, and
  /// how many copies it leaves.
  private static func rarestCyclicCharacter(
    _ group: FiniteGroup, _ shape: IrrepConstruction.Shape
  ) -> (powers: [Int], signs: [Double], copies: Int) {
    let unit = Double(shape.commutantDimension)
    var best: (powers: [Int], signs: [Double], copies: Int) = (
      [0], [1], shape.dimension / Int(unit)
    )
    for c in group.classes {
      let powers = (0..<c.elementOrder).map { group.power(c.first, $0) }
      for sign in c.elementOrder % 2 == 0 ? [1.0, -1.0] : [1.0] {
        let signs = powers.indices.map { $0 % 2 == 0 ? 1 : sign }
        let sum = zip(powers, signs).reduce(0) {
          $0 + $1.1 * shape.character[group.classOfElement[$1.0]]
        }
        let copies = Int((sum / Double(powers.count) / unit).rounded())
        if copies > 0 && copies < best.copies { best = (powers, signs, copies) }
      }
    }
    return best
  }

  /// Orthonormal columns that span the image of the projector f(x^-1 y), by Cholesky's decomposition with
  /// pivots: L L^T = f(x^-1 y), and L^T L is a multiple of 1 as the matrix is one of a projector.
  private static func columns(
    _ group: FiniteGroup, _ f: [Double], count: Int
  ) -> [[Double]]? {
    let n = group.order
    var diagonal = [Double](repeating: f[0], count: n)
    var columns: [[Double]] = []
    for _ in 0..<count {
      var pivot = 0
      for x in 1..<max(n, 1) where diagonal[x] > diagonal[pivot] * (1 + 1e-9) { pivot = x }
      guard diagonal[pivot] > 1e-6 * f[0] else { return nil }
      let y = group.inverse(pivot)
      var column = (0..<n).map { f[group.product(y, $0)] }
      for other in columns {
        let factor = other[pivot]
        if factor == 0 { continue }
        for x in 0..<n { column[x] -= factor * other[x] }
      }
      let scale = 1 / column[pivot].squareRoot()
      for x in 0..<n {
        column[x] *= scale
        diagonal[x] -= column[x] * column[x]
      }
      columns.append(column)
    }
    // Rounding of the decomposition is taken out once.
    var basis = OrthonormalBasis()
    for column in columns {
      guard basis.append(column, threshold: 0.5) else { return nil }
    }
    return basis.vectors
  }

  /// The eigenspace of a symmetric element from the right that has one copy.
  private static func oneCopy(
    _ group: FiniteGroup, _ basis: [[Double]], _ dimension: Int, _ attempt: Int
  ) -> [[Double]]? {
    let n = group.order
    var random = FixedRandomNumbers(seed: 3 + UInt64(attempt))
    var element = [Double](repeating: 0, count: n)
    for _ in 0..<min(n, 12) {
      let (g, weight) = (random.below(n), random.symmetric())
      element[g] += weight
      element[group.inverse(g)] += weight
    }
    let support = (0..<n).filter { element[$0] != 0 }
    let images = basis.map { f in
      (0..<n).map { g in
        support.reduce(0) { $0 + element[$1] * f[group.product(g, $1)] }
      }
    }
    let compressed = RealMatrix(rows: basis.count, columns: basis.count) {
      0.5 * (dot(basis[$0], images[$1]) + dot(basis[$1], images[$0]))
    }
    let eigen = SymmetricEigenvalues(compressed)
    let gap = 1e-4 * max(eigen.values.last! - eigen.values[0], 1e-300)
    var start = 0
    while start < basis.count {
      var end = start + 1
      while end < basis.count, eigen.values[end] - eigen.values[end - 1] < gap { end += 1 }
      if end - start == dimension {
        return (start..<end).map { column in
          var f = [Double](repeating: 0, count: n)
          for (i, b) in basis.enumerated() {
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
}
