/// The solution of A x = b with A symmetric and positive definite, by a Cholesky factor of A with a unit
/// diagonal.
struct PositiveSystem {
  /// Why there is no solution.
  enum Failure: Error {
    /// A diagonal element is zero or not finite.
    case zero(Int)
    /// Row `row` is a combination of rows before it, with these coefficients in units of the
    /// diagonals.
    case dependent(row: Int, on: [Double])
  }

  /// What remains of a row of length 1 that counts as dependent: gradients are accurate to 1e-15, in
  /// single precision to 1e-7, and squares stand here.
  static let tolerance = 1e-11

  private let scale: [Double]
  private let factor: [[Double]]

  init(_ matrix: [[Double]]) throws(Failure) {
    let count = matrix.count
    for j in 0..<count where !(matrix[j][j] > 0 && matrix[j][j].isFinite) { throw .zero(j) }
    let scale = (0..<count).map { 1 / matrix[$0][$0].squareRoot() }
    var factor = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0...i {
        let rest = (0..<j).reduce(matrix[i][j] * scale[i] * scale[j]) {
          $0 - factor[i][$1] * factor[j][$1]
        }
        if i > j {
          factor[i][j] = rest / factor[j][j]
          continue
        }
        guard rest > Self.tolerance else {
          throw .dependent(row: i, on: Self.transposedSolution(factor, factor[i], count: i))
        }
        factor[i][i] = rest.squareRoot()
      }
    }
    (self.scale, self.factor) = (scale, factor)
  }

  /// x of A x = b.
  func solve(_ b: [Double]) -> [Double] {
    var y = zip(b, scale).map { $0 * $1 }
    for i in y.indices {
      for k in 0..<i { y[i] -= factor[i][k] * y[k] }
      y[i] /= factor[i][i]
    }
    return zip(Self.transposedSolution(factor, y, count: y.count), scale).map { $0 * $1 }
  }

  /// x of L^T x = y with the first rows of L.
  private static func transposedSolution(
    _ factor: [[Double]], _ y: [Double], count: Int
  ) -> [Double] {
    var x = Array(y[..<count])
    for i in (0..<count).reversed() {
      for k in (i + 1)..<max(count, i + 1) { x[i] -= factor[k][i] * x[k] }
      x[i] /= factor[i][i]
    }
    return x
  }
}
