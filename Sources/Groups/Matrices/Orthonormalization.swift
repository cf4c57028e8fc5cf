/// Orthonormal vectors that grow one by one.
struct OrthonormalBasis {
  private(set) var vectors: [[Double]] = []

  /// What is left of `v` orthogonal to the vectors so far; projected twice, which suffices.
  func remainder(of v: [Double]) -> [Double] {
    var w = v
    for _ in 0..<2 {
      for b in vectors {
        let overlap = dot(b, w)
        for i in w.indices { w[i] -= overlap * b[i] }
      }
    }
    return w
  }

  /// Takes the remainder of `v` in where its norm exceeds `threshold` times that of `v`.
  @discardableResult
  mutating func append(_ v: [Double], threshold: Double) -> Bool {
    let before = dot(v, v).squareRoot()
    let w = remainder(of: v)
    let norm = dot(w, w).squareRoot()
    guard norm > threshold * before, norm > 0 else { return false }
    vectors.append(w.map { $0 / norm })
    return true
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      var sum = 0.0
      for i in a.indices { sum += a[i] * b[i] }
      return sum
    }
  }
}

extension RealMatrix {
  /// One step of Newton's iteration towards the nearest orthogonal matrix, X (3 - X^T X) / 2.
  func orthogonalPolished() -> RealMatrix {
    let gram = transposed * self
    return self
      * RealMatrix(rows: columns, columns: columns) {
        ($0 == $1 ? 1.5 : 0) - 0.5 * gram[$0, $1]
      }
  }
}
