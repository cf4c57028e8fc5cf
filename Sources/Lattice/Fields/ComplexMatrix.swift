import ComplexModule
import RealModule

/// A small complex matrix in double precision, row-major: the plain counterpart of a lane of a block.
public struct ComplexMatrix: Hashable, Sendable {
  /// Rows.
  public let n: Int
  /// Elements, row by row.
  public var elements: [Complex<Double>]

  /// From a function of row and column.
  public init(n: Int, _ element: (Int, Int) -> Complex<Double>) {
    self.n = n
    elements = []
    elements.reserveCapacity(n * n)
    for i in 0..<n { for j in 0..<n { elements.append(element(i, j)) } }
  }

  public static func identity(_ n: Int) -> ComplexMatrix {
    ComplexMatrix(n: n) { $0 == $1 ? 1 : 0 }
  }

  public static func zero(_ n: Int) -> ComplexMatrix { ComplexMatrix(n: n) { _, _ in 0 } }

  public subscript(i: Int, j: Int) -> Complex<Double> {
    get { elements[i * n + j] }
    set { elements[i * n + j] = newValue }
  }

  /// The conjugate transpose.
  public var adjoint: ComplexMatrix { ComplexMatrix(n: n) { self[$1, $0].conjugate } }
  public var conjugate: ComplexMatrix { ComplexMatrix(n: n) { self[$0, $1].conjugate } }
  public var trace: Complex<Double> { (0..<n).reduce(0) { $0 + self[$1, $1] } }

  /// The square root of the sum of squared magnitudes.
  public var frobeniusNorm: Double {
    elements.reduce(0) { $0 + $1.real * $1.real + $1.imaginary * $1.imaginary }.squareRoot()
  }

  /// (M - M^dagger)/2 - tr(M - M^dagger)/(2N); for N = 1 no trace is removed.
  public var tracelessAntihermitian: ComplexMatrix {
    let a = Complex<Double>(0.5) * (self - adjoint)
    if n == 1 { return a }
    return a - Complex(1 / Double(n)) * a.trace * .identity(n)
  }

  public var determinant: Complex<Double> {
    var m = self
    var result: Complex<Double> = 1
    for k in 0..<n {
      let pivot = (k..<n).max { m[$0, k].length < m[$1, k].length }!
      if m[pivot, k] == 0 { return 0 }
      if pivot != k {
        for j in 0..<n { (m[k, j], m[pivot, j]) = (m[pivot, j], m[k, j]) }
        result = -result
      }
      result *= m[k, k]
      for i in (k + 1)..<max(n, k + 1) {
        let f = m[i, k] / m[k, k]
        for j in k..<n { m[i, j] -= f * m[k, j] }
      }
    }
    return result
  }

  public static func * (a: ComplexMatrix, b: ComplexMatrix) -> ComplexMatrix {
    precondition(a.n == b.n)
    return ComplexMatrix(n: a.n) { i, j in (0..<a.n).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
  }
  public static func * (s: Complex<Double>, a: ComplexMatrix) -> ComplexMatrix {
    ComplexMatrix(n: a.n) { s * a[$0, $1] }
  }
  public static func + (a: ComplexMatrix, b: ComplexMatrix) -> ComplexMatrix {
    ComplexMatrix(n: a.n) { a[$0, $1] + b[$0, $1] }
  }
  public static func - (a: ComplexMatrix, b: ComplexMatrix) -> ComplexMatrix {
    ComplexMatrix(n: a.n) { a[$0, $1] - b[$0, $1] }
  }
}
