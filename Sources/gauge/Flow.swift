import ArgumentParser
import Compute
import Foundation
import Lattice
import Loops
import Sampling
import Statistics

struct Flow: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gradient flow of configurations: E(t), Q(t), t0 and w0.",
    discussion: """
      Rows have flow times in lattice units, t / a^2. Of four files or more, the configurations of \
      a chain in order, the scales of the ensemble have errors.

      EXAMPLE
        gauge flow run/configuration-000010.ildg --time 1 --step 0.01
        gauge flow run/configuration-000010.ildg --time 2 --out flowed.lime
        gauge flow run/configuration-*.ildg --time 4 --adaptive 1e-5 --json
      """)

  @Argument(help: "Configuration files.")
  var files: [String]

  @Option(parsing: .unconditional, help: "Flow time to reach.")
  var time: Double

  @Option(parsing: .unconditional, help: "Length of a step, by default 0.01.")
  var step: Double?

  @Option(help: "Adaptive steps of at most this error, in place of --step: 1e-5.")
  var adaptive: Double?

  @Option(help: "Flow time between rows; by default every step, with --adaptive 0.05.")
  var every: Double?

  @Option(help: "The action that flows: wilson, symanzik, iwasaki or dbw2.")
  var action = FlowAction.wilson

  @Option(help: "Bring links back into the group first: none, rows or polar.")
  var reunitarize = Preparation.none

  @Option(help: "Write the flowed links of the one file, SciDAC.")
  var out: String?

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  enum FlowAction: String, ExpressibleByArgument, CaseIterable {
    case wilson, symanzik, iwasaki, dbw2
  }

  enum Preparation: String, ExpressibleByArgument, CaseIterable {
    case none, rows, polar
  }

  func run() throws {
    try reporting {
      try common.apply()
      guard step == nil || adaptive == nil else {
        throw UsageError("expected --step or --adaptive, found both")
      }
      guard out == nil || files.count == 1 else {
        throw UsageError("--out: expected one file to flow, found \(files.count)")
      }
    }
    let interruption = Interruption()
    var progress = FileProgress(files)
    var flows = [FileFlow]()
    var failure: ExitCode?
    for file in files {
      progress.begin(file)
      // One bad file does not cost the flows of the others.
      do {
        try reporting {
          flows.append(try flow(file, after: flows.first, &progress, interruption))
        }
      } catch let code as ExitCode {
        failure = failure ?? code
        if interruption.isRequested { throw code }
      }
    }
    progress.end()
    if flows.isEmpty, let failure { throw failure }
    let ensemble = ensemble(flows)
    if common.json {
      printJSON(json(flows, ensemble))
    } else {
      print(text(flows, ensemble))
    }
    if let failure { throw failure }
  }

  /// The scales of all files; nil for one file, and with a warning where they have no error.
  private func ensemble(_ flows: [FileFlow]) -> EnsembleFlow? {
    guard files.count > 1 else { return nil }
    do {
      return try EnsembleFlow(flows.map(\.rows), group: flows[0].group)
    } catch {
      Console.message("gauge: warning: no t0 and w0 of all files: \(error)")
      return nil
    }
  }

  private func flow(
    _ file: String, after first: FileFlow?, _ progress: inout FileProgress,
    _ interruption: Interruption
  ) throws -> FileFlow {
    var u = try field.read(file).field
    func text(_ group: GaugeGroup, _ extents: [Int], _ boundary: Boundary) -> String {
      "\(group) on \(extents), boundary \(boundary)"
    }
    let found = text(u.group, u.geometry.extents, u.boundary)
    if let first = first.map({ text($0.group, $0.extents, $0.boundary) }), found != first {
      throw ConfigurationError(
        .usage, file: file, expected: "\(first) as in the first file", found: found)
    }
    switch reunitarize {
    case .none: break
    case .rows: u.reunitarize(.rows)
    case .polar: u.reunitarize(.polar)
    }
    let (group, dimension) = (u.group, u.dimension)
    let flow: GradientFlow =
      switch action {
      case .wilson: .wilson(group, dimension: dimension)
      case .symanzik: .symanzik(group, dimension: dimension)
      case .iwasaki: .improved(group, c1: ImprovedAction.iwasakiC1, dimension: dimension)
      case .dbw2: .improved(group, c1: ImprovedAction.dbw2C1, dimension: dimension)
      }
    let stepping: FlowStepping =
      adaptive.map { .adaptive(tolerance: $0, longest: 0.5) } ?? .fixed(step ?? 0.01)
    let run = try flow.run(
      &u, to: time, stepping, measuringEvery: every ?? adaptive.map { _ in min(0.05, time) }
    ) { t in
      progress.report("t = \(fixed(t, 3)) of \(time)")
      return !interruption.isRequested
    }
    if interruption.isRequested {
      progress.end()
      Console.message("gauge: interrupted")
      throw ExitCode(130)
    }
    // The error of the solution itself is smaller still: the estimate is that of a lower order.
    if adaptive == nil, run.largestStepError > 1e-3 {
      Console.message(
        "gauge: warning: \(file): the first step is uncertain by \(run.largestStepError) a link; "
          + "try --step \((step ?? 0.01) / 4) or --adaptive 1e-5")
    }
    if let out { try ConfigurationWriter.write(u, to: out, format: .scidac) }
    return FileFlow(
      file: file, group: group, extents: u.geometry.extents, boundary: u.boundary, run: run)
  }

  private func json(_ flows: [FileFlow], _ ensemble: EnsembleFlow?) -> JSONValue {
    if files.count == 1 { return .object(flows[0].json) }
    return .object(
      [("files", .array(flows.map { .object($0.json) }))]
        + Self.estimate("t0", ensemble?.t0) + Self.estimate("w0", ensemble?.w0)
        + [("binLength", ensemble.map { .int($0.binLength) } ?? .null)])
  }

  private static func estimate(_ name: String, _ e: Estimate?) -> [(String, JSONValue)] {
    [(name, .number(e?.value)), (name + "Error", .number(e?.error))]
  }

  private func text(_ flows: [FileFlow], _ ensemble: EnsembleFlow?) -> String {
    var lines = flows.flatMap { files.count == 1 ? $0.table : [$0.line] }
    if let ensemble, flows[0].hasScales {
      lines.append("t0/a^2  " + (ensemble.t0?.description ?? "not reached"))
      lines.append("w0/a    " + (ensemble.w0?.description ?? "not reached"))
    }
    return lines.joined(separator: "\n")
  }
}

