import Lattice
import Loops
import Sampling
import Statistics

/// What all files together give, the configurations of one chain in order.
struct EnsembleMeasurement {
  private let settings: MeasureSettings
  private var first: ConfigurationInfo?
  private var loops = [[[Double]]]()
  private var charges = [Double]()

  init(_ settings: MeasureSettings) { self.settings = settings }

  var isWanted: Bool { settings.observables.contains(where: \.isOfEnsemble) }

  /// Whether a configuration belongs to the ensemble of those before.
  ///
  /// - Throws: `ConfigurationError` naming what differs, `MeasureError` for what it does not have.
  mutating func check(_ info: ConfigurationInfo) throws {
    guard isWanted else { return }
    let first = self.first ?? info
    try EnsembleIdentity(first).require(info)
    let dimension = info.extents.count
    if settings.observables.contains(.potential) {
      _ = try settings.loopSizes(info.extents)
      guard settings.coulomb == .continuum || dimension == 4 else {
        throw MeasureError(
          "--coulomb", expected: "continuum but in four dimensions", found: "\(settings.coulomb)")
      }
    }
    if settings.observables.contains(.susceptibility) {
      guard dimension == 4 || (dimension == 2 && info.group == .u1) else {
        throw MeasureError(
          "susceptibility", expected: "four dimensions, or U(1) in two",
          found: "\(info.group) on \(info.extents)")
      }
    }
    self.first = first
  }

  mutating func add(_ configuration: Configuration<Double>, _ measurement: Measurement) throws {
    let u = configuration.field
    if settings.observables.contains(.potential) {
      let sizes = try settings.loopSizes(u.geometry.extents)
      loops.append(
        u.staticPotentialLoops(
          maximumR: sizes.r, maximumT: sizes.t,
          smearing: try settings.spatialSmearing(dimension: u.dimension),
          timeSmearing: settings.timeSmearing))
    }
    if settings.observables.contains(.susceptibility) {
      guard let charge = measurement.charge else {
        throw MeasureError(
          "susceptibility", expected: "sites away from open boundaries", found: "none")
      }
      charges.append(charge)
    }
  }

  /// The static potential; nil where it was not asked for.
  func potential() throws -> PotentialReport? {
    guard settings.observables.contains(.potential) else { return nil }
    try requireFiles(loops.count, for: .potential)
    guard let first else { return nil }
    do {
      let data = try StaticPotential(loops: loops, bins: settings.binLength.map { .length($0) })
      return PotentialReport(
        data, configurations: loops.count, settings,
        smearing: try settings.spatialSmearing(dimension: first.extents.count))
    } catch StaticPotentialError.statistics(.tooFewBins(let expected, let found)) {
      let length = settings.binLength ?? max(1, loops.count / max(1, found))
      throw MeasureError(
        "potential",
        expected: "at least \(expected * length) files, \(expected) bins of \(length), or a "
          + "shorter --bin-length", found: "\(loops.count) files")
    }
  }

  /// The topological susceptibility; nil where it was not asked for.
  func susceptibility() throws -> SusceptibilityReport? {
    guard settings.observables.contains(.susceptibility) else { return nil }
    try requireFiles(charges.count, for: .susceptibility)
    guard let first else { return nil }
    do {
      let volume = first.boundary.chargeVolume(in: try Geometry(first.extents))
      return SusceptibilityReport(
        result: try TopologicalSusceptibility(charges, volume: volume),
        configurations: charges.count, isGeometric: first.extents.count == 2,
        smearing: settings.smearing, flowTime: settings.flowTime)
    } catch {
      throw MeasureError("susceptibility of \(charges.count) files: \(error)")
    }
  }

  private func requireFiles(_ found: Int, for observable: MeasuredObservable) throws {
    guard found >= MeasuredObservable.minimalFiles else {
      throw MeasureError(
        observable.rawValue,
        expected: "at least \(MeasuredObservable.minimalFiles) files that can be measured",
        found: "\(found)")
    }
  }
}

/// The topological susceptibility as JSON and text.
struct SusceptibilityReport {
  let result: TopologicalSusceptibility
  let configurations: Int
  let isGeometric: Bool
  let smearing: Smearing?
  let flowTime: Double?

  var json: JSONValue {
    func keys(_ name: String, _ estimate: Estimate?) -> [(String, JSONValue)] {
      [(name, .number(estimate?.value)), (name + "Error", .number(estimate?.error))]
    }
    // Links that flow are not smeared.
    let smearing = flowTime == nil ? self.smearing : nil
    var pairs: [(String, JSONValue)] = [
      ("definition", .string(isGeometric ? "geometric" : "clover")),
      ("smearing", smearing.map { .string("\($0)") } ?? .null), ("flowTime", .number(flowTime)),
      ("configurations", .int(configurations)), ("volume", .int(result.volume)),
    ]
    pairs += keys("charge", result.charge.estimate)
    pairs += keys("susceptibility", result.susceptibility.estimate)
    pairs += keys("connectedSusceptibility", result.connectedSusceptibility?.estimate)
    pairs += keys("integratedAutocorrelationTime", result.susceptibility.tauEstimate)
    pairs += [
      ("tunnellings", .int(result.tunnellings)), ("isFrozen", .bool(result.isFrozen)),
      (
        "histogram",
        .array(
          result.histogram.map {
            .object([("charge", .int($0.charge)), ("count", .int($0.count))])
          })
      ),
    ]
    return .object(pairs)
  }

  var text: String {
    let charges = isGeometric ? "geometric charge" : "clover charge"
    let flow = flowTime.map { " at flow time \($0)" } ?? smearing.map { ", smearing \($0)" } ?? ""
    let histogram = result.histogram.map { "\($0.charge): \($0.count)" }
    return [
      "topology, \(configurations) configurations, \(charges)\(flow)",
      "  <Q>                       \(result.charge.estimate)",
      "  <Q^2>/V                   \(result.susceptibility.estimate)",
      "  (<Q^2> - <Q>^2)/V         \(result.connectedSusceptibility?.estimate.description ?? "none")",
      "  tau_int of Q^2            \(result.susceptibility.tauEstimate) configurations",
      "  tunnellings               \(result.tunnellings)",
      "  charges                   \(histogram.joined(separator: ", "))",
    ].joined(separator: "\n")
  }

  /// What the user should know; nil if there is nothing.
  var warning: String? {
    result.isFrozen
      ? "susceptibility: the rounded charge never changed, topology has not been sampled" : nil
  }
}
