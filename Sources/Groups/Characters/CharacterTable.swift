import ComplexModule
import RealModule

/// The characters of the irreducible representations over the complex numbers.
///
/// Exact: a character of an element of order n is a sum of n-th roots of unity, and how often each occurs is
/// found in integers by the algorithm of Burnside and Dixon (J. D. Dixon, Numer. Math. 10 (1967) 446).
public struct CharacterTable: Sendable {
  /// One irreducible character.
  public struct Row: Sendable {
    /// The dimension of the representation.
    public let dimension: Int
    /// The values on the classes of the group.
    public let values: [Complex<Double>]
    /// Frobenius and Schur's indicator: 1 real, -1 quaternionic (real only when taken twice), 0 complex.
    public let indicator: Int
    /// For each class, how often each root of unity exp(2 pi i k / n) is an eigenvalue, n the order of the
    /// elements.
    public let multiplicities: [[Int]]
  }

  /// The characters, by dimension, then from large to small real parts, class by class, then imaginary parts.
  public let rows: [Row]

  /// As many as the group has classes.
  public var count: Int { rows.count }

  public subscript(_ row: Int, _ conjugacyClass: Int) -> Complex<Double> {
    rows[row].values[conjugacyClass]
  }

  init(of group: FiniteGroup) {
    let exponent = group.exponent
    // Large enough for dimensions and multiplicities to be known, and for generic eigenvalues to differ.
    let field = PrimeField(exponent: exponent, above: 1 << 30)
    let classes = group.classes
    let modular = Self.centralCharacters(of: group, field)
    let inverseOrder = field.inverse(UInt64(group.order))
    let inverseClass = classes.map { group.classOfElement[group.inverse($0.first)] }
    let root = field.rootOfUnity(exponent)

    rows = modular.map { omega in
      // |G| / d^2 = sum over classes of omega(C) omega(C^-1) / |C|.
      var norm: UInt64 = 0
      for c in classes.indices {
        let term = field.multiply(omega[c], omega[inverseClass[c]])
        norm = field.add(
          norm, field.multiply(term, field.inverse(UInt64(classes[c].size))))
      }
      let square = field.multiply(UInt64(group.order), field.inverse(norm))
      let dimension = (1...group.order).first {
        UInt64($0 * $0) % field.p == square && $0 * $0 <= group.order
      }!
      let values = classes.indices.map { c in
        field.multiply(
          field.multiply(omega[c], UInt64(dimension)),
          field.inverse(UInt64(classes[c].size)))
      }
      let multiplicities = Self.multiplicities(values, group, field, root, exponent)
      var indicator: UInt64 = 0
      for c in classes {
        let squared = group.classOfElement[group.product(c.first, c.first)]
        indicator = field.add(
          indicator, field.multiply(UInt64(c.size), values[squared]))
      }
      indicator = field.multiply(indicator, inverseOrder)
      return Row(
        dimension: dimension, values: multiplicities.map(Self.value),
        indicator: indicator == 0 ? 0 : indicator == 1 ? 1 : -1, multiplicities: multiplicities)
    }.sorted(by: Self.precedes)
  }

  /// The vectors omega(C) = |C| chi(C) / d modulo p, one for each character.
  ///
  /// They are the common eigenvectors of the class constants: omega(C_j) omega(C_r) =
  /// sum_s a_jrs omega(C_s). A generic combination of the matrices a_j has distinct eigenvalues.
  private static func centralCharacters(
    of group: FiniteGroup, _ field: PrimeField
  ) -> [[UInt64]] {
    let k = group.classes.count
    var random = FixedRandomNumbers(seed: 2)
    while true {
      let weights = (0..<k).map { _ in random.next() % field.p }
      var matrix = [[UInt64]](repeating: [UInt64](repeating: 0, count: k), count: k)
      for s in 0..<k {
        let z = group.classes[s].first
        for x in 0..<group.order {
          let r = group.classOfElement[group.product(group.inverse(x), z)]
          matrix[r][s] = field.add(matrix[r][s], weights[group.classOfElement[x]])
        }
      }
      var vectors = [(0..<k).map { _ in random.next() % field.p }]
      for _ in 0..<k { vectors.append(field.product(matrix, vectors.last!)) }
      // Where eigenvalues coincide the vectors are dependent: another combination is tried.
      guard let relation = field.solve(Array(vectors[..<k]), vectors[k]) else { continue }
      let polynomial = relation.map { field.subtract(0, $0) } + [1]
      guard let eigenvalues = field.distinctRoots(polynomial, &random) else { continue }
      return eigenvalues.map { eigenvalue in
        // The polynomial divided by x - eigenvalue projects on the eigenvector.
        var quotient = [UInt64](repeating: 0, count: k)
        var carry: UInt64 = 0
        for i in stride(from: k, to: 0, by: -1) {
          carry = field.add(polynomial[i], field.multiply(carry, eigenvalue))
          quotient[i - 1] = carry
        }
        var vector = [UInt64](repeating: 0, count: k)
        for (c, v) in zip(quotient, vectors) {
          for i in 0..<k { vector[i] = field.add(vector[i], field.multiply(c, v[i])) }
        }
        let factor = field.inverse(vector[0])
        return vector.map { field.multiply($0, factor) }
      }
    }
  }

