import Compute
import Lattice

/// How numbers behave under charge conjugation, U -> U*.
public enum ChargeParity: String, Sendable, Hashable {
  /// f(U*) = f(U)
  case even
  /// f(U*) = -f(U)
  case odd
  /// Pairs of real part, even, and imaginary part, odd: f(U*) = conj(f(U)).
  case conjugate

  func apply(_ numbers: [Double]) -> [Double] {
    switch self {
    case .even: numbers
    case .odd: numbers.map { -$0 }
    case .conjugate: numbers.enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element }
    }
  }
}

/// Checks of charge conjugation, U -> U* element by element.
public enum ChargeConjugationCheck {
  /// Whether numbers have a parity.
  public static func parity<Scalar: LatticeReal>(
    _ parity: ChargeParity, of name: String, on setting: CheckSetting,
    observable: (LinkField<Scalar>) throws -> [Double]
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, [Double], ChargeParity>(
      check: "parity", subject: name, symmetry: "charge conjugation (\(parity.rawValue))",
      setting: setting, elements: { _ in [("charge conjugation", parity)] },
      onInput: { field, _ in field.chargeConjugated() },
      onOutput: { numbers, parity in parity.apply(numbers) }, numbers: { CheckOutput($0) }
    ).report(observable)
  }

  /// Whether matrices at sites are conjugated too: f(U*) = f(U)*.
  public static func covariance<Scalar: LatticeReal>(
    ofSiteField name: String, on setting: CheckSetting,
    field: (LinkField<Scalar>) throws -> SiteField<Scalar>
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, SiteField<Scalar>, Void>(
      check: "covariance of a site field", subject: name, symmetry: "charge conjugation",
      setting: setting, elements: { _ in [("charge conjugation", ())] },
      onInput: { field, _ in field.chargeConjugated() },
      onOutput: { field, _ in conjugated(field) }, numbers: { CheckOutput($0) }
    ).report(field)
  }

  /// Whether a map of links, such as an updater, commutes with conjugation: f(U*) = f(U)*.
  public static func covariance<Scalar: LatticeReal>(
    ofMap name: String, on setting: CheckSetting,
    map: (LinkField<Scalar>) throws -> LinkField<Scalar>
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, LinkField<Scalar>, Void>(
      check: "covariance of a map", subject: name, symmetry: "charge conjugation",
      setting: setting, elements: { _ in [("charge conjugation", ())] },
      onInput: { field, _ in field.chargeConjugated() },
      onOutput: { field, _ in field.chargeConjugated() }, numbers: { CheckOutput($0) }
    ).report(map)
  }

  private static func conjugated<Scalar>(_ field: SiteField<Scalar>) -> SiteField<Scalar> {
    var copy = field
    for site in 0..<field.geometry.volume {
      for c in 0..<field.channels { copy[site, c] = field[site, c].conjugate }
    }
    return copy
  }
}
