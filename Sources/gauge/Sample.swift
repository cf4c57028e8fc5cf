import ArgumentParser
import Compute
import Foundation
import Lattice
import Sampling

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sample an ensemble: configurations, history.csv, chain.json.",
    discussion: """
      EXAMPLE
        gauge sample --group su3 --lattice 8,8,8,8 --beta 6.0 --sweeps 500 --out run
        gauge sample --out run --resume --sweeps 1000
        gauge sample --group su3 --lattice 8,8,8,16 --beta 6.0 --out open \\
          --boundary periodic,periodic,periodic,open --boundary-weight 0.5
      """)

  @Option(help: "Gauge group: u1, su2, su3, su4, ...")
  var group: GaugeGroup?

  @Option(help: "Extents, x first, time last: 8,8,8,16.")
  var lattice: Extents?

  @Option(help: "Coupling: 2N/g^2, for U(1) 1/g^2.")
  var beta: Double?

  @Option(help: "Bare anisotropy: beta xi0 in planes with time, beta / xi0 elsewhere.")
  var xi0: Double?

  @Option(
    name: .customLong("plane-couplings"),
    help: "A coupling for every plane, lexicographic: xy,xz,xt,yz,yt,zt. Instead of --beta.")
  var planeCouplings: String?

  @Option(help: "heatbath.")
  var algorithm: ChainParameters.Algorithm?

  @Option(help: "Updates after thermalisation.")
  var sweeps: Int?

  @Option(help: "Updates before.")
  var thermalization: Int?

  @Option(help: "Overrelaxation sweeps in every update.")
  var overrelaxation: Int?

  @Option(help: "Save a configuration after every so many updates; 0 saves none.")
  var saveEvery: Int?

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64?

  @Option(help: "cold or hot.")
  var start: ChainParameters.Start?

  @Option(help: "f64 or f32.")
  var precision: Precision?

  @Option(help: "Format of saved configurations: ildg, scidac, nersc, npy.")
  var format: ConfigurationFormat?

  @Option(help: "periodic or open for every direction: periodic,periodic,periodic,open.")
  var boundary: String?

  @Option(
    name: .customLong("boundary-weight"),
    help: "Weight in the action of plaquettes in the boundary slices of open directions.")
  var boundaryWeight: Double?

  @Option(help: "Folder of the chain.")
  var out: String

  @Flag(help: "Go on from the checkpoint of the folder; begin where there is none.")
  var resume = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      let directory = ChainDirectory(out)
      let parameters = try chainParameters(directory)
      let run = ChainRun(parameters, in: directory, resumes: resume)
      let interruption = Interruption()
      var reporter = SampleProgress(parameters)
      let progress: (ChainRun.Progress) -> Bool = {
        reporter.report($0)
        return !interruption.isRequested
      }
      let summary =
        switch Precision(rawValue: parameters.precision) {
        case .f32: try run.run(as: Float.self, progress: progress)
        default: try run.run(as: Double.self, progress: progress)
        }
      reporter.end()
      if common.json {
        printJSON(json(summary, parameters))
      } else {
        print(text(summary, parameters))
      }
    }
  }

  /// The options; with `--resume` those not given are the chain's own.
  private func chainParameters(_ directory: ChainDirectory) throws -> ChainParameters {
    var p: ChainParameters
    if resume, let stored = try directory.storedParameters() {
      p = stored
      if let group { p.group = group.commandLineName }
      if let lattice { p.lattice = lattice.values }
      if let beta { p.beta = beta }
      if let format { p.format = format.rawValue }
    } else {
      guard let group else { throw ValidationError("--group is needed: u1, su2, su3, ...") }
      guard let lattice else { throw ValidationError("--lattice is needed: 8,8,8,8") }
      guard let beta = beta ?? (planeCouplings == nil ? nil : 0) else {
        throw ValidationError("--beta is needed")
      }
      p = ChainParameters(group: group, lattice: lattice.values, beta: beta, format: format)
    }
    if let xi0 { p.xi0 = xi0 }
    if let planeCouplings {
      let parts = planeCouplings.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Double($0) }
      guard numbers.count == parts.count else {
        throw ValidationError("--plane-couplings: expected numbers, found \(planeCouplings)")
      }
      p.planeCouplings = numbers
    }
    if let algorithm { p.algorithm = algorithm }
    if let sweeps { p.sweeps = sweeps }
    if let thermalization { p.thermalization = thermalization }
    if let overrelaxation { p.overrelaxation = overrelaxation }
    if let saveEvery { p.saveEvery = saveEvery }
    if let seed { p.seed = seed }
    if let start { p.start = start }
    if let precision { p.precision = precision.rawValue }
    if let boundary {
      p.boundary = boundary.split(separator: ",", omittingEmptySubsequences: false)
        .map(String.init)
    }
    if let boundaryWeight { p.boundaryWeight = boundaryWeight }
    return p
  }

  private func json(_ s: ChainRun.Summary, _ p: ChainParameters) -> JSONValue {
    .object([
      ("group", .string(GaugeGroup(name: p.group)!.description)),
      ("lattice", .ints(p.lattice)),
      ("beta", .number(p.beta)),
      ("boundary", .strings(p.boundary)),
      ("boundaryWeight", p.hasOpenDirection ? .number(p.boundaryWeight) : .null),
      ("algorithm", .string(p.algorithm.rawValue)),
      ("updates", .int(p.sweeps)),
      ("plaquette", .number(s.plaquette)),
      ("plaquetteError", .number(s.plaquetteError)),
      ("integratedAutocorrelationTime", .number(s.integratedAutocorrelationTime)),
      ("integratedAutocorrelationTimeError", .number(s.integratedAutocorrelationTimeError)),
      ("acceptance", .null),
      ("files", .strings(s.files)),
      ("resumedFrom", s.resumedFrom.map { .int($0) } ?? .null),
    ])
  }

  private func text(_ s: ChainRun.Summary, _ p: ChainParameters) -> String {
    var lines = [
      "\(GaugeGroup(name: p.group)!), \(p.lattice.map(String.init).joined(separator: "x")), "
        + "beta \(p.beta), \(p.sweeps) updates after \(p.thermalization)"
    ]
    if p.hasOpenDirection {
      lines.append(
        "boundary   \(p.boundary.joined(separator: ",")), plaquettes in boundary slices have "
          + "weight \(p.boundaryWeight)")
    }
    if let plaquette = s.plaquette {
      if let error = s.plaquetteError {
        lines.append("plaquette  \(estimateText(plaquette, error))")
      } else {
        lines.append("plaquette  \(plaquette)")
      }
    }
    if let tau = s.integratedAutocorrelationTime {
      let error = s.integratedAutocorrelationTimeError ?? 0
      lines.append("tau_int    \(estimateText(tau, error)) updates")
    }
    lines.append("\(s.files.count) configurations, history.csv and chain.json in \(out)")
    return lines.joined(separator: "\n")
  }
}

extension ChainParameters.Algorithm: ExpressibleByArgument {}
extension ChainParameters.Start: ExpressibleByArgument {}
