import Compute
import Lattice

/// The symmetries that an observable or updater declares.
///
/// What is declared is asserted; what is not declared is shown broken, so that the checks are known
/// to see it.
public struct DeclaredSymmetries: Sendable, Hashable {
  public enum Gauge: String, Sendable, Hashable {
    /// All gauge transformations.
    case all
    /// Diagonal matrices only, in the basis of colour of the fields.
    case diagonal
    case none
  }

  public enum Translation: String, Sendable, Hashable {
    /// All displacements.
    case all
    /// Those that keep checkerboard colours, on lattices with even extents; nothing is said of other
    /// lattices.
    case even
    case none
  }

  public var gauge: Gauge
  public var translation: Translation
  /// The parity of numbers under U -> U*, for fields and maps `.conjugate`; nil for none.
  public var chargeConjugation: ChargeParity?

  /// Permutations and reflections of the axes; nil for none. `CheckSuite.declared` examines them,
  /// `verify` says nothing of them.
  public var lattice: AxisSymmetryGroup?

  public init(
    gauge: Gauge = .all, translation: Translation = .all, chargeConjugation: ChargeParity? = .even,
    lattice: AxisSymmetryGroup? = nil
  ) {
    self.gauge = gauge
    self.translation = translation
    self.chargeConjugation = chargeConjugation
    self.lattice = lattice
  }

  /// Asserts what an observable declares and shows broken what it does not.
  ///
  /// - Returns: one report a check; all have to be `isAsDeclared`.
  public static func verify<Scalar: LatticeReal>(
    declared: DeclaredSymmetries, observable name: String, on setting: CheckSetting,
    _ observable: (LinkField<Scalar>) throws -> [Double]
  ) throws -> [SymmetryReport] {
    var reports = try declared.spaceAndColour(
      setting,
      gauge: {
        try GaugeCheck.invariance(of: name, on: setting, under: $0, observable: observable)
      },
      translation: {
        try TranslationCheck.invariance(of: name, on: setting, by: $0, observable: observable)
      })
    let parities = declared.chargeConjugation.map { [$0] } ?? [.even, .odd]
    for parity in parities {
      let report = try ChargeConjugationCheck.parity(
        parity, of: name, on: setting, observable: observable)
      reports.append(declared.chargeConjugation == nil ? report.undeclared : report)
    }
    return reports
  }

  /// Asserts what a site field declares and shows broken what it does not.
  public static func verify<Scalar: LatticeReal>(
    declared: DeclaredSymmetries, siteField name: String, on setting: CheckSetting,
    _ field: (LinkField<Scalar>) throws -> SiteField<Scalar>
  ) throws -> [SymmetryReport] {
    let charge = try ChargeConjugationCheck.covariance(
      ofSiteField: name, on: setting, field: field)
    return try declared.spaceAndColour(
      setting,
      gauge: {
        try GaugeCheck.covariance(ofSiteField: name, on: setting, under: $0, field: field)
      },
      translation: {
        try TranslationCheck.covariance(ofSiteField: name, on: setting, by: $0, field: field)
      }) + [declared.chargeConjugation == nil ? charge.undeclared : charge]
  }

  /// Asserts what a map of links, such as an updater, declares and shows broken what it does not.
  public static func verify<Scalar: LatticeReal>(
    declared: DeclaredSymmetries, map name: String, on setting: CheckSetting,
    _ map: (LinkField<Scalar>) throws -> LinkField<Scalar>
  ) throws -> [SymmetryReport] {
    let charge = try ChargeConjugationCheck.covariance(ofMap: name, on: setting, map: map)
    return try declared.spaceAndColour(
      setting,
      gauge: { try GaugeCheck.covariance(ofMap: name, on: setting, under: $0, map: map) },
      translation: { try TranslationCheck.covariance(ofMap: name, on: setting, by: $0, map: map) }
    ) + [declared.chargeConjugation == nil ? charge.undeclared : charge]
  }

  private func spaceAndColour(
    _ setting: CheckSetting, gauge check: ([GaugeTransformationKind]) throws -> SymmetryReport,
    translation: ([[Int]]?) throws -> SymmetryReport
  ) throws -> [SymmetryReport] {
    var reports = [SymmetryReport]()
    switch gauge {
    case .all: reports.append(try check(GaugeCheck.allKinds))
    case .diagonal: reports += [try check([.diagonal]), try check([.haar]).undeclared]
    case .none: reports.append(try check(GaugeCheck.allKinds).undeclared)
    }
    let dimension = setting.geometry.dimension
    switch self.translation {
    case .all: reports.append(try translation(nil))
    case .even:
      if setting.geometry.extents.allSatisfy({ $0 % 2 == 0 }) {
        reports.append(try translation(TranslationCheck.evenDisplacements(dimension)))
      }
      let step = (0..<dimension).map { $0 == 0 ? 1 : 0 }
      reports.append(try translation([step]).undeclared)
    case .none: reports.append(try translation(nil).undeclared)
    }
    return reports
  }
}
