import Groups

/// One irreducible part of an observable in bins, prepared for tests of its mean.
///
/// A bin is a matrix Y of m copies times d components; a group element acts as Y -> Y D(g)^T.
struct IrrepBlock {
  let irrep: Irrep
  /// m, the number of copies.
  let copies: Int
  /// d, the dimension of the irrep.
  let dimension: Int
  /// q, the number of bins.
  let binCount: Int
  /// Bins one after the other, each row by row.
  let bins: [Double]
  /// The mean over bins, row by row.
  let mean: [Double]
  /// The factor by which the variance of the mean exceeds that of independent bins.
  let inflation: Double

  init(_ series: IrrepSeries, _ part: IrrepSeries.Part, _ choice: BinChoice) {
    irrep = part.irrep
    copies = part.multiplicity
    dimension = part.irrep.dimension
    binCount = choice.count
    inflation = choice.inflation
    bins = series.binMeans(columns: part.columns, length: choice.length)
    let width = part.columns.count
    var mean = [Double](repeating: 0, count: width)
    for (i, x) in bins.enumerated() { mean[i % width] += x }
    self.mean = mean.map { $0 / Double(choice.count) }
  }

  /// The block made ready for the hypothesis that a subgroup is a symmetry; nil where the subgroup leaves
  /// everything invariant, or has too few bins for so many copies.
  func prepared(for subgroup: Subgroup) -> PreparedBlock? {
    PreparedBlock(self, subgroup)
  }
}

/// A block whitened for the hypothesis that the elements of K are symmetries.
///
/// Under it the mean of what K moves vanishes: with P the projection of the irrep on K-invariant vectors and
/// Q = 1 - P the mean of Y Q. The scatter S = sum_b Z_b Z_b^T of Z_b = Y_b - Ybar P is the same for all draws
/// Y_b -> Y_b D(g_b)^T with g_b in K, so it is computed once and the bins are multiplied by S^(-1/2). The
/// statistic is Pillai's trace V = q tr(Ybar Q Ybar^T S^-1), turned into
/// F = (n/h) V/(s - V) with s = min(m, r), r the rank of Q, h = m r, n = s (e - m + s),
/// e = q r + (q - 1)(d - r) - r; for m = 1, Gaussian bins and K transitive exactly Fisher's F.
struct PreparedBlock {
  let copies: Int
  let dimension: Int
  let binCount: Int
  /// S^(-1/2) Y_b Q.
  let whitened: [Double]
  /// The degrees of freedom of F.
  let numerator: Double
  let denominator: Double
  private let limit: Double
  private let inflation: Double

  init?(_ block: IrrepBlock, _ subgroup: Subgroup) {
    let (m, d, q) = (block.copies, block.dimension, block.binCount)
    var projector = RealMatrix(rows: d, columns: d)
    for g in subgroup.elements { projector = projector + block.irrep.matrix(g) }
    projector = 1 / Double(subgroup.order) * projector
    let rank = d - Int(projector.trace.rounded())
    guard rank > 0 else { return nil }
    let s = Double(min(m, rank))
    let errors = Double(q * rank + (q - 1) * (d - rank) - rank)
    guard errors - Double(m) + s >= 1 else { return nil }
    // Z = Y - Ybar P, its scatter, and Y Q.
    var centre = [Double](repeating: 0, count: m * d)
    for a in 0..<m {
      for i in 0..<d {
        for j in 0..<d { centre[a * d + i] += block.mean[a * d + j] * projector[j, i] }
      }
    }
    var scatter = RealMatrix(rows: m, columns: m)
    var moved = [Double](repeating: 0, count: q * m * d)
    for b in 0..<q {
      let start = b * m * d
      for a in 0..<m {
        for c in 0...a {
          for i in 0..<d {
            scatter[a, c] +=
              (block.bins[start + a * d + i] - centre[a * d + i])
              * (block.bins[start + c * d + i] - centre[c * d + i])
          }
        }
        for i in 0..<d {
          var sum = block.bins[start + a * d + i]
          for j in 0..<d { sum -= block.bins[start + a * d + j] * projector[j, i] }
          moved[start + a * d + i] = sum
        }
      }
    }
    // Copies that depend on each other linearly get a scatter of their own, far below what is measured.
    let ridge = 1e-9 * scatter.trace / Double(m)
    guard let factor = Cholesky(scatter) ?? Cholesky(scatter + ridge * .identity(m))
    else { return nil }
    for b in 0..<q {
      for i in 0..<d { factor.solve(&moved, start: b * m * d + i, stride: d) }
    }
    copies = m
    dimension = d
    binCount = q
    whitened = moved
    numerator = Double(m * rank)
    denominator = s * (errors - Double(m) + s)
    limit = s
    inflation = block.inflation
  }

  /// F from the sum over bins of the whitened bins, each as an element has moved it.
  func f(sum: UnsafePointer<Double>) -> Double {
    var squares = 0.0
    for i in 0..<(copies * dimension) { squares += sum[i] * sum[i] }
    let trace = squares / Double(binCount)
    return trace < limit ? denominator / numerator * trace / (limit - trace) : .infinity
  }

  /// F of the data, divided by the inflation of the variance.
  var observed: Double {
    let width = copies * dimension
    var sum = [Double](repeating: 0, count: width)
    for (i, x) in whitened.enumerated() { sum[i % width] += x }
    return f(sum: sum) / inflation
  }

  /// The normal number whose tail is that of F, nearly: what makes statistics of different irreps comparable.
  ///
  /// z = (u (1 - 2/(9n)) - (1 - 2/(9h))) / sqrt(2/(9h) + u^2 2/(9n)), u = F^(1/3).
  ///
  /// Source: E. Paulson, Ann. Math. Statist. 13 (1942) 233.
  func score(_ f: Double) -> Double {
    guard f.isFinite else { return 1e3 }
    let (a, b) = (2 / (9 * numerator), 2 / (9 * denominator))
    let u = cubeRoot(f)
    return (u * (1 - b) - (1 - a)) / (a + u * u * b).squareRoot()
  }
}
