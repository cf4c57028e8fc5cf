import Compute
import Groups

/// What relaxed weights of several independent trainings say: which irreducible parts are broken, and which
/// subgroups survive, by a test over the trainings and not by a tolerance.
///
/// Under the hypothesis that a subgroup H survives, the data, the noise and the initial weights of a training are as
/// likely as their images, so the weights w_k of training k have the distribution of h w_k for every h of H. The
/// null distribution of a statistic of the mean is therefore that of mean_k h_k w_k with independent random
/// h_k of H, whatever the distribution of the weights is.
///
/// - For H = G and every non-trivial irrep j the statistic is |P_j w|^2 with the projector
///   P_j = (dim_j / n |G|) sum_g chi_j(g) g, n the dimension of what commutes with j; p is corrected for the number of
///   irreps by Holm.
/// - For a subgroup H it is |w - P_H w|^2, P_H the mean over H. By closed testing H is rejected iff every tested group
///   that contains it is rejected at the level, so that the whole group is kept with probability 1 - level or more
///   where it holds.
///
/// Weights of a training are divided by their mean first: only their ratios mean anything where a layer has a scale of
/// its own, and no sign of a whole bank does.
public struct GaugeWeightReading: Sendable {
  /// An irreducible part of the weights.
  public struct Part: Sendable {
    public let irrep: Irrep
    /// How often it occurs in what is identified.
    public let multiplicity: Int
    /// |P_j w| / |P_1 w| of the mean over trainings.
    public let size: Double
    /// The probability of a part as large if the whole group holds.
    public let pValue: Double
    /// The same for the largest of all parts (Holm).
    public let correctedP: Double
  }

  /// A subgroup and what the test says of it.
  public struct Tested: Sendable {
    public let subgroup: Subgroup
    public let pValue: Double
    /// Whether it and all tested groups that contain it are rejected.
    public let isRejected: Bool
  }

  public let parts: [Part]
  public let tested: [Tested]
  /// Trainings.
  public let count: Int
  public let level: Double

