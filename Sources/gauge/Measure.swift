import ArgumentParser
import Lattice
import Loops
import Sampling

struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure configurations of any readable format.",
    discussion: """
      The static potential and the topological susceptibility are those of all files together, \
      the configurations of one chain in order.

      EXAMPLE
        gauge measure run/configuration-*.ildg
        gauge measure bare.lime --group su2 --lattice 4,4,4,4 --json
        gauge measure run/*.ildg --observables plaquette,rectangle --smear ape:0.5:4
        gauge measure run/*.ildg --observables charge,susceptibility --flow-time 2
        gauge measure run/*.ildg --observables potential --fit-r 2-5 --fit-t 2-3
      """)

  @Argument(help: "Configuration files.")
  var files: [String]

  @OptionGroup var options: MeasureOptions
  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    var failure: ExitCode?
    /// One bad file does not cost the measurements of the others.
    func attempt(_ body: () throws -> Void) throws {
      do {
        try reporting(body)
      } catch let code as ExitCode {
        failure = failure ?? code
      }
    }
    var settings: MeasureSettings?
    try reporting { settings = try options.settings(files: files.count) }
    guard let settings else { return }
    var ensemble = EnsembleMeasurement(settings)
    var progress = FileProgress(files)
    var rows = [JSONValue]()
    for file in files {
      progress.begin(file)
      try attempt {
        let configuration = try field.read(file)
        try ensemble.check(configuration.info)
        let m = try Measurement(configuration, settings) {
          progress.report("t = \(fixed($0, 2)) of \(settings.flowTime ?? $0)")
        }
        try ensemble.add(configuration, m)
        if common.json {
          rows.append(m.json)
        } else if settings.hasPerFileObservables {
          progress.end()
          print(m.text)
        }
      }
    }
    progress.end()
    var results = [(String, JSONValue)]()
    if settings.observables.contains(.potential) {
      var value = JSONValue.null
      try attempt {
        guard let report = try ensemble.potential() else { return }
        if let failure = report.failure { Console.message("gauge: warning: no fit: \(failure)") }
        if common.json { value = report.json } else { print(report.text) }
      }
      results.append(("potential", value))
    }
    if settings.observables.contains(.susceptibility) {
      var value = JSONValue.null
      try attempt {
        guard let report = try ensemble.susceptibility() else { return }
        if let warning = report.warning { Console.message("gauge: warning: \(warning)") }
        if common.json { value = report.json } else { print(report.text) }
      }
      results.append(("susceptibility", value))
    }
    if common.json && (failure == nil || !rows.isEmpty) {
      printJSON(.object([("measurements", .array(rows))] + results))
    }
    if let failure { throw failure }
  }
}
