/// A small dense matrix of doubles, row by row.
public struct RealMatrix: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  /// The elements, row by row.
  public var elements: [Double]

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative size")
    self.rows = rows
    self.columns = columns
    elements = [Double](repeating: 0, count: rows * columns)
  }

  /// A matrix from a function of row and column.
  public init(rows: Int, columns: Int, _ element: (Int, Int) -> Double) {
    self.init(rows: rows, columns: columns)
    for i in 0..<rows {
      for j in 0..<columns { self[i, j] = element(i, j) }
    }
  }

  /// A matrix from its elements, row by row.
  init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  public static func identity(_ n: Int) -> RealMatrix {
    RealMatrix(rows: n, columns: n) { $0 == $1 ? 1 : 0 }
  }

  public subscript(i: Int, j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  public static func * (a: RealMatrix, b: RealMatrix) -> RealMatrix {
    precondition(a.columns == b.rows, "sizes of factors do not match")
    var c = RealMatrix(rows: a.rows, columns: b.columns)
    let n = b.columns
    a.elements.withUnsafeBufferPointer { a in
      b.elements.withUnsafeBufferPointer { b in
        c.elements.withUnsafeMutableBufferPointer { c in
          let inner = n == 0 ? 0 : b.count / n
          for i in 0..<(n == 0 ? 0 : c.count / n) {
            for k in 0..<inner {
              let x = a[i * inner + k]
              if x == 0 { continue }
              for j in 0..<n { c[i * n + j] += x * b[k * n + j] }
            }
          }
        }
      }
    }
    return c
  }

  public static func + (a: RealMatrix, b: RealMatrix) -> RealMatrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "sizes of terms do not match")
    return RealMatrix(
      rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map { $0 + $1 })
  }

  public static func - (a: RealMatrix, b: RealMatrix) -> RealMatrix { a + (-1) * b }

  public static func * (factor: Double, a: RealMatrix) -> RealMatrix {
    RealMatrix(rows: a.rows, columns: a.columns, elements: a.elements.map { factor * $0 })
  }

  public static func * (a: RealMatrix, v: [Double]) -> [Double] {
    precondition(a.columns == v.count, "sizes of factors do not match")
    return (0..<a.rows).map { i in
      var sum = 0.0
      for j in 0..<a.columns { sum += a[i, j] * v[j] }
      return sum
    }
  }

  public var transposed: RealMatrix {
    RealMatrix(rows: columns, columns: rows) { self[$1, $0] }
  }

  public var trace: Double {
    (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] }
  }

  /// The largest magnitude of an element; NaN where one is.
  public var maximumMagnitude: Double {
    elements.reduce(0) { $1.isNaN ? .nan : $0.isNaN ? $0 : max($0, $1.magnitude) }
  }

  /// The root of the sum of squares.
  public var frobeniusNorm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The Kronecker product, with index pairs (i, k), (j, l) and the second index fastest.
  public func kronecker(_ other: RealMatrix) -> RealMatrix {
    RealMatrix(rows: rows * other.rows, columns: columns * other.columns) {
      self[$0 / other.rows, $1 / other.columns] * other[$0 % other.rows, $1 % other.columns]
    }
  }

  /// This matrix and another along the diagonal.
  public func directSum(_ other: RealMatrix) -> RealMatrix {
    RealMatrix(rows: rows + other.rows, columns: columns + other.columns) { i, j in
      if i < rows && j < columns { return self[i, j] }
      if i >= rows && j >= columns { return other[i - rows, j - columns] }
      return 0
    }
  }

  /// Column `j`.
  public func column(_ j: Int) -> [Double] { (0..<rows).map { self[$0, j] } }

  /// A matrix of the given columns.
  init(columns vectors: [[Double]], rows: Int) {
    self.init(rows: rows, columns: vectors.count) { vectors[$1][$0] }
  }

  /// The inverse by elimination with pivots; nil where the matrix is singular to rounding.
  var inverse: RealMatrix? {
    precondition(rows == columns)
    let n = rows
    var a = self
    var b = RealMatrix.identity(n)
    let scale = maximumMagnitude
    for k in 0..<n {
      var pivot = k
      for i in k..<n where a[i, k].magnitude > a[pivot, k].magnitude { pivot = i }
      guard a[pivot, k].magnitude > 1e-13 * scale else { return nil }
      if pivot != k {
        for j in 0..<n {
          (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j])
          (b[k, j], b[pivot, j]) = (b[pivot, j], b[k, j])
        }
      }
      let factor = 1 / a[k, k]
      for j in 0..<n {
        a[k, j] *= factor
        b[k, j] *= factor
      }
      for i in 0..<n where i != k && a[i, k] != 0 {
        let x = a[i, k]
        for j in 0..<n {
          a[i, j] -= x * a[k, j]
          b[i, j] -= x * b[k, j]
        }
      }
    }
    return b
  }
}
