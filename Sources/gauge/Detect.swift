import ArgumentParser
import Groups
import Lattice
import LatticeSymmetry
import SymmetryDetection

struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Test which symmetries an ensemble has, and name the groups that are left.",
    discussion: """
      Every observable is divided into irreducible parts, whose means are tested against zero with \
      a correction for all tests together. Files are the configurations of one chain in order.

      EXAMPLE
        gauge detect run/configuration-*.ildg
        gauge detect bare/*.lime --group su2 --lattice 6,6,6,6 --symmetries point --json
        gauge detect run/*.ildg --expect "Oh x T" --report report.html
      """)

  @Argument(help: "Configuration files, in the order of the chain.")
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Which to test, with commas between them: point, translation, charge, parity, time, center. "
        + "By default all.", valueName: "list"))
  var symmetries: String?

  @Option(
    help: ArgumentHelp(
      "A group that should be left, by name (B4, \"Oh x T\", ...) or by generators such as "
        + "\"x->y, y->-x; t->-t\": exit status 1 where it is rejected.", valueName: "group"))
  var expect: String?

  @Option(help: ArgumentHelp("A page with pictures.", valueName: "out.html"))
  var report: String?

  @Option(help: ArgumentHelp("Null draws of every test.", valueName: "n"))
  var draws = 9999

  @Option(help: ArgumentHelp("Seed of the null draws.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    var isRejected = false
    try reporting {
      let wanted = try wantedSymmetries()
      try validateRequest()
      if let report { try DetectionReport.requireWritable(report) }
      let ensemble = try measured(wanted)
      let found = try DetectionRequest(
        ensemble: ensemble, expect: expect, detector: SymmetryDetector(draws: draws, seed: seed)
      ).result()
      isRejected = found.result.expectation?.isRejected ?? false
      if common.json {
        printJSON(found.json)
      } else {
        print(found.result.text, terminator: "")
      }
      if let report { try found.writePage(to: report, command: CommandLine.arguments) }
    }
    if isRejected { throw ExitCode(1) }
  }

  private func wantedSymmetries() throws -> Set<TestedSymmetry> {
    guard let symmetries else { return Set(TestedSymmetry.allCases) }
    let known = TestedSymmetry.allCases.map(\.rawValue)
    let words = symmetries.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return Set(
      try words.map { word in
        guard let symmetry = TestedSymmetry(rawValue: word) else {
          throw UsageError(
            "--symmetries: expected \(known.joined(separator: ", ")), found '\(word)'")
        }
        return symmetry
      })
  }

  private func validateRequest() throws {
    guard (99...1_000_000).contains(draws) else {
      throw UsageError("--draws: expected 99 to 1000000, found \(draws)")
    }
    if expect != nil, let symmetries, !symmetries.split(separator: ",").contains("point") {
      throw UsageError("--expect: expected point among --symmetries, found '\(symmetries)'")
    }
  }

  private func measured(
    _ symmetries: Set<TestedSymmetry>
  ) throws -> EnsembleObservables {
    var ensemble: (identity: EnsembleIdentity, observables: EnsembleObservables)?
    var progress = FileProgress(files)
    var warnings = WarningTally()
    defer {
      progress.end()
      warnings.report()
    }
    for file in files {
      progress.begin(file)
      let configuration = try field.read(file, warnings: &warnings)
      let info = configuration.info
      if ensemble == nil {
        ensemble = (
          EnsembleIdentity(info, couplings: true),
          try EnsembleObservables(
            geometry: try Geometry(info.extents), group: info.group, boundary: info.boundary,
            symmetries: symmetries)
        )
      }
      try ensemble!.identity.require(info)
      ensemble!.observables.add(configuration.field)
    }
    // The parser asks for one file at least.
    return ensemble!.observables
  }
}
