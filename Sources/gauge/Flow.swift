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
      Rows have flow times in lattice units, t / a^2. Of several files, the configurations of a chain
      in order, the scales of the ensemble have errors.

      EXAMPLE
        gauge flow run/configuration-000010.ildg --time 1 --step 0.01
        gauge flow run/configuration-*.ildg --time 4 --adaptive 1e-5 --every 0.05 --json
      """)

  @Argument(help: "Configuration files.")
  var files: [String]

  @Option(help: "Flow time to reach.")
  var time: Double

  @Option(help: "Length of a step, by default 0.01.")
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
    try common.apply()
    guard step == nil || adaptive == nil else {
      throw ValidationError("--step and --adaptive exclude each other")
    }
    guard out == nil || files.count == 1 else {
      throw ValidationError("--out needs one file, found \(files.count)")
    }
    try reporting {
      let interruption = Interruption()
      var flows = [FileFlow]()
      for (index, file) in files.enumerated() {
        flows.append(try flow(file, index, interruption))
      }
      let ensemble =
        files.count > 1 ? try EnsembleFlow(flows.map(\.rows), group: flows[0].group) : nil
      if common.json {
        printJSON(json(flows, ensemble))
      } else {
        print(text(flows, ensemble))
      }
    }
  }

  private func flow(_ file: String, _ index: Int, _ interruption: Interruption) throws -> FileFlow {
    var u = try field.read(file).field
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
    var last = ContinuousClock.now
    let run = try flow.run(
      &u, to: time, stepping, measuringEvery: every ?? adaptive.map { _ in min(0.05, time) }
    ) { t in
      let pause: Duration = Console.isTerminal ? .milliseconds(200) : .seconds(10)
      if last.duration(to: .now) > pause {
        Console.progress("\(index + 1)/\(files.count) \(file): t = \(fixed(t, 3)) of \(time)")
        last = .now
      }
      return !interruption.isRequested
    }
    if interruption.isRequested { throw ExitCode(130) }
    // The error of the solution itself is smaller still: the estimate is that of a lower order.
    if adaptive == nil, run.largestStepError > 1e-3 {
      Console.message(
        "gauge: warning: \(file): the first step is uncertain by \(run.largestStepError) a link; "
          + "try --step \((step ?? 0.01) / 4) or --adaptive 1e-5")
    }
    if let out { try ConfigurationWriter.write(u, to: out, format: .scidac) }
    return FileFlow(file: file, group: group, extents: u.geometry.extents, run: run)
  }

  private func json(_ flows: [FileFlow], _ ensemble: EnsembleFlow?) -> JSONValue {
    guard let ensemble else { return .object(flows[0].json) }
    return .object(
      [("files", .array(flows.map { .object($0.json) }))]
        + Self.estimate("t0", ensemble.t0) + Self.estimate("w0", ensemble.w0)
        + [("binLength", .int(ensemble.binLength))])
  }

  private static func estimate(_ name: String, _ e: Estimate?) -> [(String, JSONValue)] {
    [(name, .number(e?.value)), (name + "Error", .number(e?.error))]
  }

  private func text(_ flows: [FileFlow], _ ensemble: EnsembleFlow?) -> String {
    var lines = flows.flatMap { flows.count == 1 ? $0.table : [$0.line] }
    if let ensemble {
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
  let run: GradientFlow.Run

  var rows: [FlowRow] { run.rows[0] }
  var scales: FlowScales { FlowScales(rows, group: group) }

  var json: [(String, JSONValue)] {
    [
      ("file", .string(file)), ("group", .string(group.description)),
      ("lattice", .ints(extents)),
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
    "\(file)  t0/a^2 \(scales.t0.map { fixed($0, 5) } ?? "not reached")"
      + "  w0/a \(scales.w0.map { fixed($0, 5) } ?? "not reached")"
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
          + column(fixed(e, 10)) + column(fixed(row.time * row.time * e, 10))
          + column(row.clover.charge.map { fixed($0, 8) } ?? "-")
      } + [line]
  }
}
