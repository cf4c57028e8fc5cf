import Groups
import Testing

@Suite struct NamedGroupsTests {
  /// Every crystallographic group by both names has its own name again, from its matrices.
  @Test func crystallographicNames() throws {
    #expect(PointGroup.crystallographic.count == 32)
    for point in PointGroup.crystallographic {
      for name in [point.schoenflies, point.hermannMauguin] {
        let group = try FiniteGroup(named: name)
        #expect(group.pointGroup == point, "\(name)")
      }
    }
  }

  /// Groups with any main axis, with orders that are known.
  @Test(arguments: [
    ("C5", 5), ("C5v", 10), ("C5h", 10), ("D5", 10), ("D5h", 20), ("D5d", 20), ("S10", 10),
    ("C8v", 16), ("D4d", 16), ("S8", 8), ("D12h", 48), ("C97", 97),
  ])
  func axialGroups(name: String, order: Int) throws {
    let group = try FiniteGroup(named: name)
    #expect(group.order == order)
    #expect(group.pointGroup?.schoenflies == name)
  }

  /// Products act on the axes they say, and conjugate charge where they say.
  @Test func products() throws {
    let time = try FiniteGroup(named: "O_h x T")
    #expect(time.order == 96)
    #expect(time.name == "Oh x T")
    #expect(time.operations!.allSatisfy { $0.axes.preserves(axis: 3) })
    let charge = try FiniteGroup(named: "B2 x C")
    #expect(charge.order == 16)
    #expect(charge.operations!.count(where: \.conjugatesCharge) == 8)
    #expect(try FiniteGroup(named: "B4 x C").order == 768)
    #expect(try FiniteGroup(named: "Oh x T x C").order == 192)
    #expect(try FiniteGroup(named: "timeReversal").order == 2)
    #expect(try FiniteGroup(named: "T x C").order == 24)
    #expect(try FiniteGroup(named: "C3v x Z2").order == 12)
  }

  /// 2D U(1) with a theta term breaks C and P and keeps CP: 8 of the 16 elements of B_2 x C.
  @Test func chargeConjugationTimesParity() throws {
    let group = try FiniteGroup(named: "B2 x C")
    let kept = try group.subgroup { g in
      let operation = group.operations![g]
      return (operation.axes.determinant == -1) == operation.conjugatesCharge
    }
    #expect(kept.order == 8)
    #expect(kept.name == "B2(C4) C")
  }

  /// A name that does not exist is refused with the nearest one that does.
  @Test(arguments: [
    ("oh", "Oh"), ("B9", "B1"), ("S3", "S2"), ("D4q", "D4h"), ("", "O"), ("Q", "Q8"),
    ("Tg", "Td"), ("C0", "C1"), ("m-3n", "m-3m"), ("C4hh", "C4h"), ("Sim4", "Sym4"),
  ])
  func unknownNames(name: String, nearest: String) {
    #expect(throws: GroupError.unknownGroup(name: name, nearest: nearest)) {
      try FiniteGroup(named: name)
    }
  }

  /// Hostile names: nothing is built, nothing crashes.
  @Test(arguments: [
    "C99999999999999999999", "C-4", "D", "x", "Oh x", "x Oh", "Oh x x T", "\u{0}", "B4 x B4 x B4",
    "Sym99", "Z5000", "D2049", "C04", "ｄ4", "B5+ x B3", "C٣",
  ])
  func hostileNames(name: String) {
    #expect(throws: GroupError.self) { try FiniteGroup(named: name) }
  }

  /// The message names what was expected and what was found.
  @Test func messages() {
    let error = GroupError.unknownGroup(name: "Ox", nearest: "O")
    #expect("\(error)" == "there is no group named \"Ox\"; the nearest name is \"O\"")
  }
}
