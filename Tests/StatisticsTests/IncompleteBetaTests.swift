import Statistics
import Testing

/// Reference values by SciPy and mpmath.
@Suite struct IncompleteBetaTests {
  @Test("The incomplete beta function has its known values")
  func values() throws {
    let known: [(a: Double, b: Double, x: Double, value: Double)] = [
      (0.5, 0.5, 0.3, 0.36901011956554536), (2, 3, 0.4, 0.5248),
      (50, 3, 0.9, 0.0966332851372522), (1.5, 200, 0.02, 0.9558351379405602),
      (1000, 1000, 0.49, 0.1855526594315119), (3, 4, 0, 0), (3, 4, 1, 1),
    ]
    for (a, b, x, value) in known {
      let found = try SpecialFunctions.incompleteBeta(a, b, x)
      #expect((found - value).magnitude <= 1e-11 * value, "I_\(x)(\(a), \(b)) = \(found)")
    }
  }

  @Test("The tail of F has its known values")
  func tail() throws {
    let known: [(f: Double, m: Double, n: Double, value: Double)] = [
      (3, 3, 20, 0.05485861866829506), (12.5, 2, 98, 1.461259166122173e-05),
      (0.1, 6, 40, 0.9959722936492474), (0, 2, 3, 1), (.infinity, 2, 3, 0),
    ]
    for (f, m, n, value) in known {
      let found = try SpecialFunctions.fTail(f, numerator: m, denominator: n)
      #expect((found - value).magnitude <= 1e-11 * value, "F = \(f): \(found)")
    }
  }

  @Test("The non-central distribution of F has its known values")
  func nonCentral() throws {
    let known: [(f: Double, m: Double, n: Double, l: Double, value: Double)] = [
      (3, 3, 20, 5, 0.6136366015817301), (1, 2, 50, 0.5, 0.5401828637745963),
      (30, 3, 300, 60, 0.9340023119287268), (2, 5, 40, 0, 0.9004843915089269),
    ]
    for (f, m, n, l, value) in known {
      let found = try SpecialFunctions.nonCentralF(
        f, numerator: m, denominator: n, nonCentrality: l)
      #expect((found - value).magnitude <= 1e-9 * value, "F = \(f): \(found)")
    }
  }

  @Test("Arguments outside the domain are refused")
  func domain() {
    #expect(throws: StatisticsError.self) { try SpecialFunctions.incompleteBeta(0, 1, 0.5) }
    #expect(throws: StatisticsError.self) { try SpecialFunctions.incompleteBeta(1, 1, 1.5) }
    #expect(throws: StatisticsError.self) { try SpecialFunctions.incompleteBeta(1, .nan, 0.5) }
    #expect(throws: StatisticsError.self) {
      try SpecialFunctions.fTail(-1, numerator: 1, denominator: 1)
    }
    #expect(throws: StatisticsError.self) {
      try SpecialFunctions.nonCentralF(1, numerator: 1, denominator: 1, nonCentrality: -1)
    }
  }
}
