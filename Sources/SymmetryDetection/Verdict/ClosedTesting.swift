import Groups

/// Which subgroups survive: H is rejected where every tested K that contains it is rejected.
struct ClosedTesting {
  /// A subgroup that is not rejected, with no larger one that is not.
  struct Survivor {
    let subgroup: Subgroup
    let pValue: Double
  }

  /// Blocks in bins of one length.
  struct Family {
    var blocks: [IrrepBlock]
    var isPrimary = false
  }

  /// The largest subgroups that are left.
  let survivors: [Survivor]

  /// How many subgroups were tested; those that survive with a larger one need no test.
  let testCount: Int

  /// Tests subgroups from large to small.
  ///
  /// The test of K: the largest score over all irreducible parts of what K moves, under joint draws from K;
  /// observables in bins of different lengths, and those that are primary, are joined by Bonferroni's inequality
  /// with the weights of `SymmetryDetector.weights`.
  /// - Parameters:
  ///   - families: The blocks of each length of bins.
  init(
    _ tested: TestedSubgroups, families: [Family], level: Double, draws: Int, seed: UInt64
  ) {
    self.init(tested, level: level) {
      Self.pValue($0, families, level: level, draws: draws, seed: seed)
    }
  }

  /// Tests subgroups from large to small by any test of the hypothesis that all their elements are symmetries.
  init(_ tested: TestedSubgroups, level: Double, pValue: (Subgroup) -> Double) {
    var survivors: [Survivor] = []
    var count = 0
    for subgroup in tested.subgroups {
      if survivors.contains(where: { subgroup.set.isSubset(of: $0.subgroup.set) }) { continue }
      count += 1
      let p = pValue(subgroup)
      if p > level { survivors.append(Survivor(subgroup: subgroup, pValue: p)) }
    }
    self.survivors = survivors
    testCount = count
  }

  /// The p-value of the hypothesis that all elements of a subgroup are symmetries.
  static func pValue(
    _ subgroup: Subgroup, _ families: [Family], level: Double, draws: Int, seed: UInt64
  ) -> Double {
    let moved = families.map { family in
      let blocks = family.blocks.compactMap { block in
        block.prepared(for: subgroup).map { (block: block, prepared: $0) }
      }
      return (blocks: blocks, isPrimary: family.isPrimary)
    }.filter { !$0.blocks.isEmpty }
    let weights = SymmetryDetector.weights(moved.map(\.isPrimary))
    return zip(moved, weights).reduce(1) { smallest, family in
      let (family, weight) = family
      let p = pValue(family.blocks, subgroup, level: level * weight, draws: draws, seed: seed)
      return min(smallest, p / weight)
    }
  }

  /// Draws until it is clear on which side of the level the p-value lies, at most `draws`.
  private static func pValue(
    _ blocks: [(block: IrrepBlock, prepared: PreparedBlock)], _ subgroup: Subgroup,
    level: Double, draws: Int, seed: UInt64
  ) -> Double {
    let randomisation = Randomisation(blocks, subgroup, seed: seed)
    let observed = randomisation.observed.max()!
    var count = 0
    var done = 0
    // Stopping once the count alone exceeds the level of all draws decides as all of them would.
    let enough = Int((level * Double(draws + 1)).rounded(.down))
    while done < draws, count < enough + 1 {
      let next = min(draws, done + 100)
      let scores = randomisation.scores(draws: done..<next)
      for draw in 0..<(next - done) {
        let row = scores[(draw * blocks.count)..<((draw + 1) * blocks.count)]
        if row.contains(where: { $0 >= observed }) { count += 1 }
      }
      done = next
    }
    return Double(1 + count) / Double(1 + done)
  }
}
