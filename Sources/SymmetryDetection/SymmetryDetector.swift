import Groups
import Statistics

/// The test of an ensemble for symmetries.
///
/// Every observable is divided into irreducible parts, and the mean of every non-trivial one is tested against
/// zero. What is tested, exactly: that the law of the bins is unchanged where an independent group element
/// acts on each whole bin. For a symmetric ensemble with independent bins this holds exactly; what is left of
/// the autocorrelation between bins is taken into account by `BinChoice`. A small p-value says that the mean
/// of that part is not zero, or that bins are far from independent.
public struct SymmetryDetector: Sendable, Hashable {
  /// The number of null draws of each test of an irrep; p-values are never below 1/(draws + 1).
  public var draws: Int

  /// The number of null draws of each test of a subgroup.
  public var subgroupDraws: Int

  /// The level of corrected p-values below which a part is called broken, and of the tests of subgroups.
  public var level: Double

  /// The seed of the draws.
  public var seed: UInt64

  /// Whether subgroups are tested too.
  public var testsSubgroups: Bool

  public init(
    draws: Int = 9999, subgroupDraws: Int = 999, level: Double = 0.05, seed: UInt64 = 1,
    testsSubgroups: Bool = true
  ) {
    self.draws = draws
    self.subgroupDraws = subgroupDraws
    self.level = level
    self.seed = seed
    self.testsSubgroups = testsSubgroups
  }

  /// Tests observables measured on the same configurations.
  ///
  /// Observables of one group have to share the `FiniteGroup` object; their draws are joint. Subgroups of
  /// the group of the first observable of symmetry `.point` are tested by all observables of that group.
  /// - Parameter expected: A subgroup of that group of which the result says whether it is rejected.
  /// - Throws: `DetectionError.noData`, `.lengthMismatch` where chains differ between observables,
  ///   `.invalidParameter` for draws, level or names that occur twice.
  public func detect(
    _ observables: [SampledObservable], expecting expected: Subgroup? = nil
  ) throws(DetectionError) -> DetectionResult {
    try check(observables)
    let entries = try Entry.all(observables)
    let families = Self.families(entries)
    var drawn: [DrawnFamily] = []
    let weights = Self.weights(families.map(\.isPrimary))
    for (family, weight) in zip(families, weights) {
      drawn.append(family.drawn(draws: draws, seed: seed, weight: weight))
    }
    let corrected = FamilyCorrection.corrected(drawn)
    var outcomes: [Outcome.Key: Outcome] = [:]
    for (k, family) in families.enumerated() {
      for (test, member) in family.members.enumerated() {
        outcomes[member.key] = Outcome(
          statistic: member.prepared.observed, pValue: drawn[k].pValue(test),
          corrected: corrected[k][test])
      }
    }
    var tests: [DetectionResult.Test] = []
    for (number, entry) in entries.enumerated() {
      for (place, part) in entry.series.parts.enumerated() where !part.irrep.isTrivial {
        let key = Outcome.Key(observable: number, part: place)
        tests.append(try entry.test(place, outcomes[key], level: level, seed: seed))
      }
    }
    let used = entries.filter(\.isTested)
    var result = DetectionResult(
      tests: tests, survivingGroups: [], notTested: entries.flatMap(\.remarks),
      configurations: observables[0].sampleCount,
      bins: (used.isEmpty ? entries : used).map(\.choice.count).min() ?? 0,
      autocorrelation: (used.isEmpty ? entries : used).map(\.choice.autocorrelationTime).max()
        ?? 0.5, center: nil,
      expectation: nil, testedGroup: nil, draws: draws, seed: seed)
    if testsSubgroups || expected != nil { try addSubgroups(to: &result, entries, expected) }
    return result
  }

