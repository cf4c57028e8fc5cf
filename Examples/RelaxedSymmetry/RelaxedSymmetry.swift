import ArgumentParser

/// Relaxed networks in use: what symmetry data have, read from weights and from derivatives, and other ways to
/// equivariance beside them.
@main
struct RelaxedSymmetry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "RelaxedSymmetry",
    abstract: "Relaxed equivariant networks in use: three small experiments, each a table.",
    discussion: """
      The folders SquareToRectangle, Pendulum and RotatedImages in Examples say what each of them shows.
      """,
    subcommands: [SquareToRectangle.self, Pendulum.self, RotatedImages.self])
}

/// Options of every example.
struct StudyOptions: ParsableArguments {
  @Flag(help: "Few seeds and short trainings: seconds instead of minutes.")
  var quick = false

  @Option(help: "How often the experiment is repeated with other random numbers.")
  var seeds: Int?

  @Option(help: "The first seed.")
  var seed: UInt64 = 2026

  func validate() throws {
    guard (seeds ?? 1) >= 1, (seeds ?? 1) <= 1000 else {
      throw ValidationError("--seeds is 1 to 1000, found \(seeds!).")
    }
  }
}
