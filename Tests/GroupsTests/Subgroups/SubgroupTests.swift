import Groups
import Testing

@Suite struct SubgroupTests {
  /// Numbers of all subgroups and of their classes (Holt, Handbook of Computational Group Theory; OEIS
  /// A005432 and A000638 for Sym_n); those of B_4 by a search without conjugacy.
  @Test(arguments: [
    ("Z12", 6, 6), ("D4", 10, 8), ("Q8", 6, 6), ("Sym4", 30, 11), ("Alt4", 10, 5),
    ("Sym5", 156, 19),
    ("Alt5", 59, 9), ("Oh", 98, 33), ("Z2 x Z2 x Z2 x Z2", 67, 67), ("D6", 16, 10), ("C7", 2, 2),
    ("B4", 1659, 193),
  ])
  func numbersOfSubgroups(name: String, all: Int, classes: Int) throws {
    let found = try FiniteGroup(named: name).subgroupClasses()
    #expect(found.count == classes)
    #expect(found.reduce(0) { $0 + $1.size } == all)
  }

  /// Every subgroup is closed, its order divides, the index of its normaliser is the number of conjugates.
  @Test(arguments: ["Oh", "D6h", "Alt5", "Q8 x C3"])
  func normalizers(name: String) throws {
    let group = try FiniteGroup(named: name)
    for entry in try group.subgroupClasses() {
      let subgroup = entry.subgroup
      #expect(try group.subgroup(elements: subgroup.elements) == subgroup)
      #expect(group.order % subgroup.order == 0)
      #expect(subgroup.normalizer.index == entry.size)
      #expect(subgroup.conjugates.count == entry.size)
      #expect(subgroup.isNormal == (entry.size == 1))
      #expect(try group.subgroup(generatedBy: subgroup.generators) == subgroup)
      #expect(subgroup.asGroup().order == subgroup.order)
      for g in subgroup.normalizer.elements { #expect(subgroup.conjugated(by: g) == subgroup) }
    }
  }

  /// All classes of subgroups of O_h and D_6h have crystallographic names, and all that can occur do.
  @Test(arguments: ["Oh", "D6h"])
  func crystallographicNamesOfSubgroups(name: String) throws {
    let known = Set(PointGroup.crystallographic)
    var found: Set<PointGroup> = []
    for entry in try FiniteGroup(named: name).subgroupClasses() {
      let point = try #require(entry.subgroup.pointGroup)
      #expect(known.contains(point))
      #expect(entry.name == point.schoenflies)
      found.insert(point)
    }
    // Point groups without a sixfold axis lie in O_h, those without a cubic one in D_6h.
    let expected = known.filter { point in
      let isHexagonal = ["C6", "C3h", "C6h", "D6", "C6v", "D3h", "D6h"].contains(point.schoenflies)
      let isCubicOrTetragonal = [
        "T", "Th", "Td", "O", "Oh", "C4", "S4", "C4h", "D4", "C4v", "D2d", "D4h",
      ].contains(point.schoenflies)
      return name == "Oh" ? !isHexagonal : !isCubicOrTetragonal
    }
    #expect(found == expected)
  }

  /// Orders and names of what breaks B_4; every one is a subgroup with the order it says.
  @Test func hypercubicChain() throws {
    let group = try FiniteGroup(named: "B4")
    for pattern in HypercubicSubgroup.allCases {
      let subgroup = try group.subgroup(pattern)
      #expect(try group.subgroup(elements: subgroup.elements).order == pattern.order)
      #expect(subgroup.name == pattern.rawValue)
      // Conjugates bear a name too, the same where no axis is singled out.
      for conjugate in subgroup.conjugates { #expect(conjugate.name != nil) }
    }
    #expect(try group.subgroup(named: "Oh x T").order == 96)
    #expect(
      throws: GroupError.unknownSubgroup(name: "Oh x t", group: "B4", nearest: "Oh x T")
    ) {
      try group.subgroup(named: "Oh x t")
    }
    #expect(throws: GroupError.self) { try FiniteGroup(named: "B3").subgroup(.rotations) }
    #expect(throws: GroupError.self) { try FiniteGroup(named: "B5").subgroupClasses() }
  }

  /// Names of subgroups of other groups.
  @Test func otherNames() throws {
    let oh = try FiniteGroup(named: "Oh")
    #expect(try oh.subgroup(named: "D4h").order == 16)
    #expect(try oh.subgroup(named: "C2v #2").order == 4)
    let abstract = try FiniteGroup(named: "Z4 x Z6")
    #expect(abstract.whole.abstractName == "Z2 x Z12")
    #expect(try FiniteGroup(named: "Sym3").whole.abstractName == "D3")
    #expect(try FiniteGroup(named: "Q8").whole.abstractName == "Q8")
    #expect(try FiniteGroup(named: "Z2 x Z2 x Z3").whole.abstractName == "Z2 x Z6")
    #expect(try FiniteGroup(named: "Z8 x Z4 x Z9").whole.abstractName == "Z4 x Z72")
  }

  /// Cosets partition the group, have one size, and the action on them is one.
  @Test func cosets() throws {
    let group = try FiniteGroup(named: "B4")
    let subgroup = try group.subgroup(.anisotropic)
    for cosets in [subgroup.leftCosets, subgroup.rightCosets] {
      #expect(cosets.count == 4)
      #expect(cosets.allSatisfy { $0.count == 96 })
      #expect(Set(cosets.flatMap(\.self)).count == 384)
      #expect(cosets[0] == subgroup.elements)
    }
    let action = subgroup.actionOnCosets
    for g in 0..<384 {
      for s in group.generators {
        #expect(
          action[g].indices.allSatisfy {
            action[group.product(g, s)][$0] == action[g][action[s][$0]]
          })
      }
    }
    // Two orbits of the stabiliser of an axis on the axes.
    #expect(subgroup.doubleCosets(subgroup).map(\.count) == [96, 288])
  }

  /// Quotients: B_4 / {+-1} has order 192; Oh / C2h-like subgroups that are not normal are refused.
  @Test func quotients() throws {
    let group = try FiniteGroup(named: "B4")
    #expect(try group.quotient(by: group.centre).order == 192)
    #expect(try group.quotient(by: group.commutatorSubgroup).order == 4)
    let oh = try FiniteGroup(named: "Oh")
    #expect(throws: GroupError.self) { try oh.quotient(by: oh.subgroup(named: "C4v")) }
    #expect(throws: GroupError.self) { try oh.quotient(by: group.centre) }
  }

  @Test func refusals() throws {
    let group = try FiniteGroup(named: "D4")
    #expect(throws: GroupError.elementOutOfRange(index: 8, order: 8)) {
      try group.subgroup(generatedBy: [1, 8])
    }
    #expect(throws: GroupError.elementOutOfRange(index: -1, order: 8)) {
      try group.subgroup(elements: [0, -1])
    }
    #expect(throws: GroupError.self) { try group.subgroup(elements: [0, 1]) }
    #expect(throws: GroupError.self) { try group.subgroup(elements: []) }
  }

  /// Centralisers: of an element, the order of the group over the size of its class.
  @Test func centralizers() throws {
    let group = try FiniteGroup(named: "B4")
    for c in group.classes {
      let cyclic = try group.subgroup(generatedBy: [c.first])
      #expect(cyclic.centralizer.order == group.order / c.size)
    }
  }
}
