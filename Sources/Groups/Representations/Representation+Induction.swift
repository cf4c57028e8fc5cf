extension Representation {
  /// The representation of a subgroup, as a group of its own (`subgroup.asGroup()`, or the one given).
  ///
  /// - Throws: `GroupError.differentGroups`, `GroupError.sizeMismatch`.
  public func restricted(
    to subgroup: Subgroup, as group: FiniteGroup? = nil
  ) throws(GroupError) -> Representation {
    let own = try subgroup.group(within: self.group, as: group)
    return Representation(unchecked: own, name, subgroup.elements.map { matrices[$0] })
  }

  /// The representation of `subgroup.parent` induced by one of a subgroup, whose group has the elements
  /// of the subgroup in their order: component (coset, i) has number coset * dimension + i.
  ///
  /// With representatives r_c of the left cosets, g sends (c, v) to (d, M(r_d^-1 g r_c) v) where g r_c lies
  /// in coset d.
  /// - Throws: `GroupError.sizeMismatch`; `GroupError.notAHomomorphism` where the group is another one of the
  ///   same order.
  public func induced(from subgroup: Subgroup) throws(GroupError) -> Representation {
    guard group.order == subgroup.order else {
      throw .sizeMismatch(
        quantity: "the group of the representation", expected: subgroup.order,
        found: group.order)
    }
    let parent = subgroup.parent
    let cosets = subgroup.leftCosets
    var cosetOf = [Int](repeating: 0, count: parent.order)
    for (c, members) in cosets.enumerated() {
      for g in members { cosetOf[g] = c }
    }
    var number = [Int](repeating: -1, count: parent.order)
    for (i, h) in subgroup.elements.enumerated() { number[h] = i }
    let matrices = (0..<parent.order).map { g in
      var m = RealMatrix(rows: cosets.count * dimension, columns: cosets.count * dimension)
      for c in cosets.indices {
        let image = parent.product(g, cosets[c][0])
        let d = cosetOf[image]
        let h = number[parent.product(parent.inverse(cosets[d][0]), image)]
        for i in 0..<dimension {
          for j in 0..<dimension {
            m[d * dimension + i, c * dimension + j] = self.matrices[h][i, j]
          }
        }
      }
      return m
    }
    return try Representation(parent, name: "induced from \(name)", matrices: matrices)
  }
}

extension Irrep {
  /// How often each irreducible representation of a subgroup occurs in the restriction of this one.
  ///
  /// - Parameter group: the subgroup as a group, where it is known already.
  /// - Throws: `GroupError.sizeMismatch` where this belongs to another group than `subgroup.parent`.
  public func branching(to subgroup: Subgroup, as group: FiniteGroup? = nil) throws(GroupError)
    -> [Int]
  {
    guard classCharacter.count == subgroup.parent.classes.count else {
      throw .sizeMismatch(
        quantity: "the character of \(name)", expected: subgroup.parent.classes.count,
        found: classCharacter.count)
    }
    return try RealCharacter(unchecked: subgroup.parent, classCharacter)
      .restricted(to: subgroup, as: group).multiplicities()
  }
}
