/// A subgroup up to the point of view: one of a class of conjugate subgroups.
public struct SubgroupClass: Sendable {
  /// The representative.
  public let subgroup: Subgroup

  /// How many conjugates there are, the index of the normaliser.
  public let size: Int

  public var order: Int { subgroup.order }
  public var name: String? { subgroup.name }
}

extension FiniteGroup {
  /// The largest order for which `subgroupClasses` lists all subgroups.
  public static let maximumOrderOfSubgroupList = 384

  /// All subgroups up to conjugacy, by order.
  ///
  /// Every subgroup but the trivial one is <K, z> for a smaller subgroup K and an element z of prime power
  /// order; up to conjugacy representatives K suffice. No solvability is assumed. Instant to order 100;
  /// some seconds for B_4.
  /// - Throws: `GroupError.tooLarge` beyond `maximumOrderOfSubgroupList` elements.
  public func subgroupClasses() throws(GroupError) -> [SubgroupClass] {
    guard order <= Self.maximumOrderOfSubgroupList else {
      throw .tooLarge(group: name, limit: Self.maximumOrderOfSubgroupList)
    }
    let cyclic = cyclicSubgroupsOfPrimePowerOrder()
    var seen: Set<ElementSet> = [ElementSet([0])]
    var layer = [trivialSubgroup]
    var result = [SubgroupClass(subgroup: trivialSubgroup, size: 1)]
    while !layer.isEmpty {
      var following: [Subgroup] = []
      for subgroup in layer {
        let generators = subgroup.generators
        var tried: Set<ElementSet> = []
        for z in cyclic where !subgroup.contains(z) {
          let set = closure(of: generators + [z])
          guard tried.insert(set).inserted, !seen.contains(set) else { continue }
          let conjugates = Subgroup(of: self, unchecked: set).conjugates
          for conjugate in conjugates { seen.insert(conjugate.set) }
          following.append(conjugates[0])
          result.append(SubgroupClass(subgroup: conjugates[0], size: conjugates.count))
        }
      }
      layer = following
    }
    return result.enumerated().sorted {
      ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
    }.map(\.element)
  }

  /// One generator of each cyclic subgroup of prime power order.
  private func cyclicSubgroupsOfPrimePowerOrder() -> [Int] {
    var seen: Set<ElementSet> = []
    return (1..<max(order, 1)).filter { g in
      var n = order(of: g)
      let p = (2...n).first { n % $0 == 0 }!
      while n % p == 0 { n /= p }
      return n == 1 && seen.insert(closure(of: [g])).inserted
    }
  }
}
