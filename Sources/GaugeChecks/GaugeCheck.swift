import Compute
import Lattice

/// Checks of gauge symmetry, U_mu(x) -> g(x) U_mu(x) g(x + mu)^dagger.
public enum GaugeCheck {
  /// Kinds of transformations that a check uses unless told otherwise: all.
  public static let allKinds = GaugeTransformationKind.allCases

  /// Whether numbers do not change: f(U^g) = f(U).
  public static func invariance<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting, under kinds: [GaugeTransformationKind] = allKinds,
    observable: (LinkField<Scalar>) throws -> [Double]
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, [Double], SiteField<Scalar>>(
      check: "invariance", subject: name, symmetry: symmetry(kinds), setting: setting,
      elements: { elements(kinds, $0, setting.seed) }, onInput: { $0.transformed(by: $1) },
      onOutput: { result, _ in result }, numbers: { CheckOutput($0) }
    ).report(observable)
  }

  /// Whether matrices at sites turn with the site: f(U^g)(x) = g(x) f(U)(x) g(x)^dagger.
  public static func covariance<Scalar: LatticeReal>(
    ofSiteField name: String, on setting: CheckSetting,
    under kinds: [GaugeTransformationKind] = allKinds,
    field: (LinkField<Scalar>) throws -> SiteField<Scalar>
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, SiteField<Scalar>, SiteField<Scalar>>(
      check: "covariance of a site field", subject: name, symmetry: symmetry(kinds),
      setting: setting, elements: { elements(kinds, $0, setting.seed) },
      onInput: { $0.transformed(by: $1) }, onOutput: { $0.transformed(by: $1) },
      numbers: { CheckOutput($0) }
    ).report(field)
  }

  /// Whether a map of links, such as an updater, commutes with transformations: f(U^g) = f(U)^g.
  public static func covariance<Scalar: LatticeReal>(
    ofMap name: String, on setting: CheckSetting, under kinds: [GaugeTransformationKind] = allKinds,
    map: (LinkField<Scalar>) throws -> LinkField<Scalar>
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, LinkField<Scalar>, SiteField<Scalar>>(
      check: "covariance of a map", subject: name, symmetry: symmetry(kinds), setting: setting,
      elements: { elements(kinds, $0, setting.seed) }, onInput: { $0.transformed(by: $1) },
      onOutput: { $0.transformed(by: $1) }, numbers: { CheckOutput($0) }
    ).report(map)
  }

  private static func symmetry(_ kinds: [GaugeTransformationKind]) -> String {
    kinds == [.diagonal] ? "diagonal gauge" : "gauge"
  }

  private static func elements<Scalar>(
    _ kinds: [GaugeTransformationKind], _ field: LinkField<Scalar>, _ seed: UInt64
  ) -> [(name: String, element: SiteField<Scalar>)] {
    kinds.enumerated().map { index, kind in
      (kind.description, kind.make(for: field, seed: seed &+ UInt64(index)))
    }
  }
}
