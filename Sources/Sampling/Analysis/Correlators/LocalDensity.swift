import Lattice

/// A gauge-invariant function of the links at every site, phi(x), of which correlations are measured.
public enum LocalDensity: Sendable, Hashable {
  /// The mean of Re tr P_mu_nu(x) / N over some planes.
  case plaquette(Planes)
  /// The Polyakov loop in time, tr / N, a complex number at every place in space.
  case polyakov
  /// The density of the topological charge: of the traceless clover in four dimensions, arg P / 2 pi
  /// of U(1) in two.
  case charge
  /// sum_{mu<nu} (1 - Re tr P_mu_nu(x) / N), the Wilson action without its coupling.
  case action
  /// sum_{mu<nu} tr F_mu_nu F_mu_nu of the traceless clover, 1/4 G^a G^a.
  case energy

  public enum Planes: Sendable, Hashable {
    case all
    /// Planes without time, the last direction.
    case spatial
    /// Planes with time.
    case temporal
    /// One plane, mu < nu.
    case plane(mu: Int, nu: Int)
  }

  /// Whether phi is defined in space alone.
  public var isSpatial: Bool { self == .polyakov }

  /// Sites that phi is defined on: those of the lattice, or of a time slice.
  public func volume(_ geometry: Geometry) -> Int {
    isSpatial ? geometry.volume / geometry.extents.last! : geometry.volume
  }

  /// Directions along which phi varies.
  public func directions(_ geometry: Geometry) -> Range<Int> {
    0..<(isSpatial ? geometry.dimension - 1 : geometry.dimension)
  }

  /// - Throws: `CorrelationError` where the links have no such function.
  public func validate(
    _ geometry: Geometry, _ group: GaugeGroup, _ boundary: Boundary
  ) throws(CorrelationError) {
    guard !boundary.anyOpen else {
      throw CorrelationError(
        "correlations", expected: "periodic boundaries",
        found: boundary.words.joined(separator: ","))
    }
    let d = geometry.dimension
    switch self {
    case .plaquette(.spatial) where d == 2:
      throw CorrelationError(
        "plaquettes of space", expected: "three dimensions or more", found: "2")
    case .plaquette(.plane(let mu, let nu)) where mu < 0 || mu >= nu || nu >= d:
      throw CorrelationError(
        "plane", expected: "two directions 0 <= mu < nu < \(d)", found: "\(mu), \(nu)")
    case .charge where d != 4 && !(d == 2 && group == .u1):
      throw CorrelationError(
        "charge density", expected: "four dimensions, or U(1) in two",
        found: "\(group) on \(geometry)")
    default: break
    }
  }
}

/// A correlation that cannot be measured.
public struct CorrelationError: Error, Sendable, Equatable, CustomStringConvertible {
  public let name: String
  public let expected: String
  public let found: String

  public init(_ name: String, expected: String, found: String) {
    self.name = name
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(name): expected \(expected), found \(found)" }
}
