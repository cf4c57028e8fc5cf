import ArgumentParser
import Compute
import Fourier
import Lattice

extension GaugeCondition: ExpressibleByArgument {}

struct Fix: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring a configuration to Landau or Coulomb gauge and keep the format.",
    discussion: """
      Stops when theta, the mean over sites of tr(D D^dagger)/N, falls below the tolerance. What did not \
      get there is written all the same, and the status is 1. SIGINT ends the work after an iteration.

      EXAMPLE
        gauge fix run/configuration-000010.ildg fixed.ildg --gauge coulomb
      """)

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case fourier
    case descent
    case overrelaxation
  }

  @Argument(help: "Configuration to read.")
  var input: String

  @Argument(help: "File to write.")
  var output: String

  @Option(help: "landau, or coulomb: all directions but the last.")
  var gauge: GaugeCondition

  @Option(help: "Steepest descent with or without Fourier acceleration, or overrelaxation.")
  var method: Method = .fourier

  @Option(help: "Step of a descent: 1 is best for a free field. (default: 1.28)")
  var step: Double?

  @Option(help: "Overrelaxation, 1 to below 2. (default: 1.7)")
  var omega: Double?

  @Option(help: "theta at which the gauge counts as fixed.")
  var tolerance = 1e-12

  @Option(help: "Iterations at most.")
  var maxIterations = 20_000

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      if let omega, method != .overrelaxation {
        throw UsageError(
          "--omega: expected with --method overrelaxation, found \(omega) with \(method)")
      }
      if let step, method == .overrelaxation {
        throw UsageError("--step: expected with a descent, found \(step) with overrelaxation")
      }
      let methods: [Method: GaugeFixing.Method] = [
        .fourier: .fourierAcceleration, .descent: .steepestDescent,
        .overrelaxation: .overrelaxation(omega: omega ?? 1.7),
      ]
      let fixing = GaugeFixing(
        gauge, method: methods[method]!, step: step, tolerance: tolerance,
        maximumIterations: maxIterations)
      try fixing.validate()
      var configuration = try field.readWritable(input)
      let interruption = Interruption()
      let clock = ContinuousClock()
      let start = clock.now
      var told = start
      let report = try fixing.fix(&configuration.field) { state in
        if clock.now - told > .seconds(1) {
          told = clock.now
          Console.message(
            "iteration \(state.iteration): theta \(Float(state.theta)), functional \(state.functional)"
          )
        }
        return !interruption.isRequested
      }
      let seconds = (clock.now - start) / .seconds(1)
      try configuration.writeAsRead(to: output)
      let end = report.deviations[0]
      if common.json {
        printJSON(
          .object([
            ("input", .string(input)), ("output", .string(output)),
            ("gauge", .string(gauge.rawValue)), ("method", .string(method.rawValue)),
            ("isConverged", .bool(report.isConverged)), ("iterations", .int(report.iterations)),
            ("theta", .number(end.theta)), ("functional", .number(end.functional)),
            ("thetaBefore", .number(report.history[0].theta)),
            ("functionalBefore", .number(report.history[0].functional)),
            ("seconds", .number(seconds)),
          ]))
      } else {
        print(
          "\(output): \(gauge) gauge \(report.isConverged ? "reached" : "NOT reached") after "
            + "\(report.iterations) iterations, theta \(Float(end.theta)), "
            + "functional \(end.functional), \(fixed(seconds, 1)) seconds")
      }
      if interruption.isRequested { throw ExitCode(130) }
      guard report.isConverged else {
        Console.message(
          "gauge: \(input): expected theta below \(tolerance), found \(Float(end.theta)) after "
            + "\(report.iterations) iterations")
        throw ExitCode(1)
      }
    }
  }
}
