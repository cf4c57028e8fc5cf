/// Subgroups of B_4 that an ensemble on a lattice in four dimensions is left with when something breaks the
/// symmetry.
public enum HypercubicSubgroup: String, Sendable, CaseIterable {
  /// All of B_4, order 384.
  case isotropic = "B4"
  /// Determinant +1, order 192: what a theta term leaves.
  case rotations = "B4+"
  /// Two pairs of axes and their exchange, order 128: extents or couplings in two planes, alike.
  case twoPlanes = "B2 x B2, exchanged"
  /// Time apart, order 96: anisotropy or finite temperature.
  case anisotropic = "Oh x T"
  /// Two pairs of axes, order 64: extents L, L, M, M.
  case twoPairs = "B2 x B2"
  /// Time apart and not reflected, order 48: a chemical potential.
  case fixedTime = "Oh"
  /// Time apart and determinant +1, order 48: anisotropy and a theta term.
  case anisotropicRotations = "Oh(O)"
  /// What keeps the field strength F_xy, order 32: a constant magnetic field along z.
  case constantField = "B2+ x B2"
  /// What keeps the direction x and the axis t, order 16: a static source pair along x.
  case staticSource = "C4v x T"
  /// The identity.
  case trivial = "C1"

  /// Whether an element of B_4 belongs to it.
  public func contains(_ g: SignedPermutation) -> Bool {
    guard g.dimension == 4 else { return false }
    func planes() -> Bool { g.part(0..<2) != nil }
    switch self {
    case .isotropic: return true
    case .rotations: return g.determinant == 1
    case .twoPlanes:
      return planes() || Set([g.image(of: 0).axis, g.image(of: 1).axis]) == [2, 3]
    case .anisotropic: return g.preserves(axis: 3)
    case .twoPairs: return planes()
    case .fixedTime: return g.image(of: 3) == (3, 1)
    case .anisotropicRotations: return g.preserves(axis: 3) && g.determinant == 1
    case .constantField: return g.part(0..<2)?.determinant == 1
    case .staticSource: return g.image(of: 0) == (0, 1) && g.preserves(axis: 3)
    case .trivial: return g == .identity(4)
    }
  }

  /// The name of a subgroup of B_4 that is conjugate to one of these.
  static func name(of elements: [SignedPermutation]) -> String? {
    // Relabelling the axes suffices: these subgroups contain all reflections of axes or none that matter.
    let candidates = allCases.filter { $0.order == elements.count }
    guard !candidates.isEmpty else { return nil }
    for relabelling in Permutation.lexical(4) {
      let r = try! SignedPermutation(images: relabelling, signs: [1, 1, 1, 1])
      let inverse = r.inverse
      for candidate in candidates
      where elements.allSatisfy({ candidate.contains(r * $0 * inverse) }) {
        return candidate.rawValue
      }
    }
    return nil
  }

  /// The number of elements.
  public var order: Int {
    switch self {
    case .isotropic: 384
    case .rotations: 192
    case .twoPlanes: 128
    case .anisotropic: 96
    case .twoPairs: 64
    case .fixedTime, .anisotropicRotations: 48
    case .constantField: 32
    case .staticSource: 16
    case .trivial: 1
    }
  }
}

extension FiniteGroup {
  /// The subgroup of a group on four axes that a pattern of breaking leaves.
  ///
  /// - Throws: `GroupError.noGeometry` where the group is not one of signed permutations of four axes.
  public func subgroup(_ pattern: HypercubicSubgroup) throws(GroupError) -> Subgroup {
    guard let operations, operations[0].axes.dimension == 4 else {
      throw .noGeometry(group: name, needed: "signed permutations of four axes")
    }
    return Subgroup(
      of: self,
      unchecked: ElementSet((0..<order).filter { pattern.contains(operations[$0].axes) }))
  }

  /// Every subgroup of a group on four axes that has a name of its own, largest first; for other groups every
  /// subgroup up to conjugacy that has a name, numbered (`C2 #2`) where several classes share it.
  ///
  /// - Throws: `GroupError.tooLarge` as `subgroupClasses()`.
  public func namedSubgroups() throws(GroupError) -> [(name: String, subgroup: Subgroup)] {
    if let operations, operations[0].axes.dimension == 4 {
      var seen: Set<ElementSet> = []
      var result: [(name: String, subgroup: Subgroup)] = []
      for pattern in HypercubicSubgroup.allCases {
        let subgroup = try subgroup(pattern)
        if seen.insert(subgroup.set).inserted {
          result.append((subgroup.name ?? pattern.rawValue, subgroup))
        }
      }
      return result
    }
    var counts: [String: Int] = [:]
    return try subgroupClasses().reversed().compactMap { entry in
      guard let name = entry.name else { return nil }
      counts[name, default: 0] += 1
      return (counts[name]! == 1 ? name : "\(name) #\(counts[name]!)", entry.subgroup)
    }
  }

  /// The subgroup of a name, as in `namedSubgroups()`.
  ///
  /// - Throws: `GroupError.unknownSubgroup` with the nearest name.
  public func subgroup(named name: String) throws(GroupError) -> Subgroup {
    let known = try namedSubgroups()
    if let found = known.first(where: { $0.name == name }) { return found.subgroup }
    throw .unknownSubgroup(
      name: name, group: self.name, nearest: nearestName(to: name, among: known.map(\.name)))
  }
}
