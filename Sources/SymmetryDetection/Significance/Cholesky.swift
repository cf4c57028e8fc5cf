import Foundation
import Groups

/// The factor L of a symmetric positive definite matrix, L L^T.
struct Cholesky {
  private let lower: RealMatrix

  /// Nil where the matrix, of which the lower half is read, is singular to rounding.
  init?(_ matrix: RealMatrix) {
    let n = matrix.rows
    var lower = RealMatrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0...i {
        var sum = matrix[i, j]
        for k in 0..<j { sum -= lower[i, k] * lower[j, k] }
        if i == j {
          guard sum > 1e-12 * matrix[i, i], sum.isFinite else { return nil }
          lower[i, i] = sum.squareRoot()
        } else {
          lower[i, j] = sum / lower[j, j]
        }
      }
    }
    self.lower = lower
  }

  /// L^-1 applied in place to the numbers at `start`, `start + stride`, ...
  func solve(_ values: inout [Double], start: Int, stride: Int) {
    for i in 0..<lower.rows {
      var sum = values[start + i * stride]
      for k in 0..<i { sum -= lower[i, k] * values[start + k * stride] }
      values[start + i * stride] = sum / lower[i, i]
    }
  }
}

func cubeRoot(_ x: Double) -> Double { cbrt(x) }
