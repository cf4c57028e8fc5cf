import Lattice

/// Exact moments of the plaquette of the Wilson action on a two-dimensional torus of finite volume.
///
/// Z = sum_r (c_r(beta) / d_r)^V over the irreducible representations r of dimension d_r, with c_r the
/// coefficients of the characters in exp((beta / N) Re tr U) (A. A. Migdal, Sov. Phys. JETP 42 (1975)
/// 413; B. E. Rusakov, Mod. Phys. Lett. A 5 (1990) 693): U(1) Z = sum_n I_n(beta)^V, SU(2) Z =
/// sum_{n >= 1} (2 I_n(beta) / beta)^V, SU(N) c_lambda = sum_n det[I_{lambda_j + i - j + n}(beta / N)]
/// over the partitions lambda of less than N rows.
public struct ExactTorus2D: Sendable, Hashable {
  public let group: GaugeGroup
  public let beta: Double
  /// The number of plaquettes, V.
  public let volume: Int
  /// The mean of the lattice average p of Re tr P / N: d ln Z / d beta / V.
  public let plaquette: Double
  /// The variance of the lattice average p: d^2 ln Z / d beta^2 / V^2.
  public let plaquetteVariance: Double

  /// The mean of p^2.
  public var squaredPlaquette: Double { plaquette * plaquette + plaquetteVariance }

  /// - Parameters:
  ///   - beta: a finite number other than 0, where representations but the trivial one vanish.
  ///   - volume: 1 or more.
  public init(_ group: GaugeGroup, beta: Double, volume: Int) {
    precondition(
      volume >= 1 && beta.isFinite && beta != 0, "a torus has plaquettes and a coupling")
    (self.group, self.beta, self.volume) = (group, beta, volume)
    let characters = CharacterCoefficients(n: group.n, x: beta / Double(group.n))
    let unit = characters.coefficient([Int](repeating: 0, count: max(0, group.n - 1)), shift: 0)
    var z = SecondOrder(0)
    // Shells of the largest row; a shell that adds nothing is followed by none that does.
    for row in 0...characters.largestRow {
      var shell = SecondOrder(0)
      characters.forEachRepresentation(largestRow: row) { c, dimension in
        shell = shell + (c / unit * SecondOrder(1 / dimension)).power(volume)
      }
      z = z + shell
      if row > 0, abs(shell.value) < 1e-18 * abs(z.value) { break }
    }
    // ln Z = V ln c_0 + ln z; derivatives are with respect to beta / N.
    let logarithm = unit.logarithm * SecondOrder(Double(volume)) + z.logarithm
    let (v, n) = (Double(volume), Double(group.n))
    plaquette = logarithm.first / (v * n)
    plaquetteVariance = logarithm.second / (v * v * n * n)
  }
}

/// A number with its first and second derivative.
private struct SecondOrder {
  var value: Double
  var first: Double
  var second: Double

  init(_ value: Double, _ first: Double = 0, _ second: Double = 0) {
    (self.value, self.first, self.second) = (value, first, second)
  }

  static func + (a: Self, b: Self) -> Self {
    Self(a.value + b.value, a.first + b.first, a.second + b.second)
  }
  static func - (a: Self, b: Self) -> Self {
    Self(a.value - b.value, a.first - b.first, a.second - b.second)
  }
  static func * (a: Self, b: Self) -> Self {
    Self(
      a.value * b.value, a.first * b.value + a.value * b.first,
      a.second * b.value + 2 * a.first * b.first + a.value * b.second)
  }
  static func / (a: Self, b: Self) -> Self {
    let q = a.value / b.value
    let first = (a.first - q * b.first) / b.value
    return Self(q, first, (a.second - 2 * first * b.first - q * b.second) / b.value)
  }

  /// Its derivatives; the value is left at 0.
  var logarithm: Self {
    let slope = first / value
    return Self(0, slope, second / value - slope * slope)
  }

  func power(_ exponent: Int) -> Self {
    var (result, square, rest) = (Self(1), self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      square = square * square
      rest >>= 1
    }
    return result
  }
}

/// The coefficients c_r of the characters, with a factor in common.
private struct CharacterCoefficients {
  let n: Int
  private let reach: Int
  private let bessel: [Double]

  /// The largest row of a partition whose coefficient is known.
  let largestRow: Int

  init(n: Int, x: Double) {
    self.n = n
    reach = n == 1 ? 0 : 40 + Int(abs(x))
    largestRow = 60 + Int(2 * abs(x))
    let order = reach + largestRow + n + 4
    bessel = besselTable(x, order: order)
  }

  /// I_k with I_k' = (I_{k-1} + I_{k+1}) / 2.
  private func function(_ k: Int) -> SecondOrder {
    func i(_ k: Int) -> Double { bessel[abs(k)] }
    return SecondOrder(i(k), (i(k - 1) + i(k + 1)) / 2, (i(k - 2) + 2 * i(k) + i(k + 2)) / 4)
  }

  /// c of a partition of n - 1 rows; for U(1), where there are none, c of the charge `shift`.
  func coefficient(_ rows: [Int], shift charge: Int) -> SecondOrder {
    if n == 1 { return function(charge) }
    let lambda = rows + [0]
    return (-reach...reach).reduce(SecondOrder(0)) { sum, shift in
      sum
        + Self.determinant(
          (0..<n).map { i in (0..<n).map { function(lambda[$0] + i - $0 + shift) } })
    }
  }

  /// All partitions of less than n rows with a given largest row: c and the dimension.
  func forEachRepresentation(largestRow: Int, _ body: (SecondOrder, Double) -> Void) {
    if n == 1 {
      for charge in Set([largestRow, -largestRow]) { body(coefficient([], shift: charge), 1) }
      return
    }
    func extend(_ rows: [Int]) {
      if rows.count == n - 1 { return body(coefficient(rows, shift: 0), dimension(rows)) }
      for next in 0...rows.last! { extend(rows + [next]) }
    }
    extend([largestRow])
  }

  /// prod_{i<j} (lambda_i - lambda_j + j - i) / (j - i), by Weyl.
  private func dimension(_ rows: [Int]) -> Double {
    let lambda = rows + [0]
    var result = 1.0
    for i in 0..<n {
      for j in (i + 1)..<max(n, i + 1) {
        result *= Double(lambda[i] - lambda[j] + j - i) / Double(j - i)
      }
    }
    return result
  }

  private static func determinant(_ rows: [[SecondOrder]]) -> SecondOrder {
    var m = rows
    var result = SecondOrder(1)
    for k in m.indices {
      let pivot = (k..<m.count).max { abs(m[$0][k].value) < abs(m[$1][k].value) }!
      if pivot != k {
        m.swapAt(pivot, k)
        result = result * SecondOrder(-1)
      }
      // Elements far out underflow to zero.
      if m[k][k].value == 0 { return SecondOrder(0) }
      result = result * m[k][k]
      for i in (k + 1)..<max(m.count, k + 1) {
        let f = m[i][k] / m[k][k]
        for j in k..<m.count { m[i][j] = m[i][j] - f * m[k][j] }
      }
    }
    return result
  }
}
