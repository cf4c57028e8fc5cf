import Compute
import Lattice
import Loops

/// A Markov chain of gauge fields: parameters, the links, and how many updates made them.
///
/// Nothing else is state: random numbers are counter-based, so a chain goes on from its links and
/// its count exactly as if it had never stopped. Steps that are tuned during thermalisation follow
/// from the energy changes in its history.
public struct Chain<Scalar: LatticeReal>: Sendable {
  public let parameters: ChainParameters
  public private(set) var field: LinkField<Scalar>
  /// Updates done, thermalisation included.
  public private(set) var updates: Int
  /// What became of the last trajectory; nil before the first and for the heat bath.
  public private(set) var lastTrajectory: TrajectoryRecord?
  private var updater: Updater

  private enum Updater: Sendable {
    case local(HeatBath, Overrelaxation)
    case hybrid(HybridMonteCarlo, any Action, StepTuning?)
  }

  /// Rounding drives links out of the group by some 1e-16 (1e-7) a sweep; they are brought back so
  /// often that it stays invisible, at counts that do not depend on saving.
  private static var updatesBetweenReunitarizations: Int { 5 }

  /// The beginning of a chain.
  ///
  /// - Throws: `GeometryError`, `BoundaryError`, `ActionError` or `ChainParameterError` for
  ///   parameters that make no chain.
  public init(_ parameters: ChainParameters) throws {
    try parameters.validate()
    try self.init(parameters, field: parameters.startField(), updates: 0)
  }

  /// A chain that goes on from links that `updates` updates have made.
  ///
  /// Where steps are tuned, `restoreTuning` completes it.
  public init(_ parameters: ChainParameters, field: LinkField<Scalar>, updates: Int) throws {
    try parameters.validate()
    let boundary = try parameters.fieldBoundary()
    precondition(field.boundary == boundary, "links need the boundary of their chain")
    self.parameters = parameters
    self.field = field
    self.updates = updates
    switch parameters.algorithm {
    case .heatbath:
      let action = try parameters.makeAction()
      let heatBath = try HeatBath(action: action, seed: parameters.seed)
      try heatBath.validate(field.geometry, field.group)
      updater = .local(heatBath, try Overrelaxation(action: action, seed: parameters.seed))
    case .hmc:
      let (action, hybrid) = (try parameters.makeAction(), parameters.hybridParameters)
      let tuning = hybrid.targetAcceptance.map {
        StepTuning(
          target: $0, order: hybrid.integratorValue.order, steps: hybrid.steps)
      }
      updater = .hybrid(
        HybridMonteCarlo(
          hybrid.dynamics(
            action, steps: hybrid.steps, try parameters.makeAcceleration(field.group, boundary)),
          seed: parameters.seed), action, tuning)
    }
  }

  /// Updates of the whole chain.
  public var totalUpdates: Int { parameters.thermalization + parameters.sweeps }

  /// Steps of a trajectory at present; nil for the heat bath.
  public var steps: Int? {
    if case .hybrid(let hmc, _, _) = updater { hmc.dynamics.levels[0].steps } else { nil }
  }

  /// One update: a heat-bath sweep and its overrelaxations, or a trajectory. In the first half of
  /// thermalisation every trajectory is accepted whose energy change is a number.
  ///
  /// - Throws: `UnstableTrajectory` if the energy change is no number and steps are not being tuned;
  ///   the chain is then as before.
  public mutating func update() throws {
    switch updater {
    case .local(let heatBath, let overrelaxation):
      heatBath.update(&field, sweep: UInt32(updates))
      for pass in 0..<parameters.overrelaxation {
        overrelaxation.update(&field, sweep: UInt32(updates), pass: pass)
      }
    case .hybrid(let hmc, _, let tuning):
      let every = parameters.hybridParameters.reversibilityEvery
      let isChecked = every > 0 && (updates + 1) % every == 0
      let violation =
        isChecked
        ? hmc.reversibilityViolation(field, trajectory: UInt32(updates)).links : nil
      // From a cold start a coarse step could be refused for a thousand trajectories.
      let isWarming = updates < parameters.thermalization / 2
      let outcome = hmc.update(&field, trajectory: UInt32(updates), isWarming: isWarming)[0]
      let steps = hmc.dynamics.levels[0].steps
      let isTuned = tuning != nil && updates < parameters.thermalization
      guard outcome.energyChange.isFinite || isTuned else {
        throw UnstableTrajectory(
          update: updates + 1, energyChange: outcome.energyChange, steps: steps,
          length: hmc.dynamics.length)
      }
      lastTrajectory = TrajectoryRecord(
        energyChange: outcome.energyChange, isAccepted: outcome.isAccepted, steps: steps,
        reversibilityViolation: violation)
      if isTuned { tune(outcome.energyChange) }
    }
    updates += 1
    if updates % Self.updatesBetweenReunitarizations == 0 { field.reunitarize() }
  }

  /// Finds the steps of a chain that goes on from the energy changes of all its trajectories so far.
  public mutating func restoreTuning(_ energyChanges: [Double]) {
    for change in energyChanges.prefix(parameters.thermalization) { tune(change) }
  }

  private mutating func tune(_ energyChange: Double) {
    guard case .hybrid(var hmc, let action, var tuning?) = updater else { return }
    tuning.add(energyChange)
    hmc.dynamics = parameters.hybridParameters.dynamics(
      action, steps: tuning.steps, hmc.dynamics.acceleration)
    updater = .hybrid(hmc, action, tuning)
  }

  /// The observables of the present links.
  public func measure() -> ChainRecord {
    let means = PlaquetteMeans(of: field)
    return ChainRecord(
      update: updates, plaquette: means.all, plaquetteSpatial: means.spatial,
      plaquetteTemporal: means.temporal,
      topologicalCharge: parameters.recordsCharge ? field.topologicalCharge() : nil,
      trajectory: lastTrajectory)
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
    // Couplings of planes override both, but the chain's file has them.
    guard beta.isFinite else { throw ActionError.coupling(name: "beta", found: beta) }
    guard xi0.isFinite, xi0 > 0 else { throw ActionError.coupling(name: "xi0", found: xi0) }
    let chosen = try makeAction()
    if algorithm == .heatbath { _ = try HeatBath(action: chosen, seed: seed) }
    if let hybrid {
      try require(algorithm == .hmc, "hybrid Monte Carlo parameters", algorithm, "algorithm hmc")
      try hybrid.validate()
      try require(
        hybrid.innerSteps == nil || chosen.terms.count > 1, "inner steps",
        hybrid.innerSteps ?? 0, "none for the action \(action), which has one term")
      try require(
        hybrid.targetAcceptance == nil || thermalization >= StepTuning.window, "thermalization",
        thermalization, "\(StepTuning.window) updates or more, in which steps are tuned")
      _ = try makeAcceleration(GaugeGroup(name: group)!, fieldBoundary())
    }
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
    try require(
      boundaryWeight == 1 || action == "wilson", "boundary-weight", boundaryWeight,
      "1 for the action \(action)")
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
