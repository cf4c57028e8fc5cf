import Groups
import Testing

@Suite struct FiniteGroupTests {
  /// Orders, class sizes, orders of elements and traces are those of the reference, class by class: each class
  /// contains the representative matrix of one class there.
  @Test(.enabled(if: GroupVectors.areEnabled))
  func classesOfTheReference() throws {
    let facts = try GroupVectors.pointGroups().facts
    #expect(facts.count == 8)
    for fact in facts {
      let group = try GroupVectors.group(fact.name)
      #expect(group.order == fact.order)
      #expect(group.classes.count == fact.nClasses)
      let matrices = try #require(group.matrices)
      var found: Set<Int> = []
      for (i, rows) in fact.classRepMatrices.enumerated() {
        let g = try #require(matrices.firstIndex(of: RealMatrix(rows)), "\(fact.name)")
        let c = group.classOfElement[g]
        found.insert(c)
        #expect(group.classes[c].size == fact.classSizes[i])
        #expect(group.classes[c].elementOrder == fact.classElementOrders[i])
        #expect(matrices[group.classes[c].first].trace == fact.classTrace[i])
      }
      #expect(found.count == fact.nClasses)
    }
  }

  /// Products, inverses and classes are those of the reference tables, matrix by matrix.
  @Test(.enabled(if: GroupVectors.areEnabled))
  func productsOfTheReference() throws {
    for (name, table) in try GroupVectors.pointGroups().tables {
      let group = try GroupVectors.group(name)
      let matrices = try #require(group.matrices)
      let number = try table.elements.map { rows in
        try #require(matrices.firstIndex(of: RealMatrix(rows)))
      }
      for g in number.indices {
        #expect(group.inverse(number[g]) == number[table.inverse[g]])
        for h in number.indices {
          #expect(group.product(number[g], number[h]) == number[table.cayley[g][h]])
        }
      }
      let classes = Set(table.classes.map { Set($0.map { number[$0] }) })
      #expect(Set(group.classes.map { Set($0.elements) }) == classes)
    }
  }

  /// The hyperoctahedral groups and their rotations list elements in the order of the reference.
  @Test(.enabled(if: GroupVectors.areEnabled), arguments: ["O_h (=B_3)", "O", "B_2"])
  func elementsInTheOrderOfTheReference(name: String) throws {
    let table = try #require(try GroupVectors.pointGroups().tables[name])
    let group = try GroupVectors.group(name)
    #expect(group.matrices == table.elements.map { RealMatrix($0) })
  }

  /// |B_n| = 2^n n!, and the number of classes is that of pairs of partitions.
  @Test func hyperoctahedralOrdersAndClasses() throws {
    let expected = [(1, 2, 2), (2, 8, 5), (3, 48, 10), (4, 384, 20), (5, 3840, 36)]
    for (n, order, classes) in expected {
      let group = try FiniteGroup(named: "B\(n)")
      #expect(group.order == order)
      #expect(group.classes.count == classes)
      if n > 1 { #expect(try FiniteGroup(named: "B\(n)+").order == order / 2) }
    }
  }

  /// Group axioms, powers and orders of elements, from the table itself.
  @Test(arguments: ["C7", "D6d", "Th", "Td", "Q8", "Sym4", "B3 x C", "S6", "D5h", "C3 x Z4"])
  func axioms(name: String) throws {
    let group = try FiniteGroup(named: name)
    for g in 0..<group.order {
      #expect(group.product(0, g) == g)
      #expect(group.product(g, group.inverse(g)) == 0)
      #expect(group.product(group.inverse(g), g) == 0)
      #expect(group.power(g, group.order(of: g)) == 0)
      #expect(group.power(g, -1) == group.inverse(g))
      #expect(group.exponent % group.order(of: g) == 0)
      for h in 0..<group.order {
        for s in group.generators {
          #expect(
            group.product(group.product(g, s), h) == group.product(g, group.product(s, h)))
        }
      }
    }
    #expect(group.classes.reduce(0) { $0 + $1.size } == group.order)
  }

  /// Elements are found by what they do and by their labels.
  @Test func searchingElements() throws {
    let group = try FiniteGroup(named: "B4 x C")
    let turn = SymmetryOperation(
      try SignedPermutation("x->y, y->-x", dimension: 4), conjugatesCharge: true)
    let g = try #require(group.element(of: turn))
    #expect(group.operations![g] == turn)
    #expect(group.element(labelled: "C4 about z, charge conjugation") == g)
    #expect(group.order(of: g) == 4)
    #expect(group.element(of: SymmetryOperation(.identity(3))) == nil)
    #expect(group.element(labelled: "C5") == nil)
    #expect(try FiniteGroup(named: "Q8").element(of: turn) == nil)
  }

  /// Centres: the inversion alone for B_n, all of an abelian group, nothing in O.
  @Test func centres() throws {
    #expect(try FiniteGroup(named: "B4").centre.order == 2)
    #expect(try FiniteGroup(named: "C6h").centre.order == 12)
    #expect(try FiniteGroup(named: "O").centre.order == 1)
    #expect(try FiniteGroup(named: "C6h").isAbelian)
    #expect(try !FiniteGroup(named: "D3").isAbelian)
  }
}
