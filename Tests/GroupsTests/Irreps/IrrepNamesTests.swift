import Groups
import Testing

@Suite struct IrrepNamesTests {
  /// Mulliken's symbols of point groups, in the order of the characters.
  @Test(arguments: [
    ("C1", "A"), ("Ci", "Ag Au"), ("Cs", "A' A''"), ("C2", "A B"), ("C2v", "A1 A2 B1 B2"),
    ("C2h", "Ag Au Bg Bu"), ("D2", "A B1 B2 B3"), ("D2h", "Ag Au B1g B1u B2g B2u B3g B3u"),
    ("C3", "A E"), ("C3v", "A1 A2 E"), ("C3h", "A' A'' E' E''"), ("C4", "A B E"),
    ("S4", "A B E"), ("C4v", "A1 A2 B1 B2 E"), ("D4", "A1 A2 B1 B2 E"),
    ("D2d", "A1 A2 B1 B2 E"), ("D4h", "A1g A1u A2g A2u B1g B1u B2g B2u Eg Eu"),
    ("D3d", "A1g A1u A2g A2u Eg Eu"), ("D3h", "A1' A1'' A2' A2'' E' E''"),
    ("S6", "Ag Au Eg Eu"), ("C6", "A B E1 E2"), ("D6", "A1 A2 B1 B2 E1 E2"),
    ("D4d", "A1 A2 B1 B2 E1 E2 E3"), ("D5d", "A1g A1u A2g A2u E1g E1u E2g E2u"),
    ("T", "A E T"), ("Th", "Ag Au Eg Eu Tg Tu"), ("Td", "A1 A2 E T1 T2"),
    ("O", "A1 A2 E T1 T2"), ("Oh", "A1g A1u A2g A2u Eg Eu T1g T1u T2g T2u"),
  ])
  func mulliken(group: String, names: String) throws {
    let found = try FiniteGroup(named: group).irreps.map(\.name).sorted()
    #expect(found == names.split(separator: " ").map(String.init).sorted())
  }

  /// The functions of textbooks: where x, y, z, rotations and products of coordinates belong.
  @Test(arguments: [
    ("Oh", "T1u", "A1g + Eg + T2g"), ("Td", "T2", "A1 + E + T2"),
    ("D4h", "A2u + Eu", "2 A1g + B1g + B2g + Eg"), ("C2v", "A1 + B1 + B2", "3 A1 + A2 + B1 + B2"),
    ("D6h", "A2u + E1u", "2 A1g + E1g + E2g"), ("D2d", "B2 + E", "2 A1 + B1 + B2 + E"),
    ("C4v", "A1 + E", "2 A1 + B1 + B2 + E"), ("D3h", "A2'' + E'", "2 A1' + E' + E''"),
  ])
  func functions(group: String, vector: String, products: String) throws {
    let group = try FiniteGroup(named: group)
    let v = try Representation.vector(group)
    #expect(sorted(try v.content()) == sorted(vector))
    #expect(sorted(try v.symmetricSquare.content()) == sorted(products))
  }

  private func sorted(_ sum: String) -> [String] {
    sum.split(separator: "+").map {
      $0.trimmingPrefix(" ").split(separator: " ").joined(separator: " ")
    }
    .sorted()
  }

  /// Pairs of partitions for B_n: dimensions are binomials times those of the partitions.
  @Test func bipartitions() throws {
    let names = try FiniteGroup(named: "B4").irreps.map { "\($0.name) \($0.dimension)" }
    #expect(
      Set(names) == [
        "(4|-) 1", "(1111|-) 1", "(-|4) 1", "(-|1111) 1", "(22|-) 2", "(-|22) 2", "(31|-) 3",
        "(211|-) 3", "(-|31) 3", "(-|211) 3", "(3|1) 4", "(111|1) 4", "(1|3) 4", "(1|111) 4",
        "(2|2) 6", "(2|11) 6", "(11|2) 6", "(11|11) 6", "(21|1) 8", "(1|21) 8",
      ])
    #expect(try FiniteGroup(named: "B2").irreps.map(\.name).contains("(1|1)"))
    let five = try FiniteGroup(named: "B5").irreps
    #expect(Set(five.map(\.name)).count == 36)
  }

  /// Products carry the sign under the second factor; other groups are named by dimension.
  @Test func productsAndOthers() throws {
    let group = try FiniteGroup(named: "Oh x T x C")
    #expect(group.irreps[0].name == "A1g T+ C+")
    #expect(Set(group.irreps.map(\.name)).count == group.irreps.count)
    #expect(try Representation.vector(group).content() == "A1g T- C+ + T1u T+ C+")
    #expect(try FiniteGroup(named: "Sym4").irreps.map(\.name) == ["1a", "1b", "2a", "3a", "3b"])
  }

  @Test func unknownNames() throws {
    let group = try FiniteGroup(named: "Oh")
    #expect(throws: GroupError.unknownIrrep(name: "t1u", group: "Oh", nearest: "T1u")) {
      try group.irrep("t1u")
    }
  }
}
