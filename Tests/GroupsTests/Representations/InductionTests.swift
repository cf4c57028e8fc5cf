import Groups
import RealModule
import Testing

@Suite struct InductionTests {
  /// Frobenius: an irreducible of G occurs in an induced one as often as that one in its restriction,
  /// up to the commutants.
  @Test(arguments: [("Oh", "D4h"), ("Oh", "C3v"), ("D6h", "C6"), ("Q8", "Z4"), ("T", "C3")])
  func reciprocity(name: String, part: String) throws {
    let group = try FiniteGroup(named: name)
    let subgroup = try group.subgroup(named: part)
    let own = subgroup.asGroup()
    for small in own.irreps {
      let representation = Representation(small, of: own)
      let induced = try representation.induced(from: subgroup)
      #expect(induced.dimension == small.dimension * subgroup.index)
      let error = representationError(group) { induced.matrix($0) }
      #expect(error.product < 1e-13 && error.orthogonality < 1e-13)
      let character = try representation.character.induced(from: subgroup)
      #expect(
        zip(character.values, induced.character.values).allSatisfy { ($0 - $1).magnitude < 1e-12 })
      let multiplicities = try induced.multiplicities()
      for large in group.irreps {
        let branching = try large.branching(to: subgroup, as: own)
        #expect(
          multiplicities[large.index] * large.commutantDimension
            == branching[small.index] * small.commutantDimension)
      }
    }
  }

  /// Restriction: matrices are those of the group, T1u of O_h under C4v is A1 + E.
  @Test func restriction() throws {
    let group = try FiniteGroup(named: "Oh")
    let axis = try Representation.vector(group).stabilizer(of: [0, 0, 1])
    let restricted = try Representation.vector(group).restricted(to: axis)
    #expect(try restricted.content() == "A1 + E")
    let own = axis.asGroup()
    #expect(
      try group.irrep("T1u").branching(to: axis, as: own)
        == own.irreps.map {
          ["A1", "E"].contains($0.name) ? 1 : 0
        })
    #expect(try Representation.cosets(axis).content() == "A1g + Eg + T1u")
    let other = try FiniteGroup(named: "O")
    #expect(throws: GroupError.self) { try Representation.vector(other).restricted(to: axis) }
    #expect(throws: GroupError.self) { try Representation.vector(other).induced(from: axis) }
  }

  /// The character of l^p of O(3), sin((l + 1/2) theta) / sin(theta / 2) times the parity.
  private func character(_ l: Int, _ parity: Int, _ group: FiniteGroup) throws -> RealCharacter {
    let values = group.classes.map { c -> Double in
      let m = group.matrices![c.first]
      let p = determinant(m)
      let cosine = (p * m.trace - 1) / 2
      let theta = Double.acos(max(-1, min(1, cosine)))
      let rotation =
        theta < 1e-9
        ? Double(2 * l + 1) : Double.sin((Double(l) + 0.5) * theta) / Double.sin(theta / 2)
      return rotation * (p < 0 ? Double(parity) : 1)
    }
    return try RealCharacter(group, values: values)
  }

  private func determinant(_ m: RealMatrix) -> Double {
    m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1])
      - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
      + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0])
  }

  private func parse(_ key: String) -> (l: Int, parity: Int) {
    (Int(key.dropLast())!, key.hasSuffix("e") ? 1 : -1)
  }

  /// O(3) to O_h, l to 8, column by column as in the reference.
  @Test(.enabled(if: GroupVectors.areEnabled))
  func branchingOfTheReference() throws {
    let reference: GroupVectors.Branching = try GroupVectors.read("o3_to_oh_branching")
    let group = try FiniteGroup(named: "Oh")
    #expect(reference.branching.count == 18)
    for (key, expected) in reference.branching {
      let (l, parity) = parse(key)
      #expect(try character(l, parity, group).multiplicities() == expected, "\(key)")
    }
  }

  /// The dimension of what subgroups of O_h leave invariant.
  @Test(.enabled(if: GroupVectors.areEnabled))
  func invariantsOfTheReference() throws {
    let reference: GroupVectors.Counts = try GroupVectors.read("invariant_component_counts")
    for (name, counts) in reference.counts {
      let plain = String(name.prefix { $0 != "_" })
      let group = try FiniteGroup(named: name == "O_h" ? "Oh" : plain)
      for (key, expected) in counts {
        let (l, parity) = parse(key)
        #expect(try character(l, parity, group).invariantDimension == expected, "\(name) \(key)")
      }
    }
  }
}
