/// Plain products of small matrices [row][column][re, im] for the diagnosis.
enum DiagnosisMatrices {
  /// c = a b.
  static func multiply(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, n: Int,
    into c: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<n {
      for j in 0..<n {
        var re = 0.0
        var im = 0.0
        for k in 0..<n {
          let p = a + 2 * (i * n + k)
          let q = b + 2 * (k * n + j)
          re += p[0] * q[0] - p[1] * q[1]
          im += p[0] * q[1] + p[1] * q[0]
        }
        c[2 * (i * n + j)] = re
        c[2 * (i * n + j) + 1] = im
      }
    }
  }

  /// Re tr a b^dagger.
  static func realTraceOfAdjointProduct(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, n: Int
  ) -> Double {
    var sum = 0.0
    for k in 0..<(2 * n * n) { sum += a[k] * b[k] }
    return sum
  }
}
