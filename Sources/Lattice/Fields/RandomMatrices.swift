import Compute
import Foundation

/// A random complex Gaussian matrix, <|z|^2> = 2, from one place of a stream; n^2 pairs (re, im).
func gaussianMatrix(
  _ m: UnsafeMutablePointer<Double>, n: Int, stream: RandomStream, site: UInt32, member: UInt32,
  direction: Int
) {
  for k in 0..<(n * n) {
    let (u, v) = stream.uniforms(
      site, member, UInt32(direction >> 5), UInt32(direction & 31) << 27 | UInt32(k))
    let r = (-2 * log(u)).squareRoot()
    m[2 * k] = r * cos(2 * Double.pi * v)
    m[2 * k + 1] = r * sin(2 * Double.pi * v)
  }
}

/// Makes the rows orthonormal (Gram and Schmidt, twice for accuracy).
func orthonormalizeRows(_ m: UnsafeMutablePointer<Double>, n: Int) {
  for i in 0..<n {
    let a = m + 2 * n * i
    for _ in 0..<2 {
      for j in 0..<i {
        let b = m + 2 * n * j
        var (re, im) = (0.0, 0.0)
        for k in 0..<n {
          re += b[2 * k] * a[2 * k] + b[2 * k + 1] * a[2 * k + 1]
          im += b[2 * k] * a[2 * k + 1] - b[2 * k + 1] * a[2 * k]
        }
        for k in 0..<n {
          a[2 * k] -= re * b[2 * k] - im * b[2 * k + 1]
          a[2 * k + 1] -= re * b[2 * k + 1] + im * b[2 * k]
        }
      }
    }
    var square = 0.0
    for k in 0..<(2 * n) { square += a[k] * a[k] }
    let inverse = 1 / square.squareRoot()
    for k in 0..<(2 * n) { a[k] *= inverse }
  }
}

/// The determinant by elimination with pivots.
func determinant(_ matrix: UnsafeMutablePointer<Double>, n: Int) -> (re: Double, im: Double) {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n * n) { m in
    for k in 0..<(2 * n * n) { m[k] = matrix[k] }
    var (re, im) = (1.0, 0.0)
    for k in 0..<n {
      var (pivot, largest) = (k, -1.0)
      for i in k..<n {
        let c = 2 * (i * n + k)
        let square = m[c] * m[c] + m[c + 1] * m[c + 1]
        if square > largest { (pivot, largest) = (i, square) }
      }
      if !(largest > 0) { return (0, 0) }
      if pivot != k {
        for j in 0..<(2 * n) { m.swapAt(2 * k * n + j, 2 * pivot * n + j) }
        (re, im) = (-re, -im)
      }
      let (a, b) = (m[2 * (k * n + k)], m[2 * (k * n + k) + 1])
      (re, im) = (re * a - im * b, re * b + im * a)
      for i in (k + 1)..<max(n, k + 1) {
        let c = 2 * (i * n + k)
        let fr = (m[c] * a + m[c + 1] * b) / largest
        let fi = (m[c + 1] * a - m[c] * b) / largest
        for j in k..<n {
          let (x, y) = (m[2 * (k * n + j)], m[2 * (k * n + j) + 1])
          m[2 * (i * n + j)] -= fr * x - fi * y
          m[2 * (i * n + j) + 1] -= fr * y + fi * x
        }
      }
    }
    return (re, im)
  }
}

/// Turns a Gaussian matrix into a Haar-distributed element of U(1) or SU(N).
///
/// Gram-Schmidt of a Gaussian matrix is Haar on U(N) (Mezzadri, math-ph/0609050); its determinant is
/// spread evenly over the rows, which keeps the distribution invariant under SU(N).
func makeHaar(_ m: UnsafeMutablePointer<Double>, n: Int) {
  orthonormalizeRows(m, n: n)
  if n == 1 { return }
  let (re, im) = determinant(m, n: n)
  let phase = -atan2(im, re) / Double(n)
  let (c, s) = (cos(phase), sin(phase))
  for k in 0..<(n * n) {
    let (x, y) = (m[2 * k], m[2 * k + 1])
    m[2 * k] = x * c - y * s
    m[2 * k + 1] = x * s + y * c
  }
}