  /// What of a group the tests leave.
  private func addSubgroups(
    to result: inout DetectionResult, _ entries: [Entry], _ expected: Subgroup?
  ) throws(DetectionError) {
    let point = entries.first { $0.observable.symmetry == .point }
    if let expected, expected.parent !== point?.observable.group {
      throw .differentGroups(
        observable: "the expected subgroup",
        expected: point?.observable.group.name ?? "an observable of the point group",
        found: expected.parent.name)
    }
    guard let group = point?.observable.group else { return }
    let own = entries.filter { $0.observable.group === group }
    let seeing = own.filter { $0.isTested && $0.series.parts.contains { !$0.vanishes } }
    guard !seeing.isEmpty else {
      result.notTested.append("\(group.name): too little data for a test of subgroups")
      return
    }
    let tested = try TestedSubgroups(group, seeing.map(\.observable.representation))
    let blocks = [true, false].flatMap { isPrimary in
      let some = seeing.filter { $0.observable.isPrimary == isPrimary }
      return Set(some.map(\.choice.length)).sorted().map { length in
        ClosedTesting.Family(
          blocks: some.filter { $0.choice.length == length }.flatMap { $0.blocks.map(\.block) },
          isPrimary: isPrimary)
      }
    }
    let closed = ClosedTesting(
      tested, families: blocks, level: level, draws: subgroupDraws, seed: seed)
    result.testedGroup = group.name
    result.survivingGroups = closed.survivors.map {
      DetectionResult.SurvivingGroup($0.subgroup, pValue: $0.pValue)
    }
    if let expected {
      let isLeft = closed.survivors.contains { expected.set.isSubset(of: $0.subgroup.set) }
      result.expectation = DetectionResult.Expectation(
        name: expected.name ?? "a subgroup of order \(expected.order)", isRejected: !isLeft)
    }
    result.notTested += Remarks.kernel(tested.kernel)
    if !tested.isComplete {
      result.notTested.append(
        "of the subgroups of \(group.name) \(tested.subgroups.count) are candidates: those with a name,"
          + " their conjugates and what they generate together")
    }
  }

  private func check(_ observables: [SampledObservable]) throws(DetectionError) {
    guard let first = observables.first else { throw .noData(observable: "any observable") }
    for (name, value) in [("draws", draws), ("draws of subgroups", subgroupDraws)]
    where !(19...1_000_000).contains(value) {
      throw .invalidParameter(
        name: "the number of \(name)", expected: "in 19...1000000", found: "\(value)")
    }
    guard level > 0, level < 1 else {
      throw .invalidParameter(name: "the level", expected: "in (0, 1)", found: "\(level)")
    }
    for observable in observables where observable.chainLengths != first.chainLengths {
      throw .lengthMismatch(
        observable: observable.name, expected: first.chainLengths, found: observable.chainLengths)
    }
  }

  /// The shares of the level: half of it for what is primary, where there is anything else.
  static func weights(_ isPrimary: [Bool]) -> [Double] {
    let primary = isPrimary.count { $0 }
    let others = isPrimary.count - primary
    guard primary > 0, others > 0 else { return isPrimary.map { _ in 1 / Double(isPrimary.count) } }
    return isPrimary.map { 0.5 / Double($0 ? primary : others) }
  }

  /// Families: one group, one length of bins.
  private static func families(_ entries: [Entry]) -> [Family] {
    var families: [Family] = []
    for (number, entry) in entries.enumerated() where entry.isTested {
      let place = families.firstIndex {
        $0.group === entry.observable.group && $0.binLength == entry.choice.length
          && $0.isPrimary == entry.observable.isPrimary
      }
      let members = entry.blocks.compactMap { part, block in
        block.prepared(for: entry.observable.group.whole).map {
          Family.Member(
            key: Outcome.Key(observable: number, part: part), block: block, prepared: $0)
        }
      }
      guard !members.isEmpty else { continue }
      if let place {
        families[place].members += members
      } else {
        families.append(
          Family(
            group: entry.observable.group, binLength: entry.choice.length,
            isPrimary: entry.observable.isPrimary, members: members))
      }
    }
    return families
  }
}

/// The numbers of one test.
struct Outcome {
  struct Key: Hashable {
    let observable: Int
    let part: Int
  }
  let statistic: Double
  let pValue: Double
  let corrected: Double
}

/// Tests with joint draws.
private struct Family {
  struct Member {
    let key: Outcome.Key
    let block: IrrepBlock
    let prepared: PreparedBlock
  }
  let group: FiniteGroup
  let binLength: Int
  let isPrimary: Bool
  var members: [Member]

  func drawn(draws: Int, seed: UInt64, weight: Double) -> DrawnFamily {
    let randomisation = Randomisation(
      members.map { ($0.block, $0.prepared) }, group.whole, seed: seed)
    return DrawnFamily(
      observed: randomisation.observed, drawn: randomisation.scores(draws: 0..<draws),
      weight: weight)
  }
}
