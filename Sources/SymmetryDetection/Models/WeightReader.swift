import Compute
import Groups

/// Reads relaxed weights: which of their irreducible parts data have bent, and the symmetry that is left.
///
/// The hypothesis for a subgroup K, tested exactly: data of each training are as likely as the same data moved by an
/// element of K. Moved data end in moved weights, so under it the weights `w_sa` and `g_sa w_sa`, with independent g_sa in K
/// for every training, have one law; the rank of the observed statistic among such draws is uniform. Nothing is
/// assumed about the law of starts, and no number is compared with a tolerance. Single irreps are tested with the whole
/// group as hypothesis; what is left of it is decided by the tests of subgroups.
///
/// From each start there have to be two replicas or more. Trainings from one replica each are read as replicas of one
/// start: then only a bending with the same sign from every start is seen.
public struct WeightReader: Sendable, Hashable {
  /// The number of null draws of each test; p-values are never below 1/(draws + 1).
  public var draws: Int
  /// The level of corrected p-values below which a part is called broken, and of the tests of subgroups.
  public var level: Double
  public var seed: UInt64
  /// Parts below this share of the weights vanish up to rounding and are called trivial.
  public var resolution: Double

  public init(
    draws: Int = 9999, level: Double = 0.05, seed: UInt64 = 1, resolution: Double = 1e-12
  ) {
    (self.draws, self.level, self.seed) = (draws, level, seed)
    self.resolution = resolution
  }

  /// - Throws: `DetectionError.invalidParameter` for draws or a level outside their range, and for too few trainings:
  ///   it says how many replicas would do.
  public func read(_ ensemble: WeightEnsemble) throws(DetectionError) -> WeightReading {
    try check(ensemble)
    let group = ensemble.weights[0].group
    let isReplicated = ensemble.replicas > 1
    var blocks: [ReplicaBlock] = []
    var scalars = [Double](repeating: 0, count: ensemble.weights.count)
    var vanishing: Set<Int> = []
    for (k, weight) in ensemble.weights.enumerated() {
      for part in weight.parts {
        let whole = ReplicaBlock(ensemble, weight: k, part)
        let block = isReplicated ? whole : whole.asOneStart
        if part.irrep.isTrivial {
          scalars[k] = block.power
        } else {
          blocks.append(block)
        }
      }
    }
    for (number, block) in blocks.enumerated() {
      let size =
        scalars[block.weight]
        + blocks.filter { $0.weight == block.weight }
        .reduce(0) { $0 + $1.power }
      if block.power <= resolution * resolution * size { vanishing.insert(number) }
    }
    let seen = blocks.indices.filter { !vanishing.contains($0) }
    let drawn = family(seen.map { blocks[$0] }, group.whole)
    let corrected = FamilyCorrection.corrected([drawn])[0]
    let trainings = ensemble.starts * ensemble.replicas
    var parts: [WeightReading.Part] = []
    for (number, block) in blocks.enumerated() {
      let place = seen.firstIndex(of: number)
      parts.append(
        part(
          block, ensemble.weights[block.weight], scalar: scalars[block.weight],
          pValue: place.map { drawn.pValue($0) }, corrected: place.map { corrected[$0] }))
    }
    var result = WeightReading(
      group: group.name, parts: parts, survivingGroups: [], starts: ensemble.starts,
      replicas: ensemble.replicas, draws: draws, seed: seed, notes: [])
    if !isReplicated {
      result.notes.append(
        "one training from each of \(trainings) starts: a bending whose sign differs is not seen")
    }
    try addSubgroups(to: &result, seen.map { blocks[$0] }, group)
    return result
  }

  private func part(
    _ block: ReplicaBlock, _ weight: RelaxedWeight, scalar: Double, pValue: Double?,
    corrected: Double?
  ) -> WeightReading.Part {
    let powers = block.reproducedPowers
    let mean = powers.reduce(0, +) / Double(powers.count)
    let squares = powers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let count = Double(powers.count)
    let error = powers.count > 1 ? (squares / (count * (count - 1))).squareRoot() : nil
    let isBroken = corrected.map { $0 <= level } ?? false
    var direction: Double?
    if isBroken, block.starts > 1 {
      direction = directionP(block.sumsOfStarts, weight.group)
    }
    let unit = scalar > 0 ? scalar : 1
    return WeightReading.Part(
      weight: weight.name, irrep: block.irrep.name, dimension: block.irrep.dimension,
      power: block.power / unit,
      reproducedPower: mean / unit, reproducedPowerError: error.map { $0 / unit },
      pValue: pValue, correctedP: corrected, directionP: direction,
      verdict: corrected.map { $0 <= level ? .broken : .notSeenBroken } ?? .trivial)
  }

