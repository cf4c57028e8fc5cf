import ArgumentParser
import Compute
import Lattice

extension GaugeGroup: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
}

extension Reunitarization: ExpressibleByArgument {}
extension ConfigurationFormat: ExpressibleByArgument {}

/// The formats that are written.
enum WritableFormat: String, ExpressibleByArgument, CaseIterable {
  case ildg, scidac, nersc, npy

  var format: ConfigurationFormat { ConfigurationFormat(rawValue: rawValue)! }
}

/// Extents as `8,8,8,16`.
struct Extents: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, !numbers.isEmpty else { return nil }
    values = numbers
  }
}

/// `--precision f32|f64`
enum Precision: String, ExpressibleByArgument, CaseIterable {
  case f32
  case f64
}

/// What a file without a header needs.
struct FieldOptions: ParsableArguments {
  @Option(help: "Gauge group of a file that does not name it: u1, su2, su3, ...")
  var group: GaugeGroup?

  @Option(help: "Extents, x first, time last, of a file that does not hold them: 8,8,8,16.")
  var lattice: Extents?

  func read(_ path: String, verifyingMeans: Bool = true) throws -> Configuration<Double> {
    var warnings = WarningTally()
    defer { warnings.report() }
    return try read(path, verifyingMeans: verifyingMeans, warnings: &warnings)
  }

  /// For one of many files, whose warnings are told together.
  func read(
    _ path: String, verifyingMeans: Bool = true, warnings: inout WarningTally
  ) throws -> Configuration<Double> {
    let result = try ConfigurationReader.read(
      path, as: Double.self, group: group, extents: lattice?.values,
      verifyingMeans: verifyingMeans)
    warnings.add(result.info)
    return result
  }

  /// The same of a file that is to be written again in its format.
  func readWritable(_ path: String) throws -> Configuration<Double> {
    let result = try read(path)
    guard result.info.format.isWritable else {
      throw ConfigurationError(
        .usage, file: path, expected: "a format that is written (gauge convert makes one)",
        found: result.info.format.rawValue)
    }
    return result
  }
}

extension Configuration {
  /// Writes it as it was read: the same format, precision, order of bytes and number of rows.
  func writeAsRead(to path: String) throws {
    var options = ConfigurationWriter.Options()
    options.bits = info.storedBits
    options.byteOrder = info.byteOrder
    options.twoRow = info.twoRow
    try ConfigurationWriter.write(field, to: path, format: info.format, options: options)
  }
}

/// Options of every verb.
struct CommonOptions: ParsableArguments {
  @Flag(help: "One JSON object on standard output.")
  var json = false

  @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "n"))
  var threads: Int?

  func apply() throws {
    guard let threads else { return }
    try reporting {
      guard (1...4096).contains(threads) else {
        throw UsageError("--threads: expected 1 to 4096, found \(threads)")
      }
    }
    Threads.count = threads
  }
}
