import ComplexModule
import Lattice

/// Comparisons of what kernels give with plain arithmetic, all of one subject.
struct PlainComparison {
  let subject: String
  let setting: CheckSetting
  let tolerance: Double
  private(set) var results: [CheckResult] = []

  init(_ subject: String, _ setting: CheckSetting, ulp: Double) {
    (self.subject, self.setting) = (subject, setting)
    tolerance = setting.tolerance.value(ulp: ulp)
  }

  /// Numbers, relative to the largest magnitude.
  mutating func compare(_ check: String, _ found: [Double], _ expected: [Double]) {
    let scale = expected.reduce(0) { max($0, abs($1)) }
    var worst = (deviation: found.count == expected.count ? 0.0 : .infinity, place: 0)
    for (place, (a, b)) in zip(found, expected).enumerated() {
      let deviation = abs(a - b) / (scale > 0 ? scale : 1)
      if deviation.isNaN || deviation > worst.deviation {
        worst = (deviation.isNaN ? .infinity : deviation, place)
        if deviation.isNaN { break }
      }
    }
    let place = worst.place
    let numbers =
      found.indices.contains(place) && expected.indices.contains(place)
      ? "number \(place): expected \(expected[place]), found \(found[place])"
      : "expected \(expected.count) numbers, found \(found.count)"
    // Where all is zero nothing was compared.
    let isVacuous = !(scale > tolerance) && worst.deviation <= tolerance
    results.append(
      CheckResult(
        subject: subject, check: check, setting: "\(setting)", deviation: worst.deviation,
        tolerance: tolerance,
        verdict: isVacuous ? .vacuous : worst.deviation <= tolerance ? .holds : .violated,
        detail: numbers))
  }

  mutating func compare(
    _ check: String, _ found: [Complex<Double>?], _ expected: [Complex<Double>]
  ) {
    compare(
      check, found.flatMap { [$0?.real ?? .nan, $0?.imaginary ?? .nan] },
      expected.flatMap { [$0.real, $0.imaginary] })
  }

  /// Matrices; numbers are counted through all of them.
  mutating func compare(_ check: String, _ found: [ComplexMatrix], _ expected: [ComplexMatrix]) {
    compare(
      check, found.flatMap(\.elements).map { Optional($0) }, expected.flatMap(\.elements))
  }

  /// A number that may not exceed a limit, such as a pull.
  mutating func compareLimit(_ check: String, _ found: Double, limit: Double) {
    results.append(
      CheckResult(
        subject: subject, check: check, setting: "\(setting)", deviation: found, tolerance: limit))
  }
}
