import ArgumentParser
import Groups
import SymmetryDetection

/// Anisotropies found, in the units of compact U(1) on 6^4 at beta 0.9.
struct Power: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How often anisotropies are found, and the group that is left is named.",
    discussion: """
      Plaquettes of the six planes as in compact U(1) on 6^4 at beta 0.9: the difference of temporal and
      spatial plaquettes has the deviation 0.0137 per configuration, the slope 0.68 per unit of xi0 and the
      integrated autocorrelation time 0.58. Other tests stand beside it, as in a report: T, F and Q.
      """)

  @Option(help: "Ensembles of each kind.")
  var ensembles = 200

  @Option(help: "Null draws of each test.")
  var draws = 1999

  @Option(help: "The first seed.")
  var seed: UInt64 = 2026

  func run() throws {
    let group = try FiniteGroup(named: "B4")
    print("| xi0 | configurations | found, % | Oh x T named, % | alone: found, % | named, % |")
    print("|---|---|---|---|---|---|")
    for (xi0, count) in [(1.02, 100), (1.01, 100), (1.005, 400), (1.005, 100)] {
      let together = try study(group, xi0 - 1, count, alone: false)
      let alone = try study(group, xi0 - 1, count, alone: true)
      let numbers = [together.found, together.named, alone.found, alone.named]
        .map { share($0, of: ensembles) }.joined(separator: " | ")
      print("| \(xi0) | \(count) | \(numbers) |")
    }
  }

  private func study(
    _ group: FiniteGroup, _ anisotropy: Double, _ count: Int, alone: Bool
  ) throws -> (found: Int, named: Int) {
    let planes = try Representation.planes(group)
    let half = 0.68 * anisotropy / 2
    // The difference is (1, ..., -1, ...)/3 on the planes, of norm sqrt(2/3).
    let deviation = 0.0137 / (2.0 / 3).squareRoot()
    let source = try SyntheticEnsemble(
      planes, mean: [-1.0, -1, 1, -1, 1, 1].map { 0.6 + half * $0 },
      deviations: Dictionary(uniqueKeysWithValues: group.irreps.map { ($0.name, deviation) }),
      autocorrelationTime: 0.58)
    let others: [(String, Representation)] =
      alone
      ? []
      : try [
        ("T", .symmetricTensor(group)), ("F", .fieldStrength(group)), ("Q", .pseudoscalar(group)),
      ]
    let noise = try others.map {
      try SyntheticEnsemble(
        $0.1, mean: [Double](repeating: 0, count: $0.1.dimension), autocorrelationTime: 0.58)
    }
    let detector = SymmetryDetector(draws: draws, seed: seed)
    var (found, named) = (0, 0)
    for ensemble in 0..<ensembles {
      let first = (seed << 32) + UInt64(4 * ensemble)
      var observables = try [
        SampledObservable(
          name: "plaquettes", representation: planes,
          samples: source.samples(count: count, seed: first))
      ]
      for (number, other) in others.enumerated() {
        observables.append(
          try SampledObservable(
            name: other.0, representation: other.1,
            samples: noise[number].samples(count: count, seed: first + UInt64(number + 1))))
      }
      let result = try detector.detect(observables)
      if result.tests.contains(where: { $0.verdict == .broken }) { found += 1 }
      if result.survivingGroups.map(\.name) == ["Oh x T"] { named += 1 }
    }
    return (found, named)
  }
}
