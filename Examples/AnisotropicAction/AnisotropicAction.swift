import ArgumentParser
import Foundation
import GaugeLayers
import Groups

/// Which lattice symmetries a relaxed gauge network keeps that learned an ensemble's own action density.
@main
struct AnisotropicAction: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "AnisotropicAction",
    abstract: "Relaxed gauge networks keep the symmetry of the action that they learn.",
    discussion: """
      For every seed an SU(2) ensemble on 4^4 is sampled, and a network whose weights are shared under all 384 \
      symmetries of the hypercube, and relaxed, learns the action density of the ensemble's own action from noisy \
      values, some sixteen times on different configurations. A test over these trainings, not a tolerance, says which \
      subgroup its weights keep: 96 elements for xi0 = 1.2, all 384 for xi0 = 1. README.md says more.
      """)

  @Option(help: "Anisotropies xi0 of the ensembles, separated by commas.")
  var xi0 = "1.2,1"

  @Option(help: "Ensembles of each anisotropy; the first has the seed 1.")
  var seeds = 20

  @Option(help: "Coupling of the ensembles.")
  var beta = 2.3

  @Option(help: "Trainings for the test, 8 or more.")
  var trainings = 16

  @Option(help: "Noise of the density that is learned, in units of its standard deviation.")
  var noise = 0.25

  @Option(help: "Level of every test.")
  var level = 0.01

  @Flag(help: "One ensemble of each, of fewer sweeps: seconds instead of minutes.")
  var quick = false

  func run() throws {
    let anisotropies = xi0.split(separator: ",").map { Double($0) }
    guard !anisotropies.isEmpty, anisotropies.allSatisfy({ ($0 ?? 0) > 0 && $0!.isFinite }) else {
      throw ValidationError("--xi0: expected positive numbers separated by commas, found '\(xi0)'")
    }
    guard seeds >= 1 else { throw ValidationError("--seeds: expected 1 or more, found \(seeds)") }
    guard noise > 0, noise.isFinite else {
      throw ValidationError(
        "--noise: expected a positive number, since nothing is tested without, found \(noise)")
    }
    print("| xi0 | seed | loss / noise^2 | kept | order | p of B4 | parts broken at \(level) |")
    print("|---|---|---|---|---|---|---|")
    var lines = [String]()
    for anisotropy in anisotropies.compactMap(\.self) {
      let expected: HypercubicSubgroup = anisotropy == 1 ? .isotropic : .anisotropic
      let count = quick ? 1 : seeds
      var kept = 0
      for seed in 1...count {
        let experiment = try ActionDensity(
          beta: beta, anisotropy: anisotropy, noise: noise, trainings: trainings,
          sweeps: quick ? 40 : 200, seed: UInt64(seed))
        let result = try experiment.run()
        let reading = try experiment.reading(result.weights, level: level)
        let survivors = reading.survivors
        let wanted = try experiment.group.subgroup(expected).elements
        let isExpected = survivors.count == 1 && survivors[0].subgroup.elements == wanted
        kept += isExpected ? 1 : 0
        let names = survivors.map { $0.subgroup.name ?? "?" }.joined(separator: ", ")
        let broken = reading.parts.filter { $0.correctedP < level }.map {
          String(format: "%@ (%.3f)", $0.irrep.name, $0.size)
        }
        print(
          "| \(anisotropy) | \(seed) | \(String(format: "%.3f", result.loss)) | \(names) | "
            + survivors.map { "\($0.subgroup.order)" }.joined(separator: ", ")
            + " | \(String(format: "%.4f", reading.tested[0].pValue)) | "
            + (broken.isEmpty ? "none" : broken.joined(separator: ", ")) + " |")
      }
      lines.append(
        "xi0 = \(anisotropy): \(kept) of \(count) keep exactly \(expected.rawValue) of order "
          + "\(expected.order)")
    }
    print("\n" + lines.joined(separator: "\n"))
    print(
      """
      Not identified: the difference of the weights of corners (a, b) and (b, a), whose traces are equal; the
      weights' common scale, which the next layer can take; hence signs of whole banks.
      """)
  }
}
