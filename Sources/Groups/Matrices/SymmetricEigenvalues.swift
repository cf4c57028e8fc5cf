/// Eigenvalues, ascending, and orthonormal eigenvectors of a symmetric matrix.
///
/// Jacobi's method (G. H. Golub and C. F. Van Loan, Matrix Computations, 8.5): cyclic sweeps until
/// what stands off the diagonal is rounding.
struct SymmetricEigenvalues {
  let values: [Double]
  /// Eigenvectors as columns.
  let vectors: RealMatrix

  init(_ matrix: RealMatrix) {
    let n = matrix.rows
    var a = matrix
    // Rows of `v` are eigenvectors, so that rotations run along memory.
    var v = RealMatrix.identity(n)
    let scale = matrix.frobeniusNorm
    for _ in 0..<60 {
      var off = 0.0
      for i in 0..<n {
        for j in 0..<i { off += a[i, j] * a[i, j] }
      }
      if off.squareRoot() <= 1e-17 * scale { break }
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1) {
          Self.rotate(&a, &v, p, q)
        }
      }
    }
    let order = (0..<n).sorted { a[$0, $0] < a[$1, $1] }
    values = order.map { a[$0, $0] }
    vectors = RealMatrix(rows: n, columns: n) { v[order[$1], $0] }
  }

  private static func rotate(_ a: inout RealMatrix, _ v: inout RealMatrix, _ p: Int, _ q: Int) {
    let n = a.rows
    let apq = a[p, q]
    if apq == 0 { return }
    let theta = (a[q, q] - a[p, p]) / (2 * apq)
    let t =
      theta.magnitude > 1e150
      ? 0.5 / theta
      : (theta < 0 ? -1.0 : 1.0) / (theta.magnitude + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    a.elements.withUnsafeMutableBufferPointer { a in
      for k in 0..<n {
        let (x, y) = (a[p * n + k], a[q * n + k])
        a[p * n + k] = c * x - s * y
        a[q * n + k] = s * x + c * y
      }
      for k in 0..<n {
        let (x, y) = (a[k * n + p], a[k * n + q])
        a[k * n + p] = c * x - s * y
        a[k * n + q] = s * x + c * y
      }
      a[p * n + q] = 0
      a[q * n + p] = 0
    }
    v.elements.withUnsafeMutableBufferPointer { v in
      for k in 0..<n {
        let (x, y) = (v[p * n + k], v[q * n + k])
        v[p * n + k] = c * x - s * y
        v[q * n + k] = s * x + c * y
      }
    }
  }
}
