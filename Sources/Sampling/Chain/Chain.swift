import Compute
import Lattice

/// What is measured after every update.
public struct ChainRecord: Sendable, Equatable {
  /// Counted from 1, thermalisation included.
  public var update: Int
  public var plaquette: Double
  /// Mean over planes without time.
  public var plaquetteSpatial: Double?
  /// Mean over planes with time, the last direction.
  public var plaquetteTemporal: Double
}

/// A Markov chain of gauge fields: parameters, the links, and how many updates made them.
///
/// Nothing else is state: random numbers are counter-based, so a chain goes on from its links and
/// its count exactly as if it had never stopped.
public struct Chain<Scalar: LatticeReal>: Sendable {
  public let parameters: ChainParameters
  public private(set) var field: LinkField<Scalar>
  /// Updates done, thermalisation included.
  public private(set) var updates: Int
  private let heatBath: HeatBath
  private let overrelaxation: Overrelaxation

  /// Rounding drives links out of the group by some 1e-16 (1e-7) a sweep; they are brought back so
  /// often that it stays invisible, at counts that do not depend on saving.
  private static var updatesBetweenReunitarizations: Int { 5 }

  /// The beginning of a chain.
  ///
  /// - Throws: `GeometryError`, `BoundaryError`, `ActionError` or `ChainParameterError` for
  ///   parameters that make no chain.
  public init(_ parameters: ChainParameters) throws {
    try parameters.validate()
    guard let group = GaugeGroup(name: parameters.group) else {
      throw ChainParameterError(
        name: "group", found: parameters.group, expected: "u1, su2, su3, ...")
    }
    var field = try LinkField<Scalar>(
      Geometry(parameters.lattice), group: group, boundary: parameters.fieldBoundary())
    if parameters.start == .hot { field.setHaarRandom(seed: parameters.seed) }
    try self.init(parameters, field: field, updates: 0)
  }

  /// A chain that goes on from links that `updates` updates have made.
  public init(_ parameters: ChainParameters, field: LinkField<Scalar>, updates: Int) throws {
    try parameters.validate()
    let action = try parameters.wilsonAction()
    let boundary = try parameters.fieldBoundary()
    precondition(field.boundary == boundary, "links need the boundary of their chain")
    self.parameters = parameters
    self.field = field
    self.updates = updates
    heatBath = HeatBath(action: action, seed: parameters.seed)
    overrelaxation = Overrelaxation(action: action)
  }

  /// Updates of the whole chain.
  public var totalUpdates: Int { parameters.thermalization + parameters.sweeps }

  /// One update: a heat-bath sweep and its overrelaxations.
  public mutating func update() {
    heatBath.update(&field, sweep: UInt32(updates))
    for _ in 0..<parameters.overrelaxation { overrelaxation.update(&field) }
    updates += 1
    if updates % Self.updatesBetweenReunitarizations == 0 { field.reunitarize() }
  }

  /// The observables of the present links.
  public func measure() -> ChainRecord {
    let means = PlaquetteMeans(of: field)
    return ChainRecord(
      update: updates, plaquette: means.all, plaquetteSpatial: means.spatial,
      plaquetteTemporal: means.temporal)
  }
}

/// A parameter that makes no chain.
public struct ChainParameterError: Error, Sendable, Equatable, CustomStringConvertible {
  public let name: String
  public let found: String
  public let expected: String

  public var description: String { "\(name): expected \(expected), found \(found)" }
}

extension ChainParameters {
  /// - Throws: `ChainParameterError`, `GeometryError`, `BoundaryError` or `ActionError`, naming
  ///   what is wrong.
  public func validate() throws {
    func require(_ holds: Bool, _ name: String, _ found: Any, _ expected: String) throws {
      if !holds { throw ChainParameterError(name: name, found: "\(found)", expected: expected) }
    }
    try require(GaugeGroup(name: group) != nil, "group", group, "u1, su2, su3, ... su16")
    _ = try Geometry(lattice)
    _ = try wilsonAction()
    try require(action == "wilson", "action", action, "wilson")
    try require((0...1000).contains(overrelaxation), "overrelaxation", overrelaxation, "0 to 1000")
    try require(thermalization >= 0, "thermalization", thermalization, "0 or more")
    try require(sweeps >= 0, "sweeps", sweeps, "0 or more")
    try require(
      thermalization < 1 << 31 && sweeps < 1 << 31, "updates", max(thermalization, sweeps),
      "less than 2^31")
    try require(saveEvery >= 0, "save-every", saveEvery, "0 or more")
    try require(["f32", "f64"].contains(precision), "precision", precision, "f32 or f64")
    try require(
      ["ildg", "scidac", "nersc", "npy"].contains(format), "format", format,
      "ildg, scidac, nersc or npy")
    _ = try fieldBoundary()
    try require(boundaryWeight >= 0, "boundary-weight", boundaryWeight, "0 or more")
    try require(
      boundaryWeight == 1 || hasOpenDirection, "boundary-weight", boundaryWeight,
      "1 where no direction is open")
    let isSU3 = GaugeGroup(name: group) == .su3 && lattice.count == 4
    try require(
      isSU3 || !["ildg", "nersc"].contains(format), "format", format,
      "scidac or npy for \(group) in \(lattice.count) dimensions")
  }
}

/// Mean plaquettes by kind of plane, over the plaquettes that exist.
public struct PlaquetteMeans: Sendable, Equatable {
  public let all: Double
  /// Planes without time; nil in two dimensions, where there are none.
  public let spatial: Double?
  /// Planes with time, the last direction.
  public let temporal: Double

  /// - Parameters:
  ///   - planes: the mean of every plane mu < nu in lexicographic order.
  ///   - counts: the plaquettes of every plane; nil where all have as many.
  public init(planes: [Double], dimension d: Int, counts: [Int]? = nil) {
    func mean(_ include: (_ nu: Int) -> Bool) -> Double? {
      var (sum, total) = (0.0, 0.0)
      var index = 0
      for mu in 0..<d {
        for nu in (mu + 1)..<max(d, mu + 1) {
          if include(nu) {
            let count = counts.map { Double($0[index]) } ?? 1
            sum += planes[index] * count
            total += count
          }
          index += 1
        }
      }
      return total == 0 ? nil : sum / total
    }
    all = mean { _ in true } ?? .nan
    spatial = mean { $0 != d - 1 }
    temporal = mean { $0 == d - 1 } ?? .nan
  }

  /// The means of one member of a field.
  public init<Scalar>(of field: LinkField<Scalar>, member: Int = 0) {
    self.init(
      planes: field.planePlaquettes(member: member), dimension: field.dimension,
      counts: field.boundary.anyOpen
        ? field.boundary.plaquetteCounts(in: field.geometry) : nil)
  }
}
