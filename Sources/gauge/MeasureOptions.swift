import ArgumentParser
import Lattice
import Loops
import Sampling

extension StaticPotentialFit.CoulombTerm: ExpressibleByArgument {}

/// What `gauge measure` measures, and how.
struct MeasureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Names with commas between them: plaquette, links, polyakov, charge, energy (these five by "
        + "default), planes, polyakov-all, rectangle, loops; of all files together potential and "
        + "susceptibility.", valueName: "list"))
  var observables: String?

  @Option(
    help: ArgumentHelp(
      "Smear the links first: \(Smearing.grammar). For the potential its spatial links, by default "
        + "hyp:8, in three dimensions ape:0.5:8.", valueName: "spec"))
  var smear: String?

  @Option(
    name: .customLong("time-smear"),
    help: ArgumentHelp("Smear the time links of the potential.", valueName: "spec"))
  var timeSmear: String?

  @Option(
    name: .customLong("flow-time"),
    help: ArgumentHelp(
      "Charge, energy and susceptibility after the Wilson flow to this time, t / a^2, of links that "
        + "are not smeared.", valueName: "t"))
  var flowTime: Double?

  @Option(
    name: .customLong("maximum-r"),
    help: ArgumentHelp(
      "Longest loops in space, by default half of the shortest extent.", valueName: "n"))
  var maximumR: Int?

  @Option(
    name: .customLong("maximum-t"),
    help: ArgumentHelp("Longest loops in time, by default half of its extent.", valueName: "n"))
  var maximumT: Int?

  @Option(
    name: .customLong("fit-r"),
    help: "Distances of the fit to the potential, 2-5; by default from 2, of few from 1.")
  var fitR: NumberRange?

  @Option(
    name: .customLong("fit-t"),
    help: "Times of all plateaus, 2-3; by default of each where its neighbours agree.")
  var fitT: NumberRange?

  @Option(help: "The Coulomb term of the fit: continuum or treeLevelImproved (4D).")
  var coulomb = StaticPotentialFit.CoulombTerm.continuum

  @Option(
    name: .customLong("bin-length"),
    help: ArgumentHelp(
      "Files of a jackknife bin of the potential, by default from the autocorrelation time.",
      valueName: "n"))
  var binLength: Int?

  /// - Throws: `MeasureError` or `SmearingError` for a request that makes no sense.
  func settings(files: Int) throws -> MeasureSettings {
    let wanted = try observables.map(MeasuredObservable.parse) ?? MeasuredObservable.standard
    for observable in MeasuredObservable.allCases where wanted.contains(observable) {
      guard !observable.isOfEnsemble || files >= MeasuredObservable.minimalFiles else {
        throw MeasureError(
          observable.rawValue, expected: "at least \(MeasuredObservable.minimalFiles) files",
          found: "\(files)")
      }
    }
    func require(
      _ name: String, _ isGiven: Bool, of needed: [MeasuredObservable]
    ) throws {
      guard !isGiven || needed.contains(where: wanted.contains) else {
        let names = needed.map(\.rawValue).joined(separator: " or ")
        throw MeasureError(name, expected: "\(names) among the observables", found: "none of them")
      }
    }
    try require("--time-smear", timeSmear != nil, of: [.potential])
    try require("--flow-time", flowTime != nil, of: [.charge, .energy, .susceptibility])
    try require("--maximum-r", maximumR != nil, of: [.loops, .potential])
    try require("--maximum-t", maximumT != nil, of: [.loops, .potential])
    try require("--fit-r", fitR != nil, of: [.potential])
    try require("--fit-t", fitT != nil, of: [.potential])
    try require("--bin-length", binLength != nil, of: [.potential])
    if let flowTime, !(flowTime.isFinite && flowTime > 0) {
      throw MeasureError("--flow-time", expected: "a positive finite number", found: "\(flowTime)")
    }
    if let binLength, binLength < 1 {
      throw MeasureError("--bin-length", expected: "at least 1", found: "\(binLength)")
    }
    return MeasureSettings(
      observables: wanted, smearing: try smear.map { try Smearing($0) },
      timeSmearing: try timeSmear.map { try Smearing($0) }, flowTime: flowTime,
      maximumR: maximumR, maximumT: maximumT, fitR: fitR?.values, fitT: fitT?.values,
      coulomb: coulomb, binLength: binLength)
  }
}

/// A request that makes sense, whatever the files.
struct MeasureSettings {
  let observables: Set<MeasuredObservable>
  let smearing: Smearing?
  let timeSmearing: Smearing?
  let flowTime: Double?
  let maximumR: Int?
  let maximumT: Int?
  let fitR: ClosedRange<Int>?
  let fitT: ClosedRange<Int>?
  let coulomb: StaticPotentialFit.CoulombTerm
  let binLength: Int?

  var hasPerFileObservables: Bool { observables.contains { !$0.isOfEnsemble } }

  /// The longest sides of loops on a lattice.
  ///
  /// - Throws: `MeasureError` for sides that do not fit, or too short ones for what is wanted.
  func loopSizes(_ extents: [Int]) throws -> (r: Int, t: Int) {
    let (space, time) = (extents.dropLast().min()!, extents.last!)
    let shortestT = observables.contains(.potential) ? 2 : 1
    let r = maximumR ?? min(space, max(1, space / 2, fitR?.upperBound ?? 1))
    let t = maximumT ?? min(time, max(shortestT, time / 2, (fitT?.upperBound ?? 0) + 1))
    func require(_ name: String, _ value: Int, _ allowed: ClosedRange<Int>) throws {
      guard allowed.contains(value) else {
        throw MeasureError(
          name, expected: "\(allowed.lowerBound) to \(allowed.upperBound)", found: "\(value)")
      }
    }
    try require("--maximum-r", r, 1...space)
    try require("--maximum-t", t, shortestT...max(shortestT, time))
    if let fitR {
      try require("--fit-r", fitR.upperBound, 1...r)
      guard fitR.count >= 3 else {
        throw MeasureError(
          "--fit-r", expected: "three distances or more", found: "\(fitR.count)")
      }
    }
    if let fitT { try require("--fit-t", fitT.upperBound, 1...(t - 1)) }
    return (r, t)
  }

  /// The smearing of the spatial links of the potential; nil in two dimensions, where there is none.
  func spatialSmearing(dimension: Int) throws -> Smearing? {
    if dimension == 2 { return nil }
    return try smearing?.inSpace
      ?? (dimension == 3
        ? .ape(alpha: 0.5, steps: 8, spatialOnly: true) : .hyp(steps: 8, spatialOnly: true))
  }
}
