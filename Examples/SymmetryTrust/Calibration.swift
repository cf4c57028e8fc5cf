import ArgumentParser
import Groups
import SymmetryDetection

/// Rejections of symmetric ensembles at a nominal 5 %.
struct Calibration: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How often each test, and any of them, rejects symmetric ensembles.")

  @Option(help: "Ensembles of each kind.")
  var ensembles = 2000

  @Option(help: "Null draws of each test.")
  var draws = 399

  @Option(help: "The first seed.")
  var seed: UInt64 = 2026

  @Option(help: "Numbers of configurations and autocorrelation times, n:tau, n:tau, ...")
  var cells = "20:0.5,20:2,20:5,100:0.5,100:2,100:5,80:2,200:5,400:2,1000:5"

  @Option(help: "One observable by itself: plaquettes, T, F or Q.")
  var only: String?

  private static let names = ["plaquettes", "T", "F", "Q"]

  func validate() throws {
    if let only, !Self.names.contains(only) {
      throw ValidationError("--only is plaquettes, T, F or Q, found \(only).")
    }
    guard ensembles > 0 else { throw ValidationError("--ensembles is 1 or more.") }
    guard cells.split(separator: ",").allSatisfy({ Cell($0) != nil }) else {
      throw ValidationError("--cells is a list of n:tau with n > 0 and tau >= 0.5, found \(cells).")
    }
  }

  private struct Cell {
    let count: Int
    let tau: Double

    init?(_ text: Substring) {
      let parts = text.split(separator: ":")
      guard parts.count == 2, let count = Int(parts[0]), let tau = Double(parts[1]), count > 0,
        tau >= 0.5
      else { return nil }
      self.count = count
      self.tau = tau
    }
  }

  func run() throws {
    let group = try FiniteGroup(named: "B4")
    let representations: [Representation] = try [
      .planes(group), .symmetricTensor(group), .fieldStrength(group), .pseudoscalar(group),
    ]
    let observables: [(name: String, representation: Representation)] = zip(
      Self.names, representations
    ).filter { only == nil || $0.0 == only }.map { ($0, $1) }
    print("| n | tau | observable, irrep | rejects, % of all | without a verdict, % |")
    print("|---|---|---|---|---|")
    for cell in cells.split(separator: ",").compactMap({ Cell($0) }) {
      try study(cell, observables)
    }
  }

  private func study(
    _ cell: Cell, _ observables: [(name: String, representation: Representation)]
  ) throws {
    let detector = SymmetryDetector(draws: draws, seed: seed, testsSubgroups: false)
    let sources = try observables.map {
      try SyntheticEnsemble(
        $0.representation, mean: [Double](repeating: 0, count: $0.representation.dimension),
        autocorrelationTime: cell.tau)
    }
    var rows: [(name: String, rejected: Int, refused: Int)] = []
    var family = 0
    for ensemble in 0..<ensembles {
      let samples = try zip(observables, sources).enumerated().map { number, entry in
        try SampledObservable(
          name: entry.0.name, representation: entry.0.representation,
          samples: entry.1.samples(
            count: cell.count, seed: (seed << 32) + UInt64(4 * ensemble + number)))
      }
      let tests = try detector.detect(samples).tests
      if rows.isEmpty { rows = tests.map { ("\($0.observable) \($0.irrep)", 0, 0) } }
      for (k, test) in tests.enumerated() {
        if let p = test.pValue, p <= 0.05 { rows[k].rejected += 1 }
        if test.verdict == .tooLittleData { rows[k].refused += 1 }
      }
      if tests.contains(where: { $0.verdict == .broken }) { family += 1 }
    }
    for row in rows {
      print(
        "| \(cell.count) | \(cell.tau) | \(row.name) | \(share(row.rejected, of: ensembles))"
          + " | \(percent(Double(row.refused) / Double(ensembles))) |")
    }
    print("| \(cell.count) | \(cell.tau) | **family** | **\(family) of \(ensembles)** | |")
  }
}
