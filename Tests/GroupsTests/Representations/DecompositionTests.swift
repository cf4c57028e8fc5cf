import Groups
import Testing

@Suite struct DecompositionTests {
  /// S^-1 M S is block diagonal with exactly the irreducible matrices, to 1e-13, and S is orthogonal.
  private func check(_ representation: Representation, orthogonal: Bool = true) throws {
    let decomposition = try representation.decomposed()
    let (s, inverse) = (decomposition.basis, decomposition.inverseBasis)
    let n = representation.dimension
    #expect(s.rows == n && s.columns == n)
    let tolerance = orthogonal ? 1e-13 : 1e-11
    #expect((s * inverse - .identity(n)).maximumMagnitude < tolerance)
    if orthogonal { #expect((s.transposed * s - .identity(n)).maximumMagnitude < 1e-13) }
    for g in 0..<representation.group.order {
      var expected = RealMatrix(rows: n, columns: n)
      for part in decomposition.parts {
        let m = part.irrep.matrix(g)
        for (i, row) in part.columns.enumerated() {
          for (j, column) in part.columns.enumerated() { expected[row, column] = m[i, j] }
        }
      }
      let found = inverse * representation.matrix(g) * s
      #expect((found - expected).maximumMagnitude < tolerance)
    }
    let total = decomposition.parts.reduce(0) { $0 + $1.irrep.dimension }
    #expect(total == n)
  }

  @Test func latticeObservables() throws {
    let group = try FiniteGroup(named: "B4")
    try check(.planes(group))
    try check(.symmetricTensor(group))
    try check(.axes(group).directSum(.vector(group)))
    try check(.vector(group).tensorProduct(.fieldStrength(group)))
  }

  /// All real types, with multiplicities: regular representations contain every one.
  @Test(arguments: ["Oh", "Q8", "C12", "Th", "D6d", "Alt5", "Q8 x C3", "S8"])
  func regularRepresentations(name: String) throws {
    try check(.regular(FiniteGroup(named: name)))
  }

  /// A change to an oblique basis is found and undone.
  @Test(arguments: ["C4", "O", "Q8"])
  func obliqueBases(name: String) throws {
    let group = try FiniteGroup(named: name)
    let regular = try Representation.regular(group)
    let n = group.order
    // A triangular matrix and its inverse, exact in small integers: 1 + N with N^2 = 0.
    let half = n / 2
    var (t, inverse) = (RealMatrix.identity(n), RealMatrix.identity(n))
    for i in 0..<half {
      for j in half..<n {
        let x = Double((3 * i + 5 * j) % 3 - 1) / 4
        t[i, j] = x
        inverse[i, j] = -x
      }
    }
    let oblique = try Representation(
      group, matrices: (0..<n).map { t * regular.matrix($0) * inverse })
    #expect(!oblique.isOrthogonal)
    try check(oblique, orthogonal: false)
  }

  /// Components of a vector in a part transform with its irreducible matrices.
  @Test func components() throws {
    let group = try FiniteGroup(named: "B4")
    let planes = try Representation.planes(group)
    let decomposition = try planes.decomposed()
    var numbers = TestNumbers(state: 7)
    let v = numbers.list(6)
    for part in decomposition.parts {
      let before = decomposition.components(of: v, in: part)
      for g in 0..<group.order {
        let after = decomposition.components(of: planes.matrix(g) * v, in: part)
        let expected = part.irrep.matrix(g) * before
        #expect(zip(after, expected).allSatisfy { ($0 - $1).magnitude < 1e-13 })
      }
    }
  }
}
