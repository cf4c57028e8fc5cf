import Groups
import Statistics

/// How large the mean of an irreducible part is: |irrep mean| / |scalar mean|.
///
/// Norms are Euclidean in the orthonormal basis of the irreps. Where the observable has no scalar part that
/// differs from zero by two of its errors, the unit is the root mean square of a sample instead.
struct Effect {
  /// The ratio.
  let value: Double

  /// Its error by the jackknife over bins, times the root of the inflation.
  let error: Double

  /// The ratio that larger true ones would fall short of in at most 5 % of ensembles.
  ///
  /// P(F <= observed | bound) = 0.05 P(F <= observed | 0): never zero and, for small effects, conservative
  /// (A. L. Read, J. Phys. G 28 (2002) 2693). The error of the unit does not enter.
  let upperBound: Double

  /// Whether the unit is the mean of the scalar part.
  let isRelativeToScalar: Bool

  /// - Parameter scalar: the scalar part of the same observable in the same bins, where it has one.
  init(_ block: IrrepBlock, scalar: IrrepBlock?, rootMeanSquare: Double) throws(DetectionError) {
    let q = block.binCount
    let norm = Self.norm(block.mean)
    let unit: (mean: [Double], bins: [Double])?
    if let scalar, Self.isNonZero(scalar) {
      unit = (scalar.mean, scalar.bins)
    } else {
      unit = nil
    }
    isRelativeToScalar = unit != nil
    let scale = unit.map { Self.norm($0.mean) } ?? rootMeanSquare
    value = norm / scale
    var replicates: [Double] = []
    for b in 0..<q {
      let part = Self.norm(Self.mean(block.mean, without: b, of: block.bins, q))
      let divisor = unit.map { Self.norm(Self.mean($0.mean, without: b, of: $0.bins, q)) } ?? scale
      replicates.append(part / divisor)
    }
    let center = replicates.reduce(0, +) / Double(q)
    let squares = replicates.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    error = (squares * Double(q - 1) / Double(q) * block.inflation).squareRoot()

    // The variance of one component of the mean, of the worst combination of copies.
    let variance = Self.largestVariance(block) / Double(q) * block.inflation
    let degrees = Double(block.copies * block.dimension)
    guard variance > 0 else {
      upperBound = value
      return
    }
    upperBound =
      try Self.bound(
        squares: norm * norm / variance, degrees, denominator: Double(q - 1) * degrees)
      * variance.squareRoot() / scale
  }

  /// The root of the non-centrality at the bound, from the sum of squares in units of the variance.
  private static func bound(
    squares: Double, _ degrees: Double, denominator: Double
  ) throws(DetectionError) -> Double {
    // Far out the distribution of the norm is normal.
    if squares > 900 { return squares.squareRoot() + 1.645 }
    func below(_ root: Double) throws(DetectionError) -> Double {
      try statistics { () throws(StatisticsError) in
        try SpecialFunctions.nonCentralF(
          squares / degrees, numerator: degrees, denominator: denominator,
          nonCentrality: root * root)
      }
    }
    let target = 0.05 * (try below(0))
    var (low, high) = (0.0, squares.squareRoot() + 6)
    while high < 90, try below(high) > target { high *= 1.5 }
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if try below(middle) > target { low = middle } else { high = middle }
    }
    return high
  }

  /// The largest eigenvalue of the covariance of the copies, by powers.
  private static func largestVariance(_ block: IrrepBlock) -> Double {
    let (m, d, q) = (block.copies, block.dimension, block.binCount)
    var covariance = RealMatrix(rows: m, columns: m)
    for b in 0..<q {
      for a in 0..<m {
        for c in 0..<m {
          for i in 0..<d {
            covariance[a, c] +=
              (block.bins[(b * m + a) * d + i] - block.mean[a * d + i])
              * (block.bins[(b * m + c) * d + i] - block.mean[c * d + i])
          }
        }
      }
    }
    covariance = 1 / Double((q - 1) * d) * covariance
    if m == 1 { return covariance[0, 0] }
    var vector = (0..<m).map { 1 + 0.1 * Double($0) }
    var largest = 0.0
    for _ in 0..<100 {
      let image = covariance * vector
      largest = norm(image) / norm(vector)
      guard largest > 0 else { return 0 }
      vector = image.map { $0 / largest }
    }
    return largest
  }

  private static func isNonZero(_ scalar: IrrepBlock) -> Bool {
    let q = Double(scalar.binCount)
    let width = scalar.mean.count
    var squares = 0.0
    for (i, x) in scalar.bins.enumerated() {
      let deviation = x - scalar.mean[i % width]
      squares += deviation * deviation
    }
    let error = (squares / (q * (q - 1)) * scalar.inflation).squareRoot()
    return norm(scalar.mean) > 2 * error
  }

  /// The mean without one bin.
  private static func mean(
    _ mean: [Double], without b: Int, of bins: [Double], _ q: Int
  ) -> [Double] {
    mean.indices.map { mean[$0] - (bins[b * mean.count + $0] - mean[$0]) / Double(q - 1) }
  }

  private static func norm(_ v: [Double]) -> Double {
    v.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
