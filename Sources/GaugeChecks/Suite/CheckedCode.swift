import Autodiff
import Compute
import GaugeLayers
import Lattice
import LatticeSymmetry

/// Links, with momenta where the code takes some.
struct SuiteInput {
  var links: LinkField<Double>
  var momenta: AlgebraField<Double>?

  init(_ links: LinkField<Double>, momenta: AlgebraField<Double>? = nil) {
    (self.links, self.momenta) = (links, momenta)
  }

  func transformed(by element: SymmetryElement) -> SuiteInput {
    guard let momenta else {
      guard case .links(let moved) = SuiteOutput.links(links).transformed(by: element) else {
        preconditionFailure("links stay links")
      }
      return SuiteInput(moved)
    }
    let point = SuiteOutput.phaseSpace(PhaseSpacePoint(links, momenta))
    guard case .phaseSpace(let moved) = point.transformed(by: element) else {
      preconditionFailure("links and momenta stay such")
    }
    return SuiteInput(moved.links, momenta: moved.momenta)
  }
}

/// Somebody's code as a function of links, whatever its field type: what every check of a symmetry takes.
///
/// Closures take and give `LinkField`, `PlainLinks` or any type that conforms to `PlainReadable`
/// (`PlainConvertible` where links come back). They are called many times and must not remember.
public final class CheckedCode {
  /// What reports call it.
  public let name: String
  /// The only precision it calculates in; nil for any.
  let precision: CheckPrecision?
  let takesMomenta: Bool
  private let function: (SuiteInput, CheckPrecision) throws -> SuiteOutput
  /// How often the code has been called.
  private(set) var calls = 0
  /// Climbs the change of the output by its gradient, from links, with steps and a seed.
  var climb: ((LinkField<Double>, _ steps: Int, _ seed: UInt64) throws -> SiteField<Double>)?

  init(
    _ name: String, precision: CheckPrecision?, takesMomenta: Bool = false,
    _ function: @escaping (SuiteInput, CheckPrecision) throws -> SuiteOutput
  ) {
    (self.name, self.precision, self.takesMomenta) = (name, precision, takesMomenta)
    self.function = function
  }

  func callAsFunction(_ input: SuiteInput, _ precision: CheckPrecision) throws -> SuiteOutput {
    calls += 1
    return try function(input, precision)
  }
}

extension CheckedCode {
  /// Numbers of links.
  ///
  /// - Parameter labels: how the numbers move when the axes of the lattice do.
  public static func observable<Field: PlainReadable, Numbers: PlainNumbers>(
    _ name: String, labels: FieldLabels = .scalar,
    _ function: @escaping (Field) throws -> Numbers
  ) -> CheckedCode {
    CheckedCode(name, precision: Field.precision) { input, precision in
      .numbers(try function(converted(input.links, precision)).plainNumbers, labels)
    }
  }

  /// Matrices at sites, which turn with their site: W(x) -> g(x) W(x) g(x)^dagger.
  public static func siteField<Field: PlainReadable, Sites: PlainSitesConvertible>(
    _ name: String, labels: FieldLabels = .scalar, _ function: @escaping (Field) throws -> Sites
  ) -> CheckedCode {
    CheckedCode(name, precision: Field.precision) { input, precision in
      .sites(try function(converted(input.links, precision)).plainSites.siteField(), labels)
    }
  }

  /// Gauge-invariant numbers at sites.
  public static func siteNumbers<Field: PlainReadable>(
    _ name: String, labels: FieldLabels = .scalar,
    _ function: @escaping (Field) throws -> PlainSiteNumbers
  ) -> CheckedCode {
    CheckedCode(name, precision: Field.precision) { input, precision in
      .siteNumbers(try function(converted(input.links, precision)), labels)
    }
  }

