/// What a reader checks of links on their way into a field: finite, and how far from unitary.
struct LinkInspection {
  private(set) var isFinite = true
  /// The largest Frobenius norm of U U^dagger - 1 over the links that are not exactly zero.
  private(set) var unitarityViolation = 0.0
  /// Links that are exactly zero.
  private(set) var zeroLinks = 0
  private var n = 0

  /// Looks at matrices [link][row][column][re, im].
  mutating func inspect(_ numbers: UnsafePointer<Double>, links: Int, n: Int) {
    // x * 0 is not 0 for infinities and NaN only.
    var zero = 0.0
    for k in 0..<(links * 2 * n * n) { zero += numbers[k] * 0 }
    if zero != 0 { isFinite = false }
    self.n = n
    var largest = 0.0
    for link in 0..<links {
      let m = numbers + link * 2 * n * n
      let violation = n == 3 ? Self.violation3(m) : Self.violation(m, n)
      if violation == Double(n), (0..<(2 * n * n)).allSatisfy({ m[$0] == 0 }) {
        zeroLinks += 1
      } else {
        largest = max(largest, violation)
      }
    }
    unitarityViolation = max(unitarityViolation, largest.squareRoot())
  }

  /// The squared Frobenius norm of U U^dagger - 1.
  static func violation(_ m: UnsafePointer<Double>, _ n: Int) -> Double {
    var total = 0.0
    for i in 0..<n {
      for j in 0...i {
        var re = i == j ? -1.0 : 0.0
        var im = 0.0
        for k in 0..<n {
          let (p, q) = (2 * (i * n + k), 2 * (j * n + k))
          re += m[p] * m[q] + m[p + 1] * m[q + 1]
          im += m[p + 1] * m[q] - m[p] * m[q + 1]
        }
        total += (i == j ? 1 : 2) * (re * re + im * im)
      }
    }
    return total
  }

  private static func violation3(_ m: UnsafePointer<Double>) -> Double {
    @inline(__always)
    func square(_ i: Int, _ j: Int, _ shift: Double) -> Double {
      let (p, q) = (m + 6 * i, m + 6 * j)
      let re0 = p[0] * q[0] + p[1] * q[1] + p[2] * q[2] + p[3] * q[3]
      let re = re0 + p[4] * q[4] + p[5] * q[5] - shift
      let im0 = p[1] * q[0] - p[0] * q[1] + p[3] * q[2] - p[2] * q[3]
      let im = im0 + p[5] * q[4] - p[4] * q[5]
      return re * re + im * im
    }
    let diagonal = square(0, 0, 1) + square(1, 1, 1) + square(2, 2, 1)
    return diagonal + 2 * (square(1, 0, 0) + square(2, 0, 0) + square(2, 1, 0))
  }

  /// Refuses numbers that are not finite and warns of links that are not unitary.
  ///
  /// - Parameter missing: links that do not exist, which are zero.
  /// - Throws: `.damaged` for infinities and NaN.
  func report(into info: inout ConfigurationInfo, missing: Int) throws(ConfigurationError) {
    guard isFinite else {
      throw ConfigurationError(
        .damaged, file: info.file, expected: "finite numbers in the links",
        found: "infinity or NaN")
    }
    let violation =
      zeroLinks > missing ? max(unitarityViolation, Double(n).squareRoot()) : unitarityViolation
    guard !(violation <= 1e-3) else { return }
    info.warnings.append(
      "the links are not unitary: the largest norm of U U^dagger - 1 is \(violation)")
  }
}
