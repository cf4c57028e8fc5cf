import ComplexModule
import Compute
import Lattice

/// The precision in which somebody's code calculates.
public enum CheckPrecision: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  case double = "double precision"
  case single = "single precision"

  /// The unit roundoff.
  public var ulp: Double { self == .double ? Double.ulpOfOne : Double(Float.ulpOfOne) }

  public var description: String { rawValue }
}

/// A type of links or momenta that can be made of plain arrays: all that a check of an observable needs.
///
/// ```swift
/// extension MyField: PlainReadable {
///   init(plain: PlainLinks) { ... }       // [site][mu][row][column][re, im], x fastest
/// }
/// ```
public protocol PlainReadable {
  init(plain: PlainLinks) throws

  /// The precision of its numbers; nil where it holds what it is given, so that every precision asked
  /// for is checked with links that are rounded to it. Double unless said otherwise.
  static var precision: CheckPrecision? { get }
}

extension PlainReadable {
  public static var precision: CheckPrecision? { .double }
}

/// A type of links or momenta that can be read as plain arrays too, as a check of what changes links
/// needs.
public protocol PlainConvertible: PlainReadable {
  var plain: PlainLinks { get throws }
}

extension PlainLinks: PlainConvertible {
  public init(plain: PlainLinks) { self = plain }
  public var plain: PlainLinks { self }
  public static var precision: CheckPrecision? { nil }
}

extension LinkField: PlainConvertible {
  public init(plain: PlainLinks) { self = plain.linkField() }
  public var plain: PlainLinks { PlainLinks(self) }
  public static var precision: CheckPrecision? {
    Scalar.self == Float.self ? .single : .double
  }
}

extension AlgebraField: PlainConvertible {
  public init(plain: PlainLinks) { self = plain.algebraField() }
  public var plain: PlainLinks { PlainLinks(self) }
  public static var precision: CheckPrecision? {
    Scalar.self == Float.self ? .single : .double
  }
}

/// A type of matrices at sites that can be read as plain arrays.
public protocol PlainSitesConvertible {
  var plainSites: PlainSites { get throws }
}

extension PlainSites: PlainSitesConvertible {
  public var plainSites: PlainSites { self }
}

extension SiteField: PlainSitesConvertible {
  public var plainSites: PlainSites { PlainSites(self) }
}

/// Numbers that an observable may give: one or many, real or complex.
public protocol PlainNumbers {
  /// The numbers; of a complex one the real part, then the imaginary part.
  var plainNumbers: [Double] { get }
}

extension Double: PlainNumbers {
  public var plainNumbers: [Double] { [self] }
}

extension Float: PlainNumbers {
  public var plainNumbers: [Double] { [Double(self)] }
}

extension Complex: PlainNumbers where RealType: PlainNumbers {
  public var plainNumbers: [Double] {
    // `real` of a number that is not finite is NaN, which checks report.
    real.plainNumbers + imaginary.plainNumbers
  }
}

extension Array: PlainNumbers where Element: PlainNumbers {
  public var plainNumbers: [Double] { flatMap(\.plainNumbers) }
}

/// Numbers at every site, [site][channel].
public struct PlainSiteNumbers: Sendable, Hashable {
  public let geometry: Geometry
  public let channels: Int
  /// [site][channel], sites serial with x fastest.
  public var values: [Double]

  public init(_ geometry: Geometry, channels: Int = 1, values: [Double]) {
    precondition(values.count == geometry.volume * channels, "numbers of every site and channel")
    (self.geometry, self.channels, self.values) = (geometry, channels, values)
  }

  /// The first member of a field.
  public init<Scalar>(_ field: ScalarField<Scalar>) {
    self.init(
      field.geometry, channels: field.channels,
      values: (0..<field.geometry.volume).flatMap { site in
        (0..<field.channels).map { field[site, $0] }
      })
  }
}
