import Groups

/// A finite group that acts on the axes of a lattice by signed permutations, perhaps with charge
/// conjugation, which leaves sites where they are.
///
/// Axis mu of the group is axis mu of the sites of a tensor `[batch, channels, n_0, ..., n_{d-1}]`. Two are
/// equal where their elements act alike, in the same order.
public struct LatticeGroup: Sendable, Equatable, CustomStringConvertible {
  public let group: FiniteGroup
  /// The number of axes.
  public let dimension: Int
  /// Where each element sends the axes.
  public let axes: [SignedPermutation]

  public var order: Int { group.order }
  public var name: String { group.name }
  public var description: String { "\(name) on \(dimension) axes" }

  public static func == (a: Self, b: Self) -> Bool {
    a.group === b.group || a.group.operations == b.group.operations
  }

  /// A group whose elements are signed permutations of axes.
  ///
  /// - Throws: `.action` for a group that acts on no axes, or on more than four.
  public init(_ group: FiniteGroup) throws(EquivariantError) {
    guard let operations = group.operations else {
      throw .action(
        group: group.name, expected: "elements that permute and reflect axes of a lattice",
        found: "others")
    }
    axes = operations.map(\.axes)
    dimension = axes[0].dimension
    self.group = group
    guard (1...4).contains(dimension) else {
      throw .action(group: group.name, expected: "1 to 4 axes", found: "\(dimension)")
    }
  }

  /// A group by its name, acting on so many axes.
  ///
  /// A group of more axes acts on the first of them where it keeps them among themselves and no two
  /// elements become one (`C4` and `D4` of the plane); one of fewer axes leaves those behind them as they are.
  /// - Throws: `.groups` for an unknown name, `.action` for a group that does not act so.
  public init(named name: String, dimension: Int) throws(EquivariantError) {
    let group = try groups { () throws(GroupError) in try FiniteGroup(named: name) }
    guard let operations = group.operations, let own = operations.first?.axes.dimension else {
      throw .action(
        group: group.name, expected: "elements that permute and reflect axes of a lattice",
        found: "others")
    }
    if own == dimension {
      try self.init(group)
      return
    }
    let refusal = EquivariantError.action(
      group: name, expected: "an action on \(dimension) axes", found: "one on \(own)")
    guard (1...4).contains(dimension) else { throw refusal }
    var elements = [SymmetryOperation]()
    for operation in operations {
      let axes =
        own > dimension
        ? operation.axes.part(0..<dimension)
        : operation.axes.directSum(.identity(dimension - own))
      guard let axes else { throw refusal }
      elements.append(.init(axes, conjugatesCharge: operation.conjugatesCharge))
    }
    guard Set(elements).count == elements.count else { throw refusal }
    try self.init(name: name, elements: elements)
  }

  /// {1, charge conjugation} on so many axes.
  public static func chargeConjugation(dimension: Int) throws(EquivariantError) -> LatticeGroup {
    guard (1...4).contains(dimension) else {
      throw .action(group: "C", expected: "1 to 4 axes", found: "\(dimension)")
    }
    let one = SignedPermutation.identity(dimension)
    return try LatticeGroup(
      name: "C", elements: [.init(one), .init(one, conjugatesCharge: true)])
  }

  /// {1, reflection of the last axis}: time reversal.
  public static func timeReversal(dimension: Int) throws(EquivariantError) -> LatticeGroup {
    guard (1...4).contains(dimension) else {
      throw .action(group: "timeReversal", expected: "1 to 4 axes", found: "\(dimension)")
    }
    return try LatticeGroup(
      name: "timeReversal",
      elements: [
        .init(.identity(dimension)), .init(.reflection(of: dimension - 1, dimension: dimension)),
      ])
  }

  /// A subgroup as a group of its own; element i is element `subgroup.elements[i]`.
  ///
  /// - Throws: `.groups` where the subgroup is one of another group.
  public func restricted(to subgroup: Subgroup) throws(EquivariantError) -> LatticeGroup {
    guard subgroup.parent === group else {
      throw .groups(.differentGroups(expected: name, found: subgroup.parent.name))
    }
    return try LatticeGroup(subgroup.asGroup())
  }

  /// The elements that a lattice of these extents has as symmetries: those that carry every axis to one as
  /// long.
  ///
  /// - Throws: `.action` for another number of extents.
  public func subgroup(preserving extents: [Int]) throws(EquivariantError) -> Subgroup {
    try requireCount(of: extents)
    return try groups { () throws(GroupError) in
      try group.subgroup { g in preserves(extents, g) }
    }
  }

  /// Throws `.lattice` with the first element that does not preserve the extents.
  func require(extents: [Int], layer: String) throws(EquivariantError) {
    try requireCount(of: extents)
    for g in 0..<order where !preserves(extents, g) {
      throw .lattice(layer: layer, group: name, element: group.labels[g], extents: extents)
    }
  }

  private func preserves(_ extents: [Int], _ g: Int) -> Bool {
    (0..<dimension).allSatisfy { extents[axes[g].image(of: $0).axis] == extents[$0] }
  }

  private func requireCount(of extents: [Int]) throws(EquivariantError) {
    guard extents.count == dimension else {
      throw .action(
        group: name, expected: "a lattice of \(dimension) axes", found: "extents \(extents)")
    }
  }

  /// A group of all of these elements, in their order.
  private init(name: String, elements: [SymmetryOperation]) throws(EquivariantError) {
    // With every element a generator, words of one letter number them in this order.
    let rest = elements.count > 1 ? Array(elements.dropFirst()) : elements
    try self.init(
      groups { () throws(GroupError) in try FiniteGroup(name: name, generatedBy: rest) })
  }
}
