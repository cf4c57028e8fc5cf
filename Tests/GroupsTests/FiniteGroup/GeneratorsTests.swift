import Groups
import Testing

@Suite struct GeneratorsTests {
  /// Two generators of B_4 reach all of it: the cycle of the axes with a sign, and an exchange.
  @Test func signedPermutations() throws {
    let group = try FiniteGroup(
      name: "B4",
      generatedBy: [
        SignedPermutation("x->y, y->z, z->t, t->-x", dimension: 4),
        SignedPermutation("x->y, y->x", dimension: 4),
      ])
    #expect(group.order == 384)
    #expect(group.classes.count == 20)
    #expect(
      group.irreps.map(\.dimension).sorted() == [
        1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 6, 6, 6, 6, 8, 8,
      ])
  }

  /// The icosahedral group from two rotations by matrices, with its point group, classes and irreps.
  @Test func icosahedralMatrices() throws {
    let golden = (1 + 5.0.squareRoot()) / 2
    let half = 0.5
    let fivefold = RealMatrix([
      [half, -golden / 2, 1 / (2 * golden)], [golden / 2, 1 / (2 * golden), -half],
      [1 / (2 * golden), half, golden / 2],
    ])
    let threefold = RealMatrix([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    let group = try FiniteGroup(name: "I", generatedBy: [fivefold, threefold])
    #expect(group.order == 60)
    #expect(group.pointGroup?.schoenflies == "I")
    #expect(group.irreps.map(\.dimension) == [1, 3, 3, 4, 5])
    for irrep in group.irreps {
      let error = representationError(group) { irrep.matrix($0) }
      #expect(error.product < 1e-13 && error.orthogonality < 1e-13)
    }
  }

  /// Matrices that are not orthogonal generate finite groups too.
  @Test func obliqueMatrices() throws {
    let group = try FiniteGroup(name: "hexagon", generatedBy: [RealMatrix([[1, -1], [1, 0]])])
    #expect(group.order == 6)
    let mirror = RealMatrix([[0, 1], [1, 0]])
    let dihedral = try FiniteGroup(
      name: "dihedral", generatedBy: [RealMatrix([[1, -1], [1, 0]]), mirror])
    #expect(dihedral.order == 12)
    #expect(dihedral.irreps.map(\.dimension) == [1, 1, 1, 1, 2, 2])
    for irrep in dihedral.irreps {
      let error = representationError(dihedral) { irrep.matrix($0) }
      #expect(error.product < 1e-13 && error.orthogonality < 1e-13)
    }
  }

  @Test func refusals() throws {
    let turn = RealMatrix([[0.6, -0.8], [0.8, 0.6]])
    #expect(throws: GroupError.tooLarge(group: "turns", limit: 4096)) {
      try FiniteGroup(name: "turns", generatedBy: [turn])
    }
    #expect(throws: GroupError.tooLarge(group: "growth", limit: 4096)) {
      try FiniteGroup(name: "growth", generatedBy: [RealMatrix([[1e10]])])
    }
    #expect(throws: GroupError.nonFinite(place: "in a generator")) {
      try FiniteGroup(name: "nan", generatedBy: [RealMatrix([[.nan]])])
    }
    #expect(throws: GroupError.sizeMismatch(quantity: "square matrices", expected: 1, found: 2)) {
      try FiniteGroup(name: "oblong", generatedBy: [RealMatrix([[1, 0]])])
    }
    #expect(throws: GroupError.self) {
      try FiniteGroup(name: "singular", generatedBy: [RealMatrix([[0]])])
    }
    #expect(throws: GroupError.self) {
      try FiniteGroup(name: "nothing", generatedBy: [Permutation]())
    }
    #expect(throws: GroupError.self) {
      try FiniteGroup(
        name: "mixed", generatedBy: [Permutation([1, 0]), Permutation([1, 2, 0])])
    }
    #expect(throws: GroupError.tooLarge(group: "Sym7", limit: 4096)) {
      try FiniteGroup(
        name: "Sym7",
        generatedBy: [Permutation([1, 2, 3, 4, 5, 6, 0]), Permutation([1, 0, 2, 3, 4, 5, 6])])
    }
  }

  /// The reference table of O_h gives its classes; tables that are none are refused.
  @Test func multiplicationTables() throws {
    let q8 = try FiniteGroup(named: "Q8")
    let table = (0..<8).map { g in (0..<8).map { q8.product(g, $0) } }
    let copy = try FiniteGroup(name: "copy", multiplicationTable: table)
    #expect(copy.classes == q8.classes)
    #expect(throws: GroupError.notAGroup(reason: "that element 0 is not the identity")) {
      try FiniteGroup(name: "shifted", multiplicationTable: [[1, 0], [0, 1]])
    }
    #expect(throws: GroupError.notAGroup(reason: "a repetition in row 1")) {
      try FiniteGroup(name: "repeated", multiplicationTable: [[0, 1], [1, 1]])
    }
    // A loop of order 5 that is not associative.
    let loop = [
      [0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0],
    ]
    #expect(throws: GroupError.self) {
      try FiniteGroup(name: "loop", multiplicationTable: loop)
    }
    #expect(throws: GroupError.self) { try FiniteGroup(name: "none", multiplicationTable: []) }
    #expect(throws: GroupError.self) {
      try FiniteGroup(name: "ragged", multiplicationTable: [[0, 1], [1]])
    }
  }
}
