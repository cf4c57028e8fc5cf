extension Subgroup {
  /// The cosets g H, H first, each with its smallest element first.
  public var leftCosets: [[Int]] {
    cosets { g, h in parent.product(g, h) }
  }

  /// The cosets H g, H first, each with its smallest element first.
  public var rightCosets: [[Int]] {
    cosets { g, h in parent.product(h, g) }
  }

  /// The sets H g K of two subgroups, by their smallest elements.
  public func doubleCosets(_ other: Subgroup) -> [[Int]] {
    precondition(parent === other.parent, "subgroups of different groups")
    var seen = ElementSet()
    var result: [[Int]] = []
    for g in 0..<parent.order where !seen.contains(g) {
      var members = ElementSet()
      for h in elements {
        let hg = parent.product(h, g)
        for k in other.elements { members.insert(parent.product(hg, k)) }
      }
      let list = members.elements
      for member in list { seen.insert(member) }
      result.append(list)
    }
    return result
  }

  /// How each element of the parent permutes the left cosets: `action[g][c]` is the coset of g times
  /// coset c.
  public var actionOnCosets: [[Int]] {
    let cosets = leftCosets
    var cosetOf = [Int](repeating: 0, count: parent.order)
    for (c, members) in cosets.enumerated() {
      for g in members { cosetOf[g] = c }
    }
    return (0..<parent.order).map { g in
      cosets.map { cosetOf[parent.product(g, $0[0])] }
    }
  }

  private func cosets(_ member: (Int, Int) -> Int) -> [[Int]] {
    var seen = [Bool](repeating: false, count: parent.order)
    var result: [[Int]] = []
    for g in 0..<parent.order where !seen[g] {
      let members = elements.map { member(g, $0) }.sorted()
      for m in members { seen[m] = true }
      result.append(members)
    }
    return result
  }
}

extension FiniteGroup {
  /// The group of the cosets of a normal subgroup; element i is coset i of `leftCosets`.
  ///
  /// - Throws: `GroupError.invalidParameter` where the subgroup is not normal, `GroupError.differentGroups`.
  public func quotient(
    by subgroup: Subgroup, name: String? = nil
  ) throws(GroupError) -> FiniteGroup {
    guard subgroup.parent === self else {
      throw .differentGroups(expected: self.name, found: subgroup.parent.name)
    }
    guard subgroup.isNormal else {
      throw .invalidParameter(
        name: "the subgroup", expected: "a normal subgroup of \(self.name)",
        found: "\(subgroup)")
    }
    let cosets = subgroup.leftCosets
    let action = subgroup.actionOnCosets
    return try FiniteGroup(
      name: name ?? "\(self.name) / \(subgroup.name ?? "a subgroup of order \(subgroup.order)")",
      multiplicationTable: cosets.map { action[$0[0]] }, labels: cosets.map { labels[$0[0]] })
  }
}