  /// Links of links, such as a smearing.
  public static func map<Field: PlainReadable, Result: PlainConvertible>(
    _ name: String, _ function: @escaping (Field) throws -> Result
  ) -> CheckedCode {
    CheckedCode(name, precision: Field.precision) { input, precision in
      .links(try links(function(converted(input.links, precision))))
    }
  }

  /// What changes links in place, such as an updater with given random numbers.
  public static func update<Field: PlainConvertible>(
    _ name: String, _ function: @escaping (inout Field) throws -> Void
  ) -> CheckedCode {
    CheckedCode(name, precision: Field.precision) { input, precision in
      var field: Field = try converted(input.links, precision)
      try function(&field)
      return .links(try links(field))
    }
  }

  /// What moves links and momenta, such as an integrator of Hamilton's equations.
  ///
  /// Momenta P_mu(x) are anti-hermitian, drawn with the weight exp(sum tr P^2), and turn with the site
  /// x; `PlainLinks` holds them too.
  public static func trajectory<Field: PlainConvertible, Momenta: PlainConvertible>(
    _ name: String, _ function: @escaping (inout Field, inout Momenta) throws -> Void
  ) -> CheckedCode {
    CheckedCode(name, precision: Field.precision, takesMomenta: true) { input, precision in
      var field: Field = try converted(input.links, precision)
      var momenta: Momenta = try converted(input.momenta!, precision)
      try function(&field, &momenta)
      let moved = try momenta as? AlgebraField<Double> ?? momenta.plain.algebraField()
      return .phaseSpace(PhaseSpacePoint(try links(field), moved))
    }
  }

  /// A model on a tape, of one batch member: the adversary of a suite climbs by its gradient.
  public static func model<Scalar: LatticeReal>(
    _ name: String, labels: FieldLabels = .scalar, _ model: @escaping GaugeAttack.Model<Scalar>
  ) -> CheckedCode {
    let code = CheckedCode(name, precision: LinkField<Scalar>.precision) { input, precision in
      let field: LinkField<Scalar> = try converted(input.links, precision)
      let values = try model(Tape().constant(field)).value.values
      return .numbers(values.map { Double($0) }, labels)
    }
    code.climb = { links, steps, seed in
      let field: LinkField<Scalar> = try converted(links, LinkField<Scalar>.precision!)
      let prediction = try model(Tape().constant(field)).value
      var start = SiteField<Scalar>(layout: field.layout, group: field.group)
      start.setHaarRandom(seed: seed)
      let g = try GaugeAttack.climb(
        field, prediction, steps: steps, firstStep: 0.3, from: start, model)
      return PlainSites(g).siteField()
    }
    return code
  }
}

/// Links as a field of somebody's type, rounded to a precision.
func converted<Field: PlainReadable>(
  _ links: LinkField<Double>, _ precision: CheckPrecision, to: Field.Type = Field.self
) throws -> Field {
  if let same = links as? Field { return same }
  if Field.self == LinkField<Float>.self { return LinkField<Float>(links) as! Field }
  return try Field(plain: PlainLinks(links).rounded(to: precision))
}

/// Momenta as a field of somebody's type, rounded to a precision.
func converted<Field: PlainReadable>(
  _ momenta: AlgebraField<Double>, _ precision: CheckPrecision, to: Field.Type = Field.self
) throws -> Field {
  if let same = momenta as? Field { return same }
  return try Field(plain: PlainLinks(momenta).rounded(to: precision))
}

/// A field of somebody's type as ours.
func links<Field: PlainConvertible>(_ field: Field) throws -> LinkField<Double> {
  if let same = field as? LinkField<Double> { return same }
  if let single = field as? LinkField<Float> { return LinkField<Double>(single) }
  return try field.plain.linkField()
}

extension PlainLinks {
  func rounded(to precision: CheckPrecision) -> PlainLinks {
    guard precision == .single else { return self }
    var copy = self
    for k in copy.elements.indices { copy.elements[k] = Double(Float(copy.elements[k])) }
    return copy
  }
}
