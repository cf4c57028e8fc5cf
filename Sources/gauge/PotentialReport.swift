import Loops
import Sampling
import Statistics

/// The static potential of an ensemble with its fit, as JSON and text.
struct PotentialReport {
  private let data: StaticPotential
  private let configurations: Int
  private let smearing: Smearing?
  private let timeSmearing: Smearing?
  /// By distance; nil where the times of the request or of the rule give none.
  private let plateaus: [StaticPotential.Plateau?]
  private let fit: StaticPotentialFit?
  /// Why there is no fit.
  let failure: String?

  init(
    _ data: StaticPotential, configurations: Int, _ settings: MeasureSettings,
    smearing: Smearing?
  ) {
    self.data = data
    self.configurations = configurations
    self.smearing = smearing
    timeSmearing = settings.timeSmearing
    plateaus = (1...data.maximumR).map { try? data.plateau(r: $0, times: settings.fitT) }
    let distances = settings.fitR ?? (data.maximumR >= 4 ? 2 : 1)...data.maximumR
    do {
      fit = try data.fit(
        distances: distances, times: settings.fitT, coulombTerm: settings.coulomb)
      failure = nil
    } catch {
      fit = nil
      failure = "\(error)"
    }
  }

  private func table(_ lastT: Int, _ estimate: (_ r: Int, _ t: Int) -> Estimate?) -> [[Estimate?]] {
    (1...data.maximumR).map { r in (1..<(lastT + 1)).map { estimate(r, $0) } }
  }

  private var effective: [[Estimate?]] {
    table(data.maximumT - 1) { data.effectivePotential(r: $0, t: $1) }
  }

  var json: JSONValue {
    func keys(_ name: String, _ table: [[Estimate?]]) -> [(String, JSONValue)] {
      [
        (name, .array(table.map { .numbers($0.map { $0?.value }) })),
        (name + "Errors", .array(table.map { .numbers($0.map { $0?.error }) })),
      ]
    }
    func text(_ smearing: Smearing?) -> JSONValue { smearing.map { .string("\($0)") } ?? .null }
    var pairs: [(String, JSONValue)] = [
      ("smearing", text(smearing)), ("timeSmearing", text(timeSmearing)),
      ("configurations", .int(configurations)), ("bins", .int(data.means.binCount)),
      ("binLength", .int(data.means.binLength)), ("maximumR", .int(data.maximumR)),
      ("maximumT", .int(data.maximumT)),
    ]
    pairs += keys("loops", table(data.maximumT) { data.loop(r: $0, t: $1) })
    pairs += keys("effectivePotential", effective)
    pairs.append(("plateaus", .array(plateaus.map { $0.map(json) ?? .null })))
    pairs.append(("fit", fit.map(json) ?? .null))
    pairs.append(("failure", failure.map { .string($0) } ?? .null))
    return .object(pairs)
  }

  private func json(_ plateau: StaticPotential.Plateau) -> JSONValue {
    .object([
      ("r", .int(plateau.r)), ("times", range(plateau.times)),
      ("potential", .number(plateau.potential.value)),
      ("potentialError", .number(plateau.potential.error)),
      ("chiSquared", .number(plateau.chiSquared)),
      ("degreesOfFreedom", .int(plateau.degreesOfFreedom)),
    ])
  }

  private func json(_ fit: StaticPotentialFit) -> JSONValue {
    func keys(_ name: String, _ estimate: Estimate?) -> [(String, JSONValue)] {
      [(name, .number(estimate?.value)), (name + "Error", .number(estimate?.error))]
    }
    return .object(
      [
        ("distances", range(fit.plateaus.first!.r...fit.plateaus.last!.r)),
        ("coulombTerm", .string(fit.coulombTerm.rawValue)),
      ] + keys("V0", fit.constant) + keys("sigma", fit.stringTension)
        + keys("alpha", fit.coulomb) + keys("r0", fit.sommerScale) + [
          ("chiSquared", .number(fit.chiSquared)),
          ("degreesOfFreedom", .int(fit.degreesOfFreedom)),
          ("reducedChiSquared", .number(fit.reducedChiSquared)),
        ])
  }

  private func range(_ values: ClosedRange<Int>) -> JSONValue {
    .ints([values.lowerBound, values.upperBound])
  }

  var text: String {
    func name(_ smearing: Smearing?) -> String { smearing?.description ?? "none" }
    var lines = [
      "static potential, \(configurations) configurations in \(data.means.binCount) bins of "
        + "\(data.means.binLength)",
      "  smearing of space, time   \(name(smearing)), \(name(timeSmearing))",
    ]
    for (r, row) in effective.enumerated() {
      let values = row.map { $0?.description ?? "-" }.joined(separator: "  ")
      lines.append("  aV(\(r + 1), T = 1, 2, ...)     \(values)")
    }
    for case let plateau? in plateaus {
      lines.append(
        "  aV(\(plateau.r))                     \(plateau.potential), T "
          + "\(plateau.times.lowerBound)-\(plateau.times.upperBound)")
    }
    if let fit {
      let (first, last) = (fit.plateaus.first!.r, fit.plateaus.last!.r)
      let term = fit.coulombTerm == .continuum ? "R" : "r_I"
      let chi =
        fit.degreesOfFreedom == 0
        ? "" : ", chi^2 / dof \(fixed(fit.chiSquared, 2)) / \(fit.degreesOfFreedom)"
      lines += [
        "fit of V0 + sigma R - alpha / \(term), R \(first)-\(last)\(chi)",
        "  V0                        \(fit.constant)",
        "  sigma                     \(fit.stringTension)",
        "  alpha                     \(fit.coulomb)",
        "  r0/a                      \(fit.sommerScale?.description ?? "none")",
      ]
    } else if let failure {
      lines.append("no fit: \(failure)")
    }
    return lines.joined(separator: "\n")
  }
}