  /// - Parameters:
  ///   - group: the group that the layer is relaxed from.
  ///   - images: how it permutes the weights (`SharedLayer.images(ofRelaxed:)`).
  ///   - samples: the weights of every training, of one bank; eight trainings or more.
  ///   - pairs: weights of which only the sum has an effect, each pair both ways, such as corners (a, b) and (b, a) that are
  ///     read by traces alone.
  ///   - candidates: the subgroups to be tested, the whole group among them or not.
  ///   - level: of every test.
  /// - Throws: `.setting` for too few trainings or weights of another number.
  public init(
    _ group: FiniteGroup, images: [[Int]], samples: [[Double]],
    unidentified pairs: [(Int, Int)] = [],
    candidates: [Subgroup], level: Double = 0.01, draws: Int = 2000, seed: UInt64 = 1
  ) throws(LayerError) {
    let n = images[0].count
    guard samples.count >= 8 else {
      throw .setting(
        layer: "reading of weights", name: "the number of trainings", expected: "8 or more",
        found: "\(samples.count)")
    }
    for sample in samples {
      let mean = sample.reduce(0, +) / Double(max(1, sample.count))
      guard sample.count == n, sample.allSatisfy(\.isFinite), mean != 0 else {
        throw .setting(
          layer: "reading of weights", name: "the weights of a training",
          expected: "\(n) finite numbers with a mean other than 0",
          found: "\(sample.count) with the mean \(mean)")
      }
    }
    guard level > 0, level < 1, Double(draws) * level >= 10 else {
      throw .setting(
        layer: "reading of weights", name: "the level times the random draws",
        expected: "10 or more", found: "\(level) x \(draws)")
    }
    let weights = samples.map { sample in
      var w = sample
      for (i, j) in pairs { w[i] = (sample[i] + sample[j]) / 2 }
      let scale = Double(n) / w.reduce(0, +)
      return w.map { $0 * scale }
    }
    count = samples.count
    self.level = level
    let stream = RandomStream(seed: seed, purpose: .weightReading)
    let mean = Self.mean(weights)
    let trivial = Self.squaredNorm(Self.average(mean, group.whole, images))
    let projectors = group.irreps.map { Self.projector($0, group, images) }
    // Multiplicities in what is identified: the trace of the projector there, a dimension each.
    let symmetrised = (0..<n).map { i -> [Double] in
      var e = [Double](repeating: 0, count: n)
      e[i] = 1
      var s = e
      for (a, b) in pairs { s[a] = (e[a] + e[b]) / 2 }
      return s
    }
    let irreps = zip(group.irreps, projectors).compactMap {
      irrep, projector -> (irrep: Irrep, projector: [[Double]], multiplicity: Int)? in
      let trace = (0..<n).reduce(0.0) { sum, i in
        sum + (0..<n).reduce(0.0) { $0 + projector[i][$1] * symmetrised[i][$1] }
      }
      let multiplicity = Int((trace / Double(irrep.dimension)).rounded())
      return irrep.isTrivial || multiplicity == 0 ? nil : (irrep, projector, multiplicity)
    }
    let found = irreps.map { Self.squaredNorm(Self.apply($0.projector, mean)) }
    var larger = [Int](repeating: 0, count: irreps.count)
    for draw in 0..<draws {
      let moved = Self.mean(
        weights.enumerated().map { k, w in
          Self.moved(w, images[stream.element(group.order, draw, k, 0)])
        })
      for (j, part) in irreps.enumerated()
      where Self.squaredNorm(Self.apply(part.projector, moved)) >= found[j] * (1 - 1e-12) {
        larger[j] += 1
      }
    }
    let pValues = larger.map { Double($0 + 1) / Double(draws + 1) }
    let corrected = Self.holm(pValues)
    parts = irreps.enumerated().map { j, part in
      Part(
        irrep: part.irrep, multiplicity: part.multiplicity, size: (found[j] / trivial).squareRoot(),
        pValue: pValues[j], correctedP: corrected[j])
    }
    var all = candidates.filter { $0.order < group.order }.sorted { $0.order > $1.order }
    all.insert(group.whole, at: 0)
    let tests = all.enumerated().map { index, subgroup -> (Subgroup, Double) in
      func statistic(_ w: [Double]) -> Double {
        let average = Self.average(w, subgroup, images)
        return zip(w, average).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let found = statistic(mean)
      var larger = 0
      for draw in 0..<draws {
        let moved = Self.mean(
          weights.enumerated().map { k, w in
            let g = stream.element(subgroup.order, draw, k, index + 1)
            return Self.moved(w, images[subgroup.elements[g]])
          })
        if statistic(moved) >= found * (1 - 1e-12) { larger += 1 }
      }
      return (subgroup, Double(larger + 1) / Double(draws + 1))
    }
    tested = tests.map { subgroup, p in
      let containing = tests.filter { subgroup.set.isSubset(of: $0.0.set) }
      return Tested(
        subgroup: subgroup, pValue: p, isRejected: containing.allSatisfy { $0.1 < level })
    }
  }

  /// The largest subgroups that are not rejected: those that no other survivor contains.
  public var survivors: [Tested] {
    let left = tested.filter { !$0.isRejected }
    return left.filter { one in
      !left.contains {
        $0.subgroup.order > one.subgroup.order && one.subgroup.set.isSubset(of: $0.subgroup.set)
      }
    }
  }

  private static func moved(_ w: [Double], _ images: [Int]) -> [Double] {
    var result = w
    for (i, image) in images.enumerated() { result[image] = w[i] }
    return result
  }

  private static func mean(_ samples: [[Double]]) -> [Double] {
    var sum = [Double](repeating: 0, count: samples[0].count)
    for sample in samples { for (i, x) in sample.enumerated() { sum[i] += x } }
    return sum.map { $0 / Double(samples.count) }
  }

  private static func average(_ w: [Double], _ subgroup: Subgroup, _ images: [[Int]]) -> [Double] {
    var sum = [Double](repeating: 0, count: w.count)
    for g in subgroup.elements { for (i, image) in images[g].enumerated() { sum[image] += w[i] } }
    return sum.map { $0 / Double(subgroup.order) }
  }

  private static func projector(
    _ irrep: Irrep, _ group: FiniteGroup, _ images: [[Int]]
  ) -> [[Double]] {
    let n = images[0].count
    let scale =
      Double(irrep.dimension) / Double(irrep.commutantDimension * group.order)
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for g in 0..<group.order {
      let character = irrep.classCharacter[group.classOfElement[g]] * scale
      if character == 0 { continue }
      for (i, image) in images[g].enumerated() { matrix[image][i] += character }
    }
    return matrix
  }

  private static func apply(_ matrix: [[Double]], _ w: [Double]) -> [Double] {
    matrix.map { row in zip(row, w).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  private static func squaredNorm(_ w: [Double]) -> Double { w.reduce(0) { $0 + $1 * $1 } }

  private static func holm(_ p: [Double]) -> [Double] {
    var (result, largest) = (p, 0.0)
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      largest = max(largest, min(1, p[index] * Double(p.count - rank)))
      result[index] = largest
    }
    return result
  }
}

extension RandomStream {
  /// An element of a group, for a draw, a training and a test.
  fileprivate func element(_ order: Int, _ draw: Int, _ training: Int, _ test: Int) -> Int {
    min(
      order - 1,
      Int(uniforms(UInt32(draw), UInt32(training), UInt32(test)).0 * Double(order)))
  }
}

extension FiniteGroup {
  /// Subgroups that a breaking may leave, with all conjugates: of B4 and B4 x C the named patterns
  /// (`HypercubicSubgroup`), of groups of order up to 100 all.
  ///
  /// - Throws: `GroupError` for other groups beyond 100 elements.
  public func plausibleSubgroups() throws(GroupError) -> [Subgroup] {
    let representatives: [Subgroup]
    if order > 100, operations?[0].axes.dimension == 4 {
      representatives = try HypercubicSubgroup.allCases.map { pattern throws(GroupError) in
        try subgroup(pattern)
      }
    } else {
      representatives = try subgroupClasses().map(\.subgroup)
    }
    return representatives.flatMap(\.conjugates)
  }
}
