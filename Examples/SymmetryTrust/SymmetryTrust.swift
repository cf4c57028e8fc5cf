import ArgumentParser

/// How often tests of symmetries are wrong, and what they see, on Gaussian ensembles with a known answer.
@main
struct SymmetryTrust: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "SymmetryTrust",
    abstract: "How often tests of symmetries reject what holds, and find what is broken.",
    discussion: """
      Gaussian ensembles x_t = mean + noise of representations of B4, every component a series with an
      exponential autocorrelation. Example: SymmetryTrust calibration --ensembles 200
      """,
    subcommands: [Calibration.self, Power.self])
}

/// A share of ensembles in percent with its binomial error.
func share(_ count: Int, of total: Int) -> String {
  guard total > 0 else { return "-" }
  let p = Double(count) / Double(total)
  let error = (p * (1 - p) / Double(total)).squareRoot()
  return percent(p) + " +- " + percent(error)
}

func percent(_ x: Double) -> String {
  let tenths = Int((1000 * x).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}
