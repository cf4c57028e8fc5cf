import ArgumentParser
import Compute
import Foundation
import Lattice
import Sampling

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sample an ensemble: configurations, history.csv, chain.json.",
    discussion: """
      An update is a heat-bath sweep with its overrelaxation sweeps, or a trajectory of hybrid \
      Monte Carlo (--algorithm hmc), which every action has.

      EXAMPLE
        gauge sample --group su3 --lattice 8,8,8,8 --beta 6.0 --sweeps 500 --out run
        gauge sample --out run --resume --sweeps 1000
        gauge sample --group su3 --lattice 8,8,8,8 --beta 6.0 --out hmc \\
          --algorithm hmc --tune 0.8
        gauge sample --group su3 --lattice 8,8,8,8 --beta 4.5 --out improved \\
          --action symanzik --algorithm hmc --steps 8 --inner-steps 2
        gauge sample --group u1 --lattice 16,16 --beta 2 --theta 1 --out theta
        gauge sample --group u1 --lattice 16,16,16 --beta 4 --out photons \\
          --algorithm hmc --fourier-acceleration 0.2
        gauge sample --group su3 --lattice 8,8,8,16 --beta 6.0 --out open \\
          --boundary periodic,periodic,periodic,open --boundary-weight 0.5
      """)

  @Option(help: "Gauge group: u1, su2, su3, su4, ...")
  var group: GaugeGroup?

  @Option(help: "Extents, x first, time last: 8,8,8,16.")
  var lattice: Extents?

  @Option(parsing: .unconditional, help: "Coupling: 2N/g^2, for U(1) 1/g^2.")
  var beta: Double?

  @Option(
    parsing: .unconditional,
    help: "Bare anisotropy: beta xi0 in planes with time, beta / xi0 elsewhere.")
  var xi0: Double?

  @Option(
    name: .customLong("plane-couplings"), parsing: .unconditional,
    help: "A coupling for every plane, lexicographic: xy,xz,xt,yz,yt,zt. Instead of --beta.")
  var planeCouplings: String?

  @Option(help: "wilson (default), symanzik, iwasaki, dbw2, or rectangle with --c1.")
  var action: String?

  @Option(
    parsing: .unconditional,
    help: "Weight of the rectangles of --action rectangle; c0 = 1 - 8 c1.")
  var c1: Double?

  @Option(
    parsing: .unconditional,
    help: "theta_I of the weight exp(-S - theta_I Q): 4D with hmc, U(1) in 2D.")
  var theta: Double?

  @Option(help: "heatbath (default) or hmc; other actions than wilson need hmc.")
  var algorithm: ChainParameters.Algorithm?

  @Option(
    parsing: .unconditional,
    help: "Updates (sweeps or trajectories) after thermalisation, by default 1000.")
  var sweeps: Int?

  @Option(help: "Updates before, by default 100.")
  var thermalization: Int?

  @Option(help: "heatbath: overrelaxation sweeps in every update, by default 4.")
  var overrelaxation: Int?

  @Option(help: "Save a configuration after every so many updates, by default 10; 0 saves none.")
  var saveEvery: Int?

  @Option(help: "Seed of the random numbers, by default 1.")
  var seed: UInt64?

  @Option(help: "cold (default) or hot.")
  var start: ChainParameters.Start?

  @Option(help: "f64 (default) or f32.")
  var precision: Precision?

  @Option(
    help: "Format of saved configurations: ildg (default for SU(3) in 4D), scidac, nersc or npy.")
  var format: WritableFormat?

  @Option(help: "periodic or open for every direction: periodic,periodic,periodic,open.")
  var boundary: String?

  @Option(
    name: .customLong("boundary-weight"),
    help: "wilson: weight of plaquettes in boundary slices of open directions, by default 1.")
  var boundaryWeight: Double?

  @Option(help: "Folder of the chain.")
  var out: String

  @Flag(help: "Go on from the checkpoint of the folder; begin where there is none.")
  var resume = false

  @OptionGroup var hybrid: HybridOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting {
      try common.apply()
      let directory = ChainDirectory(out)
      let parameters = try chainParameters(directory)
      let run = ChainRun(parameters, in: directory, resumes: resume)
      let interruption = Interruption()
      var reporter = SampleProgress()
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
      if let warning = summary.warning(parameters) { Console.message("gauge: warning: \(warning)") }
      if common.json {
        printJSON(summary.json(parameters))
      } else {
        print(summary.text(parameters, folder: out))
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
      guard let group else {
        throw UsageError("--group: expected u1, su2, su3, ..., found none")
      }
      guard let lattice else {
        throw UsageError("--lattice: expected extents such as 8,8,8,8, found none")
      }
      guard let beta = beta ?? (planeCouplings == nil ? nil : 0) else {
        throw UsageError("--beta: expected a coupling, found none")
      }
      p = ChainParameters(group: group, lattice: lattice.values, beta: beta, format: format?.format)
    }
    if let xi0 { p.xi0 = xi0 }
    if let planeCouplings {
      let parts = planeCouplings.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Double($0) }
      guard numbers.count == parts.count else {
        throw UsageError("--plane-couplings: expected numbers, found '\(planeCouplings)'")
      }
      p.planeCouplings = numbers
    }
    if let action { p.action = action }
    if let c1 { p.c1 = c1 }
    if let theta { p.theta = theta == 0 ? nil : theta }
    if let algorithm { p.algorithm = algorithm }
    if let sweeps { p.sweeps = sweeps }
    if let thermalization { p.thermalization = thermalization }
    try hybrid.apply(to: &p)
    if let overrelaxation {
      guard p.algorithm == .heatbath else {
        throw UsageError(
          "--overrelaxation expects --algorithm heatbath, found \(p.algorithm.rawValue)")
      }
      p.overrelaxation = overrelaxation
    }
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
}

extension ChainParameters.Algorithm: ExpressibleByArgument {}
extension ChainParameters.Start: ExpressibleByArgument {}
