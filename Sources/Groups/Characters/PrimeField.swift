/// Integers modulo a prime below 2^31.
struct PrimeField {
  let p: UInt64

  func add(_ a: UInt64, _ b: UInt64) -> UInt64 { (a + b) % p }
  func subtract(_ a: UInt64, _ b: UInt64) -> UInt64 { (a + p - b) % p }
  func multiply(_ a: UInt64, _ b: UInt64) -> UInt64 { a * b % p }

  func power(_ a: UInt64, _ n: UInt64) -> UInt64 {
    var (result, base, n) = (UInt64(1), a % p, n)
    while n > 0 {
      if n & 1 == 1 { result = multiply(result, base) }
      base = multiply(base, base)
      n >>= 1
    }
    return result
  }

  /// The inverse of a number that is not zero.
  func inverse(_ a: UInt64) -> UInt64 { power(a, p - 2) }

  /// The smallest prime p = 1 mod `exponent` that exceeds `bound`; it has roots of unity of that order.
  init(exponent: Int, above bound: Int) {
    var candidate = (bound / exponent + 1) * exponent + 1
    while !Self.isPrime(candidate) { candidate += exponent }
    p = UInt64(candidate)
  }

  private static func isPrime(_ n: Int) -> Bool {
    guard n > 1 else { return false }
    var d = 2
    while d * d <= n {
      if n % d == 0 { return false }
      d += 1
    }
    return true
  }

  /// An element of order exactly `n`, a divisor of p - 1.
  func rootOfUnity(_ n: Int) -> UInt64 {
    var primes: [UInt64] = []
    var rest = n
    var d = 2
    while rest > 1 {
      if rest % d == 0 {
        primes.append(UInt64(d))
        while rest % d == 0 { rest /= d }
      }
      d += 1
    }
    for base in 2..<p {
      let z = power(base, (p - 1) / UInt64(n))
      if primes.allSatisfy({ power(z, UInt64(n) / $0) != 1 }) { return z }
    }
    return 1
  }

  /// A matrix, rows first, times a vector.
  func product(_ a: [[UInt64]], _ v: [UInt64]) -> [UInt64] {
    a.map { row in
      var sum: UInt64 = 0
      for i in row.indices { sum = (sum + row[i] * v[i]) % p }
      return sum
    }
  }

  /// Coefficients c with sum_i c_i vectors[i] = target; nil where there are none. The vectors are
  /// linearly independent and as many as they have components.
  func solve(_ vectors: [[UInt64]], _ target: [UInt64]) -> [UInt64]? {
    let n = target.count
    var rows = (0..<n).map { i in vectors.map { $0[i] } + [target[i]] }
    for k in 0..<n {
      guard let pivot = (k..<n).first(where: { rows[$0][k] != 0 }) else { return nil }
      rows.swapAt(k, pivot)
      let factor = inverse(rows[k][k])
      for j in k...n { rows[k][j] = multiply(rows[k][j], factor) }
      for i in 0..<n where i != k && rows[i][k] != 0 {
        let x = rows[i][k]
        for j in k...n { rows[i][j] = subtract(rows[i][j], multiply(x, rows[k][j])) }
      }
    }
    return rows.map { $0[n] }
  }
}
