import Groups
import Testing

@Suite struct SignedPermutationTests {
  /// Matrices multiply as elements do, determinants and inverses too.
  @Test func matrices() throws {
    let operations = try FiniteGroup(named: "B3").operations!.map(\.axes)
    for a in operations {
      #expect((a * a.inverse) == .identity(3))
      #expect(a.matrix.transposed == a.inverse.matrix)
      for b in operations {
        #expect((a * b).matrix == a.matrix * b.matrix)
        #expect((a * b).determinant == a.determinant * b.determinant)
      }
      let v = [3, -5, 7]
      #expect(a(v).map(Double.init) == a.matrix * v.map(Double.init))
    }
  }

  /// What a reader writes and reads: mappings come back, labels are the field's.
  @Test func textAndLabels() throws {
    for operation in try FiniteGroup(named: "B4").operations!.prefix(100) {
      let axes = operation.axes
      if axes == .identity(4) { continue }
      #expect(try SignedPermutation(axes.mapping, dimension: 4) == axes)
    }
    func label(_ text: String, _ n: Int = 3) throws -> String {
      try SignedPermutation(text, dimension: n).label
    }
    #expect(try label("x->y, y->-x") == "C4 about z")
    #expect(try label("x->-y, y->x") == "C4^-1 about z")
    #expect(try label("x->-x") == "mirror x")
    #expect(try label("x->y, y->x") == "mirror x-y")
    #expect(try label("x->y, y->z, z->x") == "C3 about x+y+z")
    #expect(try label("x->-x, y->-y, z->-z") == "inversion")
    #expect(try label("x->y, y->-x, z->-z") == "S4 about z")
    #expect(try label("x->y, y->-x, t->-t", 4) == "C4 about z, mirror t")
    #expect(try label("t->-t", 4) == "mirror t")
    #expect(try label("z->t, t->-z", 4) == "z->t, t->-z")
    #expect(try label("") == "identity")
    #expect(try label("y->-y", 2) == "mirror y")
  }

  /// Labels tell all elements of a group apart.
  @Test(arguments: ["B2", "Oh", "B4", "D6h", "Oh x T x C", "D5d"])
  func labelsAreUnique(name: String) throws {
    let group = try FiniteGroup(named: name)
    #expect(Set(group.labels).count == group.order)
  }

  @Test func refusals() {
    #expect(throws: GroupError.self) { try SignedPermutation(images: [0, 0], signs: [1, 1]) }
    #expect(throws: GroupError.self) { try SignedPermutation(images: [1, 0], signs: [1, 2]) }
    #expect(throws: GroupError.self) { try SignedPermutation(images: [1, 0], signs: [1]) }
    #expect(throws: GroupError.self) { try SignedPermutation(images: [], signs: []) }
    #expect(throws: GroupError.self) {
      try SignedPermutation(images: Array(0..<9), signs: Array(repeating: 1, count: 9))
    }
    for text in ["x->", "x->q", "x-y", "->x", "x->y", "x->x->y", "t->-t", "x->--x"] {
      #expect(throws: GroupError.self) { try SignedPermutation(text, dimension: 3) }
    }
  }
}
