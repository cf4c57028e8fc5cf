import Compute
import Lattice
import Loops

/// Everything that determines a chain, to the bit.
public struct ChainParameters: Codable, Sendable, Equatable {
  public enum Algorithm: String, Codable, Sendable, CaseIterable {
    /// Heat-bath sweeps, each followed by overrelaxation sweeps.
    case heatbath
  }

  public enum Start: String, Codable, Sendable, CaseIterable {
    /// Unit links.
    case cold
    /// Haar-random links.
    case hot
  }

  /// The layout of the files that a chain writes.
  public static let currentFormatVersion = 1

  public var formatVersion = Self.currentFormatVersion
  /// Version of the package that began the chain.
  public var version = packageVersion
  /// `u1`, `su2`, `su3`, ...
  public var group: String
  /// Extents, x first, time last.
  public var lattice: [Int]
  public var algorithm = Algorithm.heatbath
  public var action = "wilson"
  public var beta: Double
  /// Bare anisotropy: planes with time have beta xi0, the others beta / xi0.
  public var xi0 = 1.0
  /// A coupling for every plane mu < nu in lexicographic order; overrides `beta` and `xi0`.
  public var planeCouplings: [Double]?
  /// Overrelaxation sweeps after every heat-bath sweep.
  public var overrelaxation = 4
  /// Updates before the first measurement that counts.
  public var thermalization = 100
  /// Updates after that.
  public var sweeps = 1000
  /// A configuration is saved after every so many updates; 0 saves none.
  public var saveEvery = 10
  public var seed: UInt64 = 1
  public var start = Start.cold
  /// `f64` or `f32`.
  public var precision = "f64"
  /// Format of saved configurations.
  public var format: String
  /// `periodic` or `open`, one word a direction.
  public var boundary: [String]
  /// Weight in the action of plaquettes in the boundary slices of open directions.
  public var boundaryWeight = 1.0

  /// - Parameter format: by default `ildg` where its standard covers the field, else `scidac`.
  public init(
    group: GaugeGroup, lattice: [Int], beta: Double, format: ConfigurationFormat? = nil
  ) {
    self.group = group.commandLineName
    self.lattice = lattice
    self.beta = beta
    self.format =
      (format ?? (group == .su3 && lattice.count == 4 ? .ildg : .scidac)).rawValue
    boundary = Array(repeating: "periodic", count: lattice.count)
  }

  /// The action.
  ///
  /// - Throws: `ActionError` for couplings that are not finite.
  public func wilsonAction() throws(ActionError) -> WilsonAction {
    if let planeCouplings {
      return try WilsonAction(
        couplings: planeCouplings, dimension: lattice.count, boundaryWeight: boundaryWeight)
    }
    guard beta.isFinite else { throw .coupling(name: "beta", found: beta) }
    return try WilsonAction(
      beta: beta, anisotropy: xi0, dimension: lattice.count, boundaryWeight: boundaryWeight)
  }

  /// The boundary of the links.
  ///
  /// - Throws: `BoundaryError` for words that name none.
  public func fieldBoundary() throws(BoundaryError) -> Boundary {
    try Boundary(words: boundary, dimension: lattice.count)
  }

  /// Whether any direction is open, so that `boundaryWeight` means something.
  public var hasOpenDirection: Bool { boundary.contains("open") }

  /// The first parameter in which another chain differs, with both values; `sweeps` may differ.
  public func firstDifference(from other: ChainParameters) -> (
    name: String, mine: String, theirs: String
  )? {
    for ((name, mine), (_, theirs)) in zip(identity, other.identity) where mine != theirs {
      return (name, mine, theirs)
    }
    return nil
  }

  /// What two runs must share to be the same chain, in words.
  private var identity: [(name: String, value: String)] {
    let couplings = planeCouplings.map { "\($0)" } ?? "none"
    return [
      ("format version", "\(formatVersion)"), ("group", group), ("lattice", "\(lattice)"),
      ("algorithm", algorithm.rawValue), ("action", action), ("beta", "\(beta)"),
      ("xi0", "\(xi0)"), ("plane couplings", couplings), ("boundary", "\(boundary)"),
      ("boundary weight", "\(boundaryWeight)"),
      ("overrelaxation", "\(overrelaxation)"), ("thermalization", "\(thermalization)"),
      ("save-every", "\(saveEvery)"), ("seed", "\(seed)"), ("start", start.rawValue),
      ("precision", precision), ("format", format),
    ]
  }
}

extension ChainParameters {
  /// From a stored chain; what was not a parameter yet when it was begun has its default.
  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    group = try c.decode(String.self, forKey: .group)
    lattice = try c.decode([Int].self, forKey: .lattice)
    beta = try c.decode(Double.self, forKey: .beta)
    format = try c.decode(String.self, forKey: .format)
    boundary = try c.decode([String].self, forKey: .boundary)
    formatVersion = try c.decode(Int.self, forKey: .formatVersion)
    version = try c.decode(String.self, forKey: .version)
    algorithm = try c.decode(Algorithm.self, forKey: .algorithm)
    action = try c.decode(String.self, forKey: .action)
    xi0 = try c.decode(Double.self, forKey: .xi0)
    planeCouplings = try c.decodeIfPresent([Double].self, forKey: .planeCouplings)
    overrelaxation = try c.decode(Int.self, forKey: .overrelaxation)
    thermalization = try c.decode(Int.self, forKey: .thermalization)
    sweeps = try c.decode(Int.self, forKey: .sweeps)
    saveEvery = try c.decode(Int.self, forKey: .saveEvery)
    seed = try c.decode(UInt64.self, forKey: .seed)
    start = try c.decode(Start.self, forKey: .start)
    precision = try c.decode(String.self, forKey: .precision)
    boundaryWeight = try c.decodeIfPresent(Double.self, forKey: .boundaryWeight) ?? 1
  }
}

extension GaugeGroup {
  /// The name on the command line: `u1`, `su2`, ...
  public var commandLineName: String {
    switch self {
    case .u1: "u1"
    case .su(let n): "su\(n)"
    }
  }
}
