import ArgumentParser
import Lattice
import Loops
import Sampling

struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure configurations of any readable format.",
    discussion: """
      EXAMPLE
        gauge measure run/configuration-*.ildg
        gauge measure bare.lime --group su2 --lattice 4,4,4,4 --json
      """)

  @Argument(help: "Configuration files.")
  var files: [String]

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    var rows = [JSONValue]()
    var failure: ExitCode?
    for file in files {
      // One bad file does not cost the measurements of the others.
      do {
        try reporting {
          let configuration = try field.read(file)
          let m = Measurement(configuration)
          if common.json { rows.append(m.json) } else { print(m.text) }
        }
      } catch let code as ExitCode {
        failure = failure ?? code
      }
    }
    if common.json && (failure == nil || !rows.isEmpty) {
      printJSON(.object([("measurements", .array(rows))]))
    }
    if let failure { throw failure }
  }
}

/// The observables of one configuration.
private struct Measurement {
  let info: ConfigurationInfo
  let planes: PlaquetteMeans
  let linkTrace: Double
  let polyakov: (re: Double, im: Double)?
  let topologicalCharge: Double?
  let topologicalChargeClover: Double?
  let energyClover: Double
  let unitarityViolation: Double

  init(_ configuration: Configuration<Double>) {
    let u = configuration.field
    info = configuration.info
    planes = PlaquetteMeans(of: u)
    linkTrace = u.linkTrace()
    polyakov = u.polyakovLoop().map { ($0.real, $0.imaginary) }
    topologicalCharge = u.topologicalCharge()
    topologicalChargeClover = u.topologicalChargeClover()
    energyClover = u.cloverEnergy()
    unitarityViolation = u.unitarityViolation()
  }

  var json: JSONValue {
    .object([
      ("file", .string(info.file)),
      ("format", .string(info.format.rawValue)),
      ("group", .string(info.group.description)),
      ("lattice", .ints(info.extents)),
      ("boundary", .strings(info.boundary.words)),
      ("storedBits", .int(info.storedBits)),
      ("plaquette", .number(planes.all)),
      ("plaquetteSpatial", .number(planes.spatial)),
      ("plaquetteTemporal", .number(planes.temporal)),
      ("linkTrace", .number(linkTrace)),
      ("polyakov", polyakov.map { .array([.number($0.re), .number($0.im)]) } ?? .null),
      ("topologicalCharge", .number(topologicalCharge)),
      ("topologicalChargeClover", .number(topologicalChargeClover)),
      ("energyClover", .number(energyClover)),
      ("unitarityViolation", .number(unitarityViolation)),
      ("checksum", .string(info.checksum.rawValue)),
      ("warnings", .strings(info.warnings)),
    ])
  }

  var text: String {
    func line(_ name: String, _ value: String) -> String {
      "  " + name + String(repeating: " ", count: max(1, 26 - name.count)) + value
    }
    let extents = info.extents.map(String.init).joined(separator: "x")
    var lines = [
      "\(info.file): \(info.group), \(extents), \(info.format.rawValue) \(info.storedBits) bit, "
        + "checksum \(info.checksum.rawValue)",
      line("plaquette", "\(planes.all)"),
    ]
    if info.boundary.anyOpen { lines.insert(line("boundary", "\(info.boundary)"), at: 1) }
    if let spatial = planes.spatial { lines.append(line("plaquette spatial", "\(spatial)")) }
    lines += [
      line("plaquette temporal", "\(planes.temporal)"),
      line("link trace", "\(linkTrace)"),
    ]
    if let (re, im) = polyakov {
      lines.append(line("Polyakov loop", "\(re) \(im < 0 ? "-" : "+") \(abs(im)) i"))
    }
    if let charge = topologicalCharge { lines.append(line("topological charge", "\(charge)")) }
    if let charge = topologicalChargeClover { lines.append(line("clover charge", "\(charge)")) }
    if energyClover.isFinite { lines.append(line("clover energy", "\(energyClover)")) }
    lines += [
      line("unitarity violation", "\(unitarityViolation)")
    ]
    return lines.joined(separator: "\n")
  }
}
