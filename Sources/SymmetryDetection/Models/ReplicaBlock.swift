import Groups

/// One irreducible part of one weight in all trainings, and how well replicas agree on it.
///
/// With u_sa the m x d components of replica a from start s, or of them what a subgroup K moves, the statistic is
///
///     T = sum_s c_s,   c_s = sum_{a != b} <u_sa, u_sb> / (sum_{a != b} |u_sa|^2 |u_sb|^2)^(1/2)
///
/// It is quadratic in each start, so it sees components whose sign differs from start to start, which a mean over
/// starts would lose; it contains no square of one replica, so that noise alone gives it the mean zero.
struct ReplicaBlock {
  /// The place of the weight.
  let weight: Int
  let irrep: Irrep
  let starts: Int
  let replicas: Int
  /// m, over all banks.
  let copies: Int
  /// `[start][replica][copy][component]`.
  let values: [Double]
  /// d, the dimension of the irrep.
  var dimension: Int { irrep.dimension }
  var width: Int { copies * dimension }

  init(_ ensemble: WeightEnsemble, weight: Int, _ part: RelaxedWeight.Part) {
    let own = ensemble.weights[weight]
    self.weight = weight
    irrep = part.irrep
    (starts, replicas) = (ensemble.starts, ensemble.replicas)
    copies = own.banks * part.copies
    values = ensemble.values.flatMap { start in
      start.flatMap { own.components(of: $0[weight], in: part) }
    }
  }

  /// A block of other trainings, for which the same is known.
  private init(_ block: ReplicaBlock, starts: Int, replicas: Int, _ values: [Double]) {
    (weight, irrep, copies) = (block.weight, block.irrep, block.copies)
    (self.starts, self.replicas, self.values) = (starts, replicas, values)
  }

  /// All starts as replicas of one, so that what is tested is whether starts agree.
  var asOneStart: ReplicaBlock {
    ReplicaBlock(self, starts: 1, replicas: starts * replicas, values)
  }

  /// The sums over replicas as replicas of one start.
  var sumsOfStarts: ReplicaBlock {
    var sums = [Double](repeating: 0, count: starts * width)
    for (i, x) in values.enumerated() { sums[i / (replicas * width) * width + i % width] += x }
    return ReplicaBlock(self, starts: 1, replicas: starts, sums)
  }

  /// The part that a subgroup moves, of every training; nil where it moves nothing.
  func moved(by subgroup: Subgroup) -> ReplicaBlock? {
    let d = dimension
    var projector = RealMatrix(rows: d, columns: d)
    for g in subgroup.elements { projector = projector + irrep.matrix(g) }
    projector = 1 / Double(subgroup.order) * projector
    guard d - Int(projector.trace.rounded()) > 0 else { return nil }
    var result = values
    for row in stride(from: 0, to: values.count, by: d) {
      for i in 0..<d {
        for j in 0..<d { result[row + i] -= projector[i, j] * values[row + j] }
      }
    }
    return ReplicaBlock(self, starts: starts, replicas: replicas, result)
  }

  /// `|u_sa|^2`
  private var squares: [Double] {
    stride(from: 0, to: values.count, by: width).map { first in
      (first..<(first + width)).reduce(0) { $0 + values[$1] * values[$1] }
    }
  }

  /// The mean of |u|^2 over all trainings.
  var power: Double { squares.reduce(0, +) / Double(starts * replicas) }

  /// The mean of <u_sa, u_sb> over pairs of replicas, for each start: the power that is not noise, without bias.
  var reproducedPowers: [Double] {
    let squares = squares
    return (0..<starts).map { s in
      var sum = [Double](repeating: 0, count: width)
      for a in 0..<replicas {
        for i in 0..<width { sum[i] += values[(s * replicas + a) * width + i] }
      }
      let own = squares[(s * replicas)..<((s + 1) * replicas)].reduce(0, +)
      let pairs = Double(replicas * (replicas - 1))
      return (sum.reduce(0) { $0 + $1 * $1 } - own) / pairs
    }
  }

  /// T for the data, then for draws in which each training is moved by an element of its own.
  ///
  /// - Parameters:
  ///   - elements: `[draw][training]`, places in the list of the subgroup.
  func statistics(_ elements: [Int32], of subgroup: Subgroup) -> [Double] {
    let (d, width, replicas) = (dimension, width, replicas)
    let matrices = subgroup.elements.flatMap { g in
      (0..<(d * d)).map { irrep.matrix(g)[$0 / d, $0 % d] }
    }
    let squares = squares
    let factors: [(own: Double, scale: Double)] = (0..<starts).map { s in
      let list = squares[(s * replicas)..<((s + 1) * replicas)]
      let own = list.reduce(0, +)
      let pairs = own * own - list.reduce(0) { $0 + $1 * $1 }
      return (own, pairs > 0 ? 1 / pairs.squareRoot() : 0)
    }
    let trainings = starts * replicas
    var sum = [Double](repeating: 0, count: width)
    return (0...(elements.count / trainings)).map { number in
      var total = 0.0
      for s in 0..<starts {
        for i in 0..<width { sum[i] = 0 }
        for training in (s * replicas)..<((s + 1) * replicas) {
          // The first is the data, which nothing moves; the identity stands first in every subgroup.
          let g = number == 0 ? 0 : Int(elements[(number - 1) * trainings + training])
          Self.add(values, training * width, matrices, g * d * d, d, to: &sum)
        }
        let square = sum.reduce(0) { $0 + $1 * $1 }
        total += (square - factors[s].own) * factors[s].scale
      }
      return total
    }
  }

  /// sum += u D(g)^T
  @inline(__always)
  private static func add(
    _ values: [Double], _ first: Int, _ matrices: [Double], _ matrix: Int, _ d: Int,
    to sum: inout [Double]
  ) {
    for i in sum.indices {
      let (row, component) = (first + i / d * d, i % d)
      var x = 0.0
      for j in 0..<d { x += matrices[matrix + component * d + j] * values[row + j] }
      sum[i] += x
    }
  }
}