  /// How often exp(2 pi i k / n) is an eigenvalue of the elements g of each class:
  /// (1/n) sum_l chi(g^l) zeta^(-k l). Powers of g have the powers of its eigenvalues.
  private static func multiplicities(
    _ values: [UInt64], _ group: FiniteGroup, _ field: PrimeField, _ root: UInt64, _ exponent: Int
  ) -> [[Int]] {
    var result = [[Int]](repeating: [], count: group.classes.count)
    let byOrder = group.classes.indices.sorted {
      (group.classes[$1].elementOrder, $0) < (group.classes[$0].elementOrder, $1)
    }
    for c in byOrder where result[c].isEmpty {
      let n = group.classes[c].elementOrder
      let zeta = field.power(root, UInt64(exponent / n))
      var roots = [UInt64](repeating: 1, count: n)
      for i in 1..<max(n, 1) { roots[i] = field.multiply(roots[i - 1], zeta) }
      var classOfPower: [Int] = []
      var g = 0
      for _ in 0..<n {
        classOfPower.append(group.classOfElement[g])
        g = group.product(g, group.classes[c].first)
      }
      let factor = field.inverse(UInt64(n))
      let own = (0..<n).map { k in
        var sum: UInt64 = 0
        for l in 0..<n {
          sum = field.add(sum, field.multiply(values[classOfPower[l]], roots[(n - k) * l % n]))
        }
        return Int(field.multiply(sum, factor))
      }
      for l in 0..<n where result[classOfPower[l]].isEmpty {
        // g^l has the order n / d, and its eigenvalue exp(2 pi i k l / n) is number k (l / d).
        let d = l == 0 ? n : greatestCommonDivisor(l, n)
        var powers = [Int](repeating: 0, count: n / d)
        for k in 0..<n { powers[k * (l / d) % (n / d)] += own[k] }
        // The class is represented by another element perhaps: a conjugate, with the same eigenvalues.
        result[classOfPower[l]] = powers
      }
    }
    return result
  }

  /// The sum of the eigenvalues; an exact integer where it is rational.
  private static func value(_ multiplicities: [Int]) -> Complex<Double> {
    let n = multiplicities.count
    // It is rational where all roots of one order occur equally often; their sum is Moebius' function.
    let divisors = (1...n).filter { n % $0 == 0 }
    let isRational = (0..<n).allSatisfy {
      multiplicities[$0] == multiplicities[greatestCommonDivisor($0, n) % n]
    }
    if isRational {
      return Complex(
        Double(divisors.reduce(0) { $0 + multiplicities[n / $1 % n] * moebius($1) }))
    }
    var (re, im) = (0.0, 0.0)
    for k in 0..<n where multiplicities[k] != 0 {
      let (c, s) = cosineAndSine(k, of: n)
      // Roots come in pairs often: what cancels, cancels exactly.
      re += Double(multiplicities[k]) * c
      let partner = multiplicities[(n - k) % n]
      if partner < multiplicities[k] { im += Double(multiplicities[k] - partner) * s }
    }
    return Complex(re, im)
  }

  private static func moebius(_ n: Int) -> Int {
    var (rest, sign, d) = (n, 1, 2)
    while rest > 1 {
      if rest % d == 0 {
        rest /= d
        if rest % d == 0 { return 0 }
        sign = -sign
      }
      d += 1
    }
    return sign
  }

  private static func precedes(_ a: Row, _ b: Row) -> Bool {
    if a.dimension != b.dimension { return a.dimension < b.dimension }
    for (x, y) in zip(a.values, b.values) where (x.real - y.real).magnitude > 1e-9 {
      return x.real > y.real
    }
    for (x, y) in zip(a.values, b.values) where (x.imaginary - y.imaginary).magnitude > 1e-9 {
      return x.imaginary > y.imaginary
    }
    return false
  }
}
