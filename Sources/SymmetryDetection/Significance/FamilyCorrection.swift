/// One set of tests whose null draws are joint, and what came of them.
package struct DrawnFamily {
  /// The observed scores.
  package let observed: [Double]

  /// The scores of the draws, [draw][test].
  package let drawn: [Double]

  /// Its share of the level against those of the other families.
  package let weight: Double

  package init(observed: [Double], drawn: [Double], weight: Double = 1) {
    self.observed = observed
    self.drawn = drawn
    self.weight = weight
  }

  var testCount: Int { observed.count }
  var drawCount: Int { testCount == 0 ? 0 : drawn.count / testCount }

  /// (1 + count)/(1 + draws) of a test by itself.
  func pValue(_ test: Int) -> Double {
    let count = (0..<drawCount).count { drawn[$0 * testCount + test] >= observed[test] }
    return Double(1 + count) / Double(1 + drawCount)
  }

  /// The same for the largest score of several tests against that observed.
  func pValueOfLargest(_ tests: [Int]) -> Double {
    guard !tests.isEmpty else { return 1 }
    let largest = tests.map { observed[$0] }.max()!
    let count = (0..<drawCount).count { draw in
      tests.contains { drawn[draw * testCount + $0] >= largest }
    }
    return Double(1 + count) / Double(1 + drawCount)
  }
}

/// The correction for many tests.
package enum FamilyCorrection {
  /// Corrected p-values, [family][test]: the probability of any false rejection is at most the level.
  ///
  /// Step by step the most significant test is taken out: its p-value is that of the largest score of all
  /// that are left of its family under the joint draws, times the weights of the families with something left
  /// over its own weight; corrected p-values never decrease along the steps. Tests that say the same cost
  /// nothing, which Holm's correction of single p-values would not know.
  ///
  /// Source: P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing (1993), algorithm 2.8, and
  /// Bonferroni's inequality with weights between families (S. Holm, Scand. J. Statist. 6 (1979) 65).
  package static func corrected(_ families: [DrawnFamily]) -> [[Double]] {
    var left = families.map { Array(0..<$0.testCount) }
    var result = families.map { [Double](repeating: 1, count: $0.testCount) }
    // The p-value of what is left of each family.
    var current = zip(families, left).map { $0.pValueOfLargest($1) }
    var reached = 0.0
    while true {
      let open = left.indices.filter { !left[$0].isEmpty }
      let total = open.reduce(0) { $0 + families[$1].weight }
      func weighted(_ family: Int) -> Double { total / families[family].weight * current[family] }
      guard let family = open.min(by: { weighted($0) < weighted($1) }) else { return result }
      reached = max(reached, min(1, weighted(family)))
      let test = left[family].max {
        families[family].observed[$0] < families[family].observed[$1]
      }!
      result[family][test] = reached
      left[family].removeAll { $0 == test }
      current[family] = families[family].pValueOfLargest(left[family])
    }
  }
}
