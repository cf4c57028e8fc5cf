import ArgumentParser

/// Networks on gauge fields in use: four small experiments, each a table.
@main
struct PlaquetteModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "PlaquetteModels",
    abstract: "Gauge-equivariant networks in use: four small experiments.",
    discussion: "README.md in Examples/PlaquetteModels says what each of them shows.",
    subcommands: [Regression.self, Attack.self, Charge.self, Learned.self])
}

/// Options of every example.
struct ExampleOptions: ParsableArguments {
  @Flag(help: "Smaller lattices and ensembles: seconds instead of minutes.")
  var quick = false

  @Option(help: "Folder of the trainings, which are continued or used again where they are there.")
  var out = "studies/plaquette-models"
}
