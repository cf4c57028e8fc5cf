import Compute
import Lattice

/// Checks of translation symmetry, U_mu(x) -> U_mu(x + a).
public enum TranslationCheck {
  /// Displacements of a lattice that find different mistakes: one step in every direction, two
  /// steps, and a long way in all directions at once.
  public static func displacements(_ dimension: Int) -> [[Int]] {
    let unit = (0..<dimension).map { mu in (0..<dimension).map { $0 == mu ? 1 : 0 } }
    let long = (0..<dimension).map { [1, -2, 3, 5, -1, 2, -3, 4][$0] }
    return unit + unit.map { $0.map { -2 * $0 } } + [long]
  }

  /// Displacements that keep the checkerboard colour of every site of a lattice with even extents.
  public static func evenDisplacements(_ dimension: Int) -> [[Int]] {
    displacements(dimension).filter { $0.reduce(0, +) % 2 == 0 }
      + (1..<dimension).map { mu in (0..<dimension).map { $0 == 0 ? 1 : $0 == mu ? -1 : 0 } }
  }

  /// Whether numbers do not change.
  public static func invariance<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting, by displacements: [[Int]]? = nil,
    observable: (LinkField<Scalar>) throws -> [Double]
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, [Double], [Int]>(
      check: "invariance", subject: name, symmetry: symmetry(displacements), setting: setting,
      elements: elements(displacements), onInput: { $0.shifted(by: $1) },
      onOutput: { result, _ in result }, numbers: { CheckOutput($0) }
    ).report(observable)
  }

  /// Whether a site field moves along: f(shifted U) = shifted f(U).
  public static func covariance<Scalar: LatticeReal>(
    ofSiteField name: String, on setting: CheckSetting, by displacements: [[Int]]? = nil,
    field: (LinkField<Scalar>) throws -> SiteField<Scalar>
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, SiteField<Scalar>, [Int]>(
      check: "covariance of a site field", subject: name, symmetry: symmetry(displacements),
      setting: setting, elements: elements(displacements), onInput: { $0.shifted(by: $1) },
      onOutput: { $0.shifted(by: $1) }, numbers: { CheckOutput($0) }
    ).report(field)
  }

  /// Whether a map of links, such as an updater, commutes with translations.
  public static func covariance<Scalar: LatticeReal>(
    ofMap name: String, on setting: CheckSetting, by displacements: [[Int]]? = nil,
    map: (LinkField<Scalar>) throws -> LinkField<Scalar>
  ) throws -> SymmetryReport {
    try SymmetryExamination<LinkField<Scalar>, LinkField<Scalar>, [Int]>(
      check: "covariance of a map", subject: name, symmetry: symmetry(displacements),
      setting: setting, elements: elements(displacements), onInput: { $0.shifted(by: $1) },
      onOutput: { $0.shifted(by: $1) }, numbers: { CheckOutput($0) }
    ).report(map)
  }

  private static func symmetry(_ displacements: [[Int]]?) -> String {
    guard let displacements else { return "translation" }
    return displacements.count == 1 ? "translation by \(displacements[0])" : "chosen translation"
  }

  private static func elements<Scalar>(
    _ displacements: [[Int]]?
  ) -> (LinkField<Scalar>) -> [(name: String, element: [Int])] {
    { field in
      (displacements ?? self.displacements(field.dimension)).map { ("a translation by \($0)", $0) }
    }
  }
}