  private func addSubgroups(
    to result: inout WeightReading, _ blocks: [ReplicaBlock], _ group: FiniteGroup
  ) throws(DetectionError) {
    let irreps = Set(blocks.map(\.irrep.index)).sorted().map { group.irreps[$0] }
    guard !irreps.isEmpty else {
      result.survivingGroups = [.init(group.whole, pValue: 1)]
      return
    }
    let tested = try TestedSubgroups(group, irreps.map { Representation($0, of: group) })
    let closed = ClosedTesting(tested, level: level) { subgroup in
      let moved = blocks.compactMap { $0.moved(by: subgroup) }
      guard !moved.isEmpty else { return 1 }
      let drawn = family(moved, subgroup)
      return drawn.pValueOfLargest(Array(moved.indices))
    }
    result.survivingGroups = closed.survivors.map { .init($0.subgroup, pValue: $0.pValue) }
    if tested.kernel.order > 1 {
      result.notes.append("the weights are blind to \(tested.kernel)")
    }
  }

  /// Statistics of several parts under joint draws, each in units of its root mean square over draws and data.
  private func family(
    _ blocks: [ReplicaBlock], _ subgroup: Subgroup, stream: UInt32 = 0
  ) -> DrawnFamily {
    guard let first = blocks.first else { return DrawnFamily(observed: [], drawn: []) }
    let trainings = first.starts * first.replicas
    let elements = drawnElements(trainings, subgroup.order, stream: stream)
    var scores = [Double](repeating: 0, count: (draws + 1) * blocks.count)
    for (k, block) in blocks.enumerated() {
      let statistics = block.statistics(elements, of: subgroup)
      let mean = statistics.reduce(0) { $0 + $1 * $1 } / Double(statistics.count)
      let scale = mean > 0 ? 1 / mean.squareRoot() : 0
      // Draws that differ from the data by rounding only are as large as the data.
      for (draw, x) in statistics.enumerated() {
        scores[draw * blocks.count + k] = (x * scale * 1e10).rounded() * 1e-10
      }
    }
    return DrawnFamily(
      observed: Array(scores[..<blocks.count]), drawn: Array(scores[blocks.count...]))
  }

  private func drawnElements(_ trainings: Int, _ order: Int, stream: UInt32) -> [Int32] {
    let random = RandomStream(seed: seed, purpose: .symmetryRandomisation)
    var result: [Int32] = []
    result.reserveCapacity(draws * trainings)
    for draw in 0..<draws {
      for first in stride(from: 0, to: trainings, by: 4) {
        let words = random.words(UInt32(draw), UInt32(first / 4), 1, stream)
        for i in 0..<min(4, trainings - first) {
          result.append(Int32((UInt64(words[i]) * UInt64(order)) >> 32))
        }
      }
    }
    return result
  }

  /// The p-value of the hypothesis that starts do not agree on where an irrep points.
  private func directionP(_ block: ReplicaBlock, _ group: FiniteGroup) -> Double {
    family([block], group.whole, stream: 1).pValue(0)
  }

  private func check(_ ensemble: WeightEnsemble) throws(DetectionError) {
    guard (19...1_000_000).contains(draws) else {
      throw .invalidParameter(
        name: "the number of draws", expected: "in 19...1000000", found: "\(draws)")
    }
    guard level > 0, level < 1 else {
      throw .invalidParameter(name: "the level", expected: "in (0, 1)", found: "\(level)")
    }
    let group = ensemble.weights[0].group
    guard let order = (1..<group.order).map({ group.order(of: $0) }).min() else { return }
    // Of the patterns of an element for each training those that move all replicas of a start alike change nothing.
    func smallest(_ starts: Int, _ replicas: Int) -> Double {
      var p = 1 / Double(draws + 1)
      var share = 1.0
      for _ in 0..<(starts * (replicas - 1)) { share /= Double(order) }
      p += share
      return p
    }
    let (starts, replicas) =
      ensemble.replicas > 1 ? (ensemble.starts, ensemble.replicas) : (1, ensemble.starts)
    guard 1 / Double(draws + 1) < level else {
      throw .invalidParameter(
        name: "the number of draws", expected: "more than 1/level = \(1 / level)",
        found: "\(draws)")
    }
    guard smallest(starts, replicas) <= level else {
      var enough = max(2, replicas)
      while smallest(starts, enough) > level { enough += 1 }
      throw .invalidParameter(
        name: "the replicas of each start",
        expected: "\(enough) or more, for \(starts) starts and a level of \(level)",
        found: "\(ensemble.replicas)")
    }
  }
}
