import Foundation
import Lattice

/// Exact mean plaquettes of the Wilson action in two dimensions, in infinite volume.
///
/// Plaquettes are independent there: P = d/dbeta ln Z_1 with Z_1(U(1)) = I_0(beta) and Z_1(SU(N)) =
/// sum over integers n of det[I_{i - j + n}(beta / N)], i, j = 1..N (Gross and Witten, Phys. Rev. D
/// 21 (1980) 446; Bars and Green, Phys. Rev. D 20 (1979) 3311).
public func exactPlaquette2D(_ group: GaugeGroup, beta: Double) -> Double {
  if beta == 0 { return 0 }
  let n = group.n
  let x = beta / Double(n)
  let reach = 40 + Int(abs(x))
  let bessel = besselTable(x, order: reach + n + 1)
  func i(_ k: Int) -> Double { bessel[abs(k)] }
  if n == 1 { return i(1) / i(0) }
  // I_k' = (I_{k-1} + I_{k+1}) / 2, and the derivative of a determinant row by row.
  var (z, dz) = (0.0, 0.0)
  for shift in -reach...reach {
    func matrix(_ row: Int?) -> [[Double]] {
      (0..<n).map { a in
        (0..<n).map { b in
          let k = a - b + shift
          return a == row ? (i(k - 1) + i(k + 1)) / 2 : i(k)
        }
      }
    }
    z += realDeterminant(matrix(nil))
    for row in 0..<n { dz += realDeterminant(matrix(row)) }
  }
  return dz / z / Double(n)
}

/// I_k(x) e^{-|x|} for k = 0...order by downward recurrence (Miller); the common factor drops out of
/// every ratio of equal degree.
func besselTable(_ x: Double, order: Int) -> [Double] {
  let y = abs(x)
  let start = order + 40 + Int(2 * y)
  var values = [Double](repeating: 0, count: start + 2)
  values[start] = 1e-300
  for k in stride(from: start, to: 0, by: -1) {
    values[k - 1] = values[k + 1] + 2 * Double(k) / y * values[k]
    if values[k - 1] > 1e200 { for j in (k - 1)...start { values[j] *= 1e-250 } }
  }
  // 1 = e^{-x} (I_0 + 2 sum I_k)
  let norm = values[0] + 2 * values[1...].reduce(0, +)
  return (0...order).map { k in
    let sign = x < 0 && k % 2 == 1 ? -1.0 : 1.0
    return sign * values[k] / norm
  }
}

private func realDeterminant(_ rows: [[Double]]) -> Double {
  var m = rows
  var result = 1.0
  let n = m.count
  for k in 0..<n {
    let pivot = (k..<n).max { abs(m[$0][k]) < abs(m[$1][k]) }!
    if m[pivot][k] == 0 { return 0 }
    if pivot != k {
      m.swapAt(pivot, k)
      result = -result
    }
    result *= m[k][k]
    for i in (k + 1)..<max(n, k + 1) {
      let f = m[i][k] / m[k][k]
      for j in k..<n { m[i][j] -= f * m[k][j] }
    }
  }
  return result
}
