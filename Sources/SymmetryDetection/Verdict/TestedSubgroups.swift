import Groups

/// The subgroups that are tested as candidates for what is left of a symmetry.
///
/// All of them contain the kernel: what the observables cannot see cannot be rejected. The set is closed under
/// joins: with K and K' it has the subgroup that they generate. For true K and K' that one is true too, so
/// that rejecting H only with every K that contains it keeps the probability of a false rejection of any of
/// them at the level (R. Marcus, E. Peritz and K. R. Gabriel, Biometrika 63 (1976) 655).
struct TestedSubgroups {
  /// From large to small, the whole group first.
  let subgroups: [Subgroup]

  /// The elements that act as the identity on all observables.
  let kernel: Subgroup

  /// Whether these are all subgroups that contain the kernel.
  let isComplete: Bool

  /// Up to this order of the group modulo the kernel all subgroups are tested.
  static let completeOrder = 100

  /// More subgroups are not listed; joins that are missing then are those of small subgroups.
  static let largestCount = 4000

  init(
    _ group: FiniteGroup, _ representations: [Representation]
  ) throws(DetectionError) {
    let kernel = try Self.kernel(group, representations)
    self.kernel = kernel
    var sets: Set<ElementSet> = []
    var list: [Subgroup] = []
    func insert(_ subgroup: Subgroup) {
      if sets.insert(subgroup.set).inserted { list.append(subgroup) }
    }
    let index = kernel.index
    isComplete = index <= Self.completeOrder
    if isComplete {
      for subgroup in try Self.all(group, kernel) { insert(subgroup) }
    } else {
      for candidate in try Self.candidates(group) {
        for conjugate in candidate.conjugates {
          insert(try Self.join(group, conjugate, kernel))
        }
      }
      var next = 0
      while next < list.count, list.count < Self.largestCount {
        for other in 0..<next {
          insert(try Self.join(group, list[next], list[other]))
        }
        next += 1
      }
    }
    insert(group.whole)
    insert(kernel)
    subgroups = list.enumerated().sorted {
      ($1.element.order, $0.offset) < ($0.element.order, $1.offset)
    }.map(\.element)
  }

  static func kernel(
    _ group: FiniteGroup, _ representations: [Representation]
  ) throws(DetectionError) -> Subgroup {
    try groups { () throws(GroupError) in
      try group.subgroup { g in
        representations.allSatisfy {
          ($0.matrix(g) - .identity($0.dimension)).maximumMagnitude < 1e-9
        }
      }
    }
  }

  /// All subgroups that contain the kernel, from those of the quotient.
  private static func all(
    _ group: FiniteGroup, _ kernel: Subgroup
  ) throws(DetectionError) -> [Subgroup] {
    try groups { () throws(GroupError) in
      let quotient = try group.quotient(by: kernel, name: "quotient")
      let cosets = kernel.leftCosets
      var result: [Subgroup] = []
      for entry in try quotient.subgroupClasses() {
        for conjugate in entry.subgroup.conjugates {
          result.append(try group.subgroup(elements: conjugate.elements.flatMap { cosets[$0] }))
        }
      }
      return result
    }
  }

  /// The named patterns of breaking of a group on four axes, with charge conjugation and without, also where
  /// it goes along with a sign of the elements; elsewhere the subgroups that single elements generate.
  private static func candidates(_ group: FiniteGroup) throws(DetectionError) -> [Subgroup] {
    try groups { () throws(GroupError) in
      guard let operations = group.operations, operations[0].axes.dimension == 4 else {
        return try (0..<group.order).map { g throws(GroupError) in
          try group.subgroup(generatedBy: [g])
        }
      }
      let time: (SignedPermutation) -> Int = { g in
        (0..<4).reduce(1) { $0 * ($1 == 3 ? g.image(of: 3).sign : 1) }
      }
      let signs: [(SignedPermutation) -> Int] = [
        \.determinant, time, { $0.determinant * time($0) },
      ]
      var result: [Subgroup] = []
      for pattern in HypercubicSubgroup.allCases {
        let members = try group.subgroup(pattern)
        result.append(members)
        guard operations.contains(where: \.conjugatesCharge) else { continue }
        result.append(
          try group.subgroup(elements: members.elements.filter { !operations[$0].conjugatesCharge })
        )
        for sign in signs {
          let twisted = members.elements.filter {
            (sign(operations[$0].axes) == -1) == operations[$0].conjugatesCharge
          }
          // The sign of time is one of elements that keep the axis of time only.
          if let subgroup = try? group.subgroup(elements: twisted) { result.append(subgroup) }
        }
      }
      return result
    }
  }

  private static func join(
    _ group: FiniteGroup, _ a: Subgroup, _ b: Subgroup
  ) throws(DetectionError) -> Subgroup {
    if a.set.isSubset(of: b.set) { return b }
    if b.set.isSubset(of: a.set) { return a }
    return try groups { () throws(GroupError) in
      try group.subgroup(generatedBy: a.generators + b.generators)
    }
  }
}