/// The flow of one file.
private struct FileFlow {
  let file: String
  let group: GaugeGroup
  let extents: [Int]
  let boundary: Boundary
  let run: GradientFlow.Run

  var rows: [FlowRow] { run.rows[0] }
  /// U(1) has no scales.
  var hasScales: Bool { group != .u1 }
  var scales: FlowScales { FlowScales(rows, group: group) }

  var json: [(String, JSONValue)] {
    [
      ("file", .string(file)), ("group", .string(group.description)),
      ("lattice", .ints(extents)), ("boundary", .strings(boundary.words)),
      (
        "flow",
        .array(
          rows.map { row in
            .object([
              ("t", .number(row.time)), ("energyPlaquette", .number(row.energyPlaquette)),
              ("energyClover", .number(row.clover.energy)),
              (
                "energyCloverSpatial",
                .number(extents.count > 2 ? row.clover.energySpatial : nil)
              ),
              ("energyCloverTemporal", .number(row.clover.energyTemporal)),
              ("topologicalChargeClover", .number(row.clover.charge)),
            ])
          })
      ),
      ("t0", .number(scales.t0)), ("w0", .number(scales.w0)), ("steps", .int(run.steps)),
      ("rejectedSteps", .int(run.rejectedSteps)), ("stepError", .number(run.largestStepError)),
    ]
  }

  var line: String {
    let found =
      hasScales
      ? "t0/a^2 \(scales.t0.map { fixed($0, 5) } ?? "not reached")"
        + "  w0/a \(scales.w0.map { fixed($0, 5) } ?? "not reached")" : "no t0 and w0 for U(1)"
    return file + (boundary.anyOpen ? "  boundary \(boundary)" : "") + "  " + found
      + (rows.last!.clover.charge.map { "  Q \(fixed($0, 4))" } ?? "")
  }

  var table: [String] {
    func column(_ text: String) -> String {
      String(repeating: " ", count: max(1, 16 - text.count)) + text
    }
    let names = ["t/a^2", "E plaquette", "E clover", "t^2 E", "Q clover"]
    let step = max(1, (rows.count - 1) / 20)
    let shown = rows.indices.filter { $0 % step == 0 || $0 == rows.count - 1 }
    return [names.map(column).joined()]
      + shown.map { k in
        let row = rows[k]
        let e = row.clover.energy
        return column(fixed(row.time, 4)) + column(fixed(row.energyPlaquette, 10))
          + column(e.isFinite ? fixed(e, 10) : "-")
          + column(e.isFinite ? fixed(row.time * row.time * e, 10) : "-")
          + column(row.clover.charge.map { fixed($0, 8) } ?? "-")
      } + [line]
  }
}
