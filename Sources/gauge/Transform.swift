import ArgumentParser
import Compute
import Lattice

struct Transform: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Apply a random gauge transformation and keep the format.",
    discussion: """
      EXAMPLE
        gauge transform run/configuration-000010.ildg transformed.ildg --seed 7
      """)

  @Argument(help: "Configuration to read.")
  var input: String

  @Argument(help: "File to write.")
  var output: String

  @Option(help: "Seed of the transformation.")
  var seed: UInt64 = 1

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      var configuration = try field.readWritable(input)
      let info = configuration.info
      var g = SiteField<Double>(
        layout: configuration.field.layout, group: configuration.field.group)
      g.setHaarRandom(seed: seed)
      configuration.field.transform(by: g)
      try configuration.writeAsRead(to: output)
      if common.json {
        printJSON(
          .object([
            ("input", .string(input)), ("output", .string(output)),
            ("format", .string(info.format.rawValue)), ("seed", .string("\(seed)")),
          ]))
      } else {
        print("\(output): \(info.format.rawValue), transformed with seed \(seed)")
      }
    }
  }
}
