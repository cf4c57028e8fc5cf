/// Polynomials are lists of coefficients from the constant term upwards, without leading zeros.
extension PrimeField {
  /// The roots, ascending, of a monic polynomial that has as many different ones as its degree; nil for others.
  ///
  /// By degrees of factors alone (D. G. Cantor and H. Zassenhaus, Math. Comp. 36 (1981) 587): half of all
  /// numbers are squares, so gcd(f, (x + a)^((p - 1) / 2) - 1) takes about half of the roots.
  func distinctRoots(
    _ polynomial: [UInt64], _ random: inout FixedRandomNumbers
  ) -> [UInt64]? {
    // All roots are different and in the field where f divides x^p - x.
    if polynomial.count > 2 {
      guard power(of: [0, 1], p, modulo: polynomial) == [0, 1] else { return nil }
    }
    var roots: [UInt64] = []
    var open = [polynomial]
    while let f = open.popLast() {
      if f.count <= 1 { continue }
      if f.count == 2 {
        roots.append(subtract(0, f[0]))
        continue
      }
      var shifted = power(of: [random.next() % p, 1], (p - 1) / 2, modulo: f)
      if shifted.isEmpty { shifted = [0] }
      shifted[0] = subtract(shifted[0], 1)
      let factor = commonDivisor(f, trimmed(shifted))
      open.append(factor)
      open.append(quotientAndRemainder(f, factor).quotient)
    }
    return roots.sorted()
  }

  private func trimmed(_ f: [UInt64]) -> [UInt64] {
    var f = f
    while f.last == 0 { f.removeLast() }
    return f
  }

  /// f = quotient * divisor + remainder; the divisor is monic.
  private func quotientAndRemainder(
    _ f: [UInt64], _ divisor: [UInt64]
  ) -> (quotient: [UInt64], remainder: [UInt64]) {
    let d = divisor.count - 1
    guard f.count > d else { return ([], f) }
    var rest = f
    var quotient = [UInt64](repeating: 0, count: f.count - d)
    rest.withUnsafeMutableBufferPointer { rest in
      divisor.withUnsafeBufferPointer { divisor in
        for k in stride(from: f.count - 1 - d, through: 0, by: -1) {
          let x = rest[k + d]
          quotient[k] = x
          if x == 0 { continue }
          let negative = p - x
          for i in 0...d { rest[k + i] = (rest[k + i] + negative * divisor[i]) % p }
        }
      }
    }
    return (quotient, trimmed(Array(rest[..<d])))
  }

  private func power(of base: [UInt64], _ n: UInt64, modulo f: [UInt64]) -> [UInt64] {
    var result: [UInt64] = [1]
    let base = quotientAndRemainder(base, f).remainder
    for bit in (0..<(64 - n.leadingZeroBitCount)).reversed() {
      result = quotientAndRemainder(product(result, result), f).remainder
      if n >> UInt64(bit) & 1 == 1 {
        result = quotientAndRemainder(product(result, base), f).remainder
      }
    }
    return result
  }

  private func product(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    if a.isEmpty || b.isEmpty { return [] }
    var c = [UInt64](repeating: 0, count: a.count + b.count - 1)
    c.withUnsafeMutableBufferPointer { c in
      for i in a.indices where a[i] != 0 {
        for j in b.indices { c[i + j] = (c[i + j] + a[i] * b[j]) % p }
      }
    }
    return c
  }

  /// The monic greatest common divisor.
  private func commonDivisor(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var (a, b) = (a, monic(b))
    while !b.isEmpty { (a, b) = (b, monic(quotientAndRemainder(a, b).remainder)) }
    return a
  }

  private func monic(_ f: [UInt64]) -> [UInt64] {
    guard let last = f.last, last != 1 else { return f }
    let factor = inverse(last)
    return f.map { multiply($0, factor) }
  }
}
