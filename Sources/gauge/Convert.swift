import ArgumentParser
import Compute
import Lattice

extension ByteOrder: ExpressibleByArgument {}

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a configuration in another format.",
    discussion: """
      EXAMPLE
        gauge convert lat.milc lat.ildg --format ildg
        gauge convert bare.lime field.npy --format npy --group su2 --lattice 4,4,4,4
      """)

  @Argument(help: "Configuration to read.")
  var input: String

  @Argument(help: "File to write.")
  var output: String

  @Option(help: "ildg, scidac, nersc or npy.")
  var format: ConfigurationFormat

  @Option(help: "f32 or f64; by default what the input stores.")
  var precision: Precision?

  @Option(name: .customLong("byte-order"), help: "big or little (NERSC).")
  var byteOrder: ByteOrder?

  @Flag(name: .customLong("two-row"), help: "Leave out the third row of every matrix (NERSC).")
  var twoRow = false

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      let configuration = try field.read(input)
      var options = ConfigurationWriter.Options()
      options.bits = precision.map { $0 == .f32 ? 32 : 64 } ?? configuration.info.storedBits
      options.byteOrder = byteOrder ?? .big
      options.twoRow = twoRow
      try ConfigurationWriter.write(
        configuration.field, to: output, format: format, options: options)
      if common.json {
        printJSON(
          .object([
            ("input", .string(input)), ("output", .string(output)),
            ("format", .string(format.rawValue)), ("storedBits", .int(options.bits)),
          ]))
      } else {
        print("\(output): \(format.rawValue), \(options.bits) bit")
      }
    }
  }
}
