/// The character of a real representation: its trace on every class.
public struct RealCharacter: Sendable {
  public let group: FiniteGroup

  /// The value on each class of the group.
  public let values: [Double]

  /// - Throws: `GroupError.sizeMismatch`, `GroupError.nonFinite`.
  public init(_ group: FiniteGroup, values: [Double]) throws(GroupError) {
    guard values.count == group.classes.count else {
      throw .sizeMismatch(
        quantity: "a character of \(group.name)", expected: group.classes.count,
        found: values.count)
    }
    guard values.allSatisfy(\.isFinite) else { throw .nonFinite(place: "in a character") }
    self.init(unchecked: group, values)
  }

  init(unchecked group: FiniteGroup, _ values: [Double]) {
    self.group = group
    self.values = values
  }

  public var dimension: Int { Int(values[0].rounded()) }

  /// (1/|G|) sum_g chi(g) psi(g); characters of real irreducible representations are orthogonal, with
  /// squares `commutantDimension`.
  public func innerProduct(_ other: RealCharacter) -> Double {
    precondition(group === other.group, "characters of different groups")
    return Self.innerProduct(group, values, other.values)
  }

  static func innerProduct(_ group: FiniteGroup, _ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for c in a.indices { sum += Double(group.classes[c].size) * a[c] * b[c] }
    return sum / Double(group.order)
  }

  /// How often each of `group.irreps` is contained.
  ///
  /// - Throws: `GroupError.invalidParameter` where a multiplicity is no whole number of 0 or more: no
  ///   representation has such a character.
  public func multiplicities() throws(GroupError) -> [Int] {
    try group.irreps.map { irrep throws(GroupError) in
      let m =
        Self.innerProduct(group, values, irrep.classCharacter)
        / Double(irrep.commutantDimension)
      guard (m - m.rounded()).magnitude < 1e-6, m.rounded() >= 0, m < 1e9 else {
        throw .invalidParameter(
          name: "a character of \(group.name)",
          expected: "that of a representation", found: "\(m) times \(irrep.name)")
      }
      return Int(m.rounded())
    }
  }

  /// The dimension of the space of invariant vectors, the mean of the character.
  public var invariantDimension: Int {
    Int((Self.innerProduct(group, values, values.map { _ in 1 })).rounded())
  }

  /// The character on a subgroup, as a group of its own.
  ///
  /// - Throws: `GroupError.differentGroups`.
  public func restricted(
    to subgroup: Subgroup, as group: FiniteGroup? = nil
  ) throws(GroupError) -> RealCharacter {
    let own = try subgroup.group(within: self.group, as: group)
    return RealCharacter(
      unchecked: own,
      own.classes.map { values[self.group.classOfElement[subgroup.elements[$0.first]]] })
  }

  /// The character of the induced representation of `subgroup.parent`,
  /// (1/|H|) sum over x of chi(x^-1 g x) where that is in H.
  ///
  /// - Throws: `GroupError.sizeMismatch` where the character is not one of the subgroup.
  public func induced(from subgroup: Subgroup) throws(GroupError) -> RealCharacter {
    guard group.order == subgroup.order else {
      throw .sizeMismatch(
        quantity: "the group of the character", expected: subgroup.order, found: group.order)
    }
    let parent = subgroup.parent
    var sums = [Double](repeating: 0, count: parent.classes.count)
    for (i, h) in subgroup.elements.enumerated() {
      sums[parent.classOfElement[h]] += values[group.classOfElement[i]]
    }
    return RealCharacter(
      unchecked: parent,
      sums.indices.map {
        sums[$0] * Double(parent.order) / Double(parent.classes[$0].size * subgroup.order)
      })
  }

  public static func + (a: RealCharacter, b: RealCharacter) -> RealCharacter {
    precondition(a.group === b.group, "characters of different groups")
    return RealCharacter(unchecked: a.group, zip(a.values, b.values).map { $0 + $1 })
  }

  public static func * (a: RealCharacter, b: RealCharacter) -> RealCharacter {
    precondition(a.group === b.group, "characters of different groups")
    return RealCharacter(unchecked: a.group, zip(a.values, b.values).map { $0 * $1 })
  }
}
