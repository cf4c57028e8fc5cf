import ArgumentParser
import Lattice
import Statistics
import SymmetryDetection

struct Infer: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Infer the couplings of the action that an ensemble was made with.",
    discussion: """
      Solves the Schwinger-Dyson equations for the couplings of the given terms, from the \
      configurations of one chain in order. Errors are those of a jackknife over bins.

      EXAMPLE
        gauge infer run/configuration-*.ildg
        gauge infer bare/*.lime --group su2 --lattice 6,6,6,6 --terms planes --json
        gauge infer improved/*.ildg --terms plaquette,rectangle
      """)

  @Argument(help: "Configuration files, in the order of the chain.")
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Names with commas between them: \(CouplingTerm.grammar). By default spatial,temporal, in two "
        + "dimensions plaquette.", valueName: "list"))
  var terms: String?

  @Option(
    help: ArgumentHelp(
      "Terms that the action should not have: what each would get if it were added; or none. By "
        + "default rectangle, and in four dimensions theta.", valueName: "list"))
  var further: String?

  @Option(
    name: .customLong("boundary-weight"),
    help: ArgumentHelp(
      "Weight of plaquettes in a slice of an open boundary, by default what files say, or 1.",
      valueName: "w"))
  var boundaryWeight: Double?

  @Option(
    name: .customLong("bin-length"),
    help: ArgumentHelp(
      "Files of a jackknife bin, by default from the autocorrelation time.", valueName: "n"))
  var binLength: Int?

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      try validateRequest()
      var ensemble: (identity: EnsembleIdentity, inference: CouplingInference)?
      var progress = FileProgress(files)
      var warnings = WarningTally()
      defer {
        progress.end()
        warnings.report()
      }
      for file in files {
        progress.begin(file)
        let configuration = try field.read(file, warnings: &warnings)
        if ensemble == nil { ensemble = try begin(configuration.info) }
        try ensemble!.identity.require(configuration.info)
        try ensemble!.inference.add(configuration.field)
      }
      guard let inference = ensemble?.inference else { return }
      let report = InferenceReport(
        inference: inference, result: try inference.couplings(binLength: binLength))
      if common.json { printJSON(report.json) } else { print(report.text) }
      if let missing = report.missing {
        Console.message(
          "gauge: warning: the action has more than these terms: \(missing) does not vanish")
      }
    }
  }

  /// What can be refused before a file is read.
  private func validateRequest() throws {
    if let terms { _ = try CouplingTerm.parse(terms, dimension: 2) }
    if let further, further != "none" { _ = try CouplingTerm.parse(further, dimension: 2) }
    if let binLength, binLength < 1 {
      throw UsageError("--bin-length: expected at least 1, found \(binLength)")
    }
    let needed = CouplingInference.minimalBins * (binLength ?? 1)
    guard files.count >= needed else {
      throw InferenceError.tooFewConfigurations(
        expected: needed, found: files.count, bins: CouplingInference.minimalBins,
        binLength: binLength ?? 1)
    }
  }

  private func begin(
    _ info: ConfigurationInfo
  ) throws -> (identity: EnsembleIdentity, inference: CouplingInference) {
    let geometry = try Geometry(info.extents)
    let d = geometry.dimension
    let wanted = try terms.map { try CouplingTerm.parse($0, dimension: d) }
    let others =
      try further.map { $0 == "none" ? [] : try CouplingTerm.parse($0, dimension: d) }
      ?? CouplingTerm.standardFurther(
        than: wanted ?? CouplingTerm.standard(dimension: d), dimension: d)
    let stored = info.metadata["boundaryWeight"].flatMap(Double.init)
    return (
      EnsembleIdentity(info, couplings: true),
      try CouplingInference(
        wanted, further: others, geometry: geometry, group: info.group, boundary: info.boundary,
        boundaryWeight: boundaryWeight ?? stored ?? 1)
    )
  }
}

/// Inferred couplings as JSON and text.
private struct InferenceReport {
  let inference: CouplingInference
  let result: InferredCouplings

  var json: JSONValue {
    func pairs(_ estimate: Estimate) -> [(String, JSONValue)] {
      [("value", .number(estimate.value)), ("error", .number(estimate.error))]
    }
    func object(_ estimate: Estimate?) -> JSONValue { estimate.map { .object(pairs($0)) } ?? .null }
    func terms(_ pairs: [(String, Estimate?)]) -> JSONValue {
      .array(
        pairs.map { name, estimate in
          .object([
            ("term", .string(name)), ("value", .number(estimate?.value)),
            ("error", .number(estimate?.error)),
          ])
        })
    }
    return .object([
      ("group", .string(inference.group.description)),
      ("lattice", .ints(inference.geometry.extents)),
      ("boundary", .strings(inference.boundary.words)),
      ("couplings", terms(Array(zip(inference.names, result.couplings)))),
      ("further", terms(further)),
      ("anisotropy", object(result.anisotropy)), ("beta", object(result.beta)),
      ("c1", object(result.c1)), ("configurations", .int(result.configurations)),
      ("bins", .int(result.bins)), ("binLength", .int(result.binLength)),
      ("autocorrelation", .number(result.autocorrelation)),
    ])
  }

  private var further: [(String, Estimate?)] {
    result.further.map { ($0.term.name(dimension: inference.geometry.dimension), $0.coupling) }
  }

  /// Further terms that are there, at four errors: of a complete action one in ten thousand with many
  /// bins, one in two hundred with eight.
  var missing: String? {
    let found = further.filter { abs($0.1?.pull(from: 0) ?? 0) > 4 }.map { "'\($0.0)'" }
    return found.isEmpty ? nil : found.joined(separator: ", ")
  }

  var text: String {
    func line(_ name: String, _ value: String) -> String {
      "  " + name + String(repeating: " ", count: max(1, 26 - name.count)) + value
    }
    let extents = inference.geometry.extents.map(String.init).joined(separator: "x")
    var lines = [
      "couplings of \(inference.group) on \(extents), \(result.configurations) configurations in "
        + "\(result.bins) bins of \(result.binLength)"
    ]
    if inference.boundary.anyOpen { lines.append(line("boundary", "\(inference.boundary)")) }
    for (name, coupling) in zip(inference.names, result.couplings) {
      lines.append(line(name, "\(coupling)"))
    }
    for (name, estimate) in [
      ("beta", result.beta), ("xi0", result.anisotropy), ("c1", result.c1),
    ] {
      if let estimate { lines.append(line(name, "\(estimate)")) }
    }
    for (name, estimate) in further {
      lines.append(line("\(name), if added", estimate?.description ?? "none"))
    }
    lines.append(line("tau_int", "\(fixed(result.autocorrelation, 2)) configurations"))
    return lines.joined(separator: "\n")
  }
}
