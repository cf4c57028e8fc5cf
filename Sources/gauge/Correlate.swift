import ArgumentParser
import Lattice
import Loops
import Sampling
import Statistics

struct Correlate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Correlators and susceptibilities of an ensemble, by fast Fourier transforms.",
    discussion: """
      The files are the configurations of one chain in order; errors are those of a jackknife over \
      bins of them. Without --direction, --distances and --momentum the correlator of time slices is \
      measured, of Polyakov loops that against the distance.

      EXAMPLE
        gauge correlate run/configuration-*.ildg --observable plaquette-spatial --direction t
        gauge correlate run/*.ildg --observable polyakov --distances --momentum 2 --json
        gauge correlate run/*.ildg --observable charge --flow-time 1 --distances
      """)

  @Argument(help: "Configuration files, four at least.")
  var files: [String]

  @Option(
    help: ArgumentHelp("What is correlated: \(DensityName.grammar).", valueName: "name"))
  var observable: String

  @Option(
    help: ArgumentHelp(
      "Sums over slices of this direction, x, y, z or t: zero momentum in the others. May be repeated.",
      valueName: "mu"))
  var direction: [String] = []

  @Flag(help: "Against the distance, up to half of the shortest extent.")
  var distances = false

  @Option(
    help: ArgumentHelp(
      "In momentum space, up to sum k_mu^2 = n of p_mu = 2 pi k_mu / L_mu.", valueName: "n"))
  var momentum: Int?

  @Option(help: ArgumentHelp("Smear the links first: \(Smearing.grammar).", valueName: "spec"))
  var smear: String?

  @Option(
    name: .customLong("flow-time"),
    help: ArgumentHelp("After the Wilson flow to this time, t / a^2.", valueName: "t"))
  var flowTime: Double?

  @Option(
    name: .customLong("bin-length"),
    help: ArgumentHelp(
      "Files of a jackknife bin, by default from the autocorrelation time.", valueName: "n"))
  var binLength: Int?

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    var settings: CorrelateSettings?
    try reporting { settings = try makeSettings() }
    guard let settings else { return }
    var failure: ExitCode?
    var first: ConfigurationInfo?
    var plan: TwoPointPlan?
    var samples = [TwoPointFunctions]()
    var progress = FileProgress(files)
    for file in files {
      progress.begin(file)
      // One bad file does not cost what the others have.
      do {
        try reporting {
          let configuration = try field.read(file)
          var u = configuration.field
          if let first { try EnsembleIdentity(first).require(configuration.info) }
          first = first ?? configuration.info
          if plan == nil { plan = try settings.plan(u) }
          if let smearing = settings.smearing { u = u.smeared(smearing) }
          if let flowTime {
            try u.flow(to: flowTime) { progress.report("t = \(fixed($0, 2)) of \(flowTime)") }
          }
          samples.append(try TwoPointFunctions(u, plan!))
        }
      } catch let code as ExitCode {
        failure = failure ?? code
      }
      if plan == nil, failure != nil, first != nil { break }
    }
    progress.end()
    if let plan {
      do {
        try reporting {
          let report = CorrelateReport(
            try ensemble(samples, plan), settings, info: first!)
          if common.json { printJSON(report.json) } else { print(report.text) }
        }
      } catch let code as ExitCode {
        failure = failure ?? code
      }
    }
    if let failure { throw failure }
  }

  private func makeSettings() throws -> CorrelateSettings {
    guard let name = DensityName(observable) else {
      throw MeasureError(
        "--observable", expected: "one of \(DensityName.grammar)", found: "'\(observable)'")
    }
    guard files.count >= MeasuredObservable.minimalFiles else {
      throw MeasureError(
        "gauge correlate", expected: "at least \(MeasuredObservable.minimalFiles) files",
        found: "\(files.count)")
    }
    if let momentum, momentum < 1 {
      throw MeasureError("--momentum", expected: "at least 1", found: "\(momentum)")
    }
    if let binLength, binLength < 1 {
      throw MeasureError("--bin-length", expected: "at least 1", found: "\(binLength)")
    }
    if let flowTime, !(flowTime.isFinite && flowTime > 0) {
      throw MeasureError("--flow-time", expected: "a positive finite number", found: "\(flowTime)")
    }
    if flowTime != nil, smear != nil {
      throw MeasureError("--smear", expected: "none beside --flow-time", found: smear!)
    }
    return CorrelateSettings(
      name: name, directionNames: direction, hasDistances: distances, momentum: momentum,
      smearing: try smear.map { try Smearing($0) }, flowTime: flowTime)
  }

  private func ensemble(
    _ samples: [TwoPointFunctions], _ plan: TwoPointPlan
  ) throws -> TwoPointEnsemble {
    do {
      return try TwoPointEnsemble(samples, plan, bins: binLength.map { .length($0) })
    } catch StatisticsError.tooFewBins(let expected, let found) {
      let length = binLength ?? max(1, samples.count / max(1, found))
      throw MeasureError(
        "gauge correlate",
        expected: "at least \(expected * length) files, \(expected) bins of \(length), or a "
          + "shorter --bin-length", found: "\(samples.count) files")
    } catch {
      throw MeasureError("gauge correlate of \(samples.count) files: \(error)")
    }
  }
}
