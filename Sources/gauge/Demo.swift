import ArgumentParser
import Compute
import Foundation
import Lattice
import Sampling
import Statistics

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sample small ensembles and compare their plaquettes with exact values.",
    discussion: """
      Two dimensions: U(1), SU(2), SU(3) and SU(4) against the exact plaquette in infinite volume.
      Takes about ten seconds.

      EXAMPLE
        gauge demo
      """)

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 1

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    let cases: [(GaugeGroup, Double)] = [(.u1, 2), (.su2, 2.2), (.su3, 6), (.su4, 10.8)]
    var rows = [JSONValue]()
    var worst = 0.0
    if !common.json {
      print("Plaquettes of the Wilson action on 48 x 48, 800 updates, against exact values")
      print("group    beta   measured        exact       (measured - exact) / error")
    }
    for (group, beta) in cases {
      let (estimate, exact) = try sample(group, beta)
      let pull = estimate.pull(from: exact)
      worst = max(worst, abs(pull))
      rows.append(
        .object([
          ("group", .string(group.description)), ("beta", .number(beta)),
          ("plaquette", .number(estimate.value)), ("plaquetteError", .number(estimate.error)),
          ("exact", .number(exact)), ("pull", .number(pull)),
        ]))
      if !common.json {
        print(
          column(group.description, 9) + column("\(beta)", 7) + column(estimate.description, 16)
            + column(fixed(exact, 7), 12) + fixed(pull, 2))
      }
    }
    if common.json { printJSON(.object([("ensembles", .array(rows))])) }
    // Four draws beyond 4.5 sigma: one false alarm in 37 000 demonstrations.
    if worst > 4.5 { throw ExitCode(1) }
  }

  private func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private func sample(_ group: GaugeGroup, _ beta: Double) throws -> (Estimate, Double) {
    var parameters = ChainParameters(group: group, lattice: [48, 48], beta: beta)
    parameters.seed = seed
    parameters.sweeps = 800
    var chain = try Chain<Double>(parameters)
    var series = [Double]()
    while chain.updates < chain.totalUpdates {
      try chain.update()
      if chain.updates > parameters.thermalization {
        series.append(chain.field.plaquette())
      }
    }
    return (try GammaMethod().analyse(series).estimate, exactPlaquette2D(group, beta: beta))
  }
}
