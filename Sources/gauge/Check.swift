import ArgumentParser
import Autodiff
import Foundation
import GaugeChecks
import GaugeLayers
import Lattice
import Training

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check what is invariant: built-in functions, trained models, configurations.",
    discussion: """
      Without arguments everything that is built in: kernels against plain arithmetic, observables, \
      smearings, flows, actions, molecular dynamics, updaters, networks. What is declared has to \
      hold, what is not declared has to be seen broken. The status is 1 if a check fails.

      EXAMPLE
        gauge check
        gauge check observables updaters/heat-bath --group su3 --lattice 2,3,4
        gauge check run/configuration-000100.ildg
        gauge check run/best.safetensors --lattice 4,3 --json
      """)

  @Argument(
    help: """
      Names of built-in subjects or what they begin with (--list), configuration files, weights \
      that gauge train wrote.
      """)
  var subjects: [String] = []

  @Option(help: "Only subjects whose name begins so; may be given more than once.")
  var only: [String] = []

  @Flag(help: "Names of the built-in subjects.")
  var list = false

  @Option(help: "f64 (default) or f32, of the built-in subjects.")
  var precision = Precision.f64

  @Option(help: "Seed of all random inputs and transformations.")
  var seed: UInt64 = 1

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    let subjects = catalogue
    if list {
      if common.json {
        printJSON(.object([("subjects", .strings(subjects.map(\.name)))]))
      } else {
        print(subjects.map(\.name).joined(separator: "\n"))
      }
      return
    }
    let report = CheckReport(json: common.json)
    var failure: ExitCode?
    try reporting {
      let (prefixes, files) = try sort(self.subjects, subjects.map(\.name))
      if files.isEmpty || !prefixes.isEmpty {
        try checkCatalogue(subjects, prefixes, report)
      }
      for file in files {
        // One bad file does not cost the checks of the others.
        do {
          try reporting { try check(file, report) }
        } catch let code as ExitCode {
          failure = failure ?? code
        }
      }
    }
    // Of nothing but bad files there is nothing to report.
    if failure == nil || !report.isEmpty { report.finish(seed: seed) }
    if let failure { throw failure }
    if !report.passes { throw ExitCode(1) }
  }

  private var catalogue: [CheckSubject] {
    switch precision {
    case .f64: CheckCatalogue.subjects(precision: Double.self)
    case .f32: CheckCatalogue.subjects(precision: Float.self)
    }
  }

  /// Names of subjects, or what they begin with, apart from files.
  private func sort(
    _ arguments: [String], _ names: [String]
  ) throws -> (prefixes: [String], files: [String]) {
    var (prefixes, files) = (only, [String]())
    for argument in arguments {
      if names.contains(where: { $0.hasPrefix(argument) }) {
        prefixes.append(argument)
      } else {
        files.append(argument)
      }
    }
    for prefix in prefixes where !names.contains(where: { $0.hasPrefix(prefix) }) {
      throw UsageError("--only: expected the beginning of a name of --list, found '\(prefix)'")
    }
    return (prefixes, files)
  }

  private func checkCatalogue(
    _ subjects: [CheckSubject], _ prefixes: [String], _ report: CheckReport
  ) throws {
    let chosen = subjects.filter { subject in
      prefixes.isEmpty || prefixes.contains { subject.name.hasPrefix($0) }
    }
    let settings = try self.settings()
    report.add(try CheckCatalogue.results(of: chosen, on: settings))
  }

  /// The lattice and group that are asked for, or those of the catalogue.
  private func settings() throws -> [CheckSetting] {
    guard let lattice = field.lattice?.values else {
      return CheckCatalogue.settings(seed: seed, group: field.group)
    }
    let groups = field.group.map { [$0] } ?? [.u1, .su2, .su3]
    return try groups.map { try CheckSetting(lattice, $0, seed: seed) }
  }

  private func check(_ file: String, _ report: CheckReport) throws {
    guard FileManager.default.fileExists(atPath: file) else {
      throw ConfigurationError(
        .missing, file: file, expected: "a file, or a name of gauge check --list", found: "neither")
    }
    if isSafetensors(file) {
      try checkModel(file, report)
    } else {
      // What the header says of its links is a check here, and no reason to refuse them.
      let configuration = try field.read(file, verifyingMeans: false)
      report.add(try ConfigurationCheck.results(of: configuration, seed: seed))
    }
  }

  /// A safetensors file begins with the length of its header, eight bytes, and the header, JSON.
  private func isSafetensors(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    let bytes = (try? handle.read(upToCount: 9)) ?? Data()
    return bytes.count == 9 && bytes.last == UInt8(ascii: "{")
      && bytes[4..<8].allSatisfy { $0 == 0 }
  }

  /// Weights of either precision, checked in double: rounding says nothing of a symmetry.
  private func checkModel(_ file: String, _ report: CheckReport) throws {
    let precision = try Safetensors(path: file).metadata["precision"]
    let (network, parameters): (GaugeNetwork<Double>, Parameters<Double>)
    if precision == Precision.f32.rawValue {
      let weights = try NetworkWeights<Float>(path: file)
      (network, parameters) = (
        try GaugeNetwork(weights.network.description), Parameters<Double>(weights.parameters)
      )
    } else {
      let weights = try NetworkWeights<Double>(path: file)
      (network, parameters) = (weights.network, weights.parameters)
    }
    let description = network.description
    if let group = field.group, group != description.group {
      throw ConfigurationError(
        .usage, file: file, expected: "--group \(description.group)", found: "\(group)")
    }
    // Relaxed translations belong to one lattice, and a lattice group asks for equal extents.
    let extents =
      field.lattice?.values ?? description.layers.compactMap(\.extents).first
      ?? (0..<description.dimension).map { description.symmetry != nil || $0 % 2 == 0 ? 4 : 3 }
    let setting = try CheckSetting(extents, description.group, seed: seed)
    report.add(try ModelCheck.results(of: network, parameters, name: file, on: setting))
  }
}
