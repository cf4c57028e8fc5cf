import ArgumentParser
import Lattice

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What a configuration file says of itself, and whether it is true.",
    discussion: """
      EXAMPLE
        gauge info configuration.ildg
        gauge info unknown.dat --diagnose --group su3 --lattice 8,8,8,8
      """)

  @Argument(help: "Configuration files.")
  var files: [String]

  @Flag(
    help: """
      Try byte orders, index orders and daggers on a file that nobody can read, and say which make \
      it unitary with a sensible plaquette.
      """)
  var diagnose = false

  @OptionGroup var field: FieldOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.apply()
    try reporting {
      if diagnose {
        try runDiagnosis()
      } else {
        let infos = try files.map {
          try ConfigurationReader.info($0, group: field.group, extents: field.lattice?.values)
        }
        if common.json {
          printJSON(.object([("files", .array(infos.map(json)))]))
        } else {
          print(infos.map(text).joined(separator: "\n\n"))
        }
      }
    }
  }

  private func json(_ i: ConfigurationInfo) -> JSONValue {
    .object([
      ("file", .string(i.file)), ("format", .string(i.format.rawValue)),
      ("group", .string(i.group.description)), ("lattice", .ints(i.extents)),
      ("boundary", .strings(i.boundary.words)), ("storedBits", .int(i.storedBits)),
      ("byteOrder", .string(i.byteOrder.rawValue)),
      ("twoRow", .bool(i.twoRow)), ("checksum", .string(i.checksum.rawValue)),
      ("checksums", object(i.checksums)), ("records", .strings(i.records)),
      ("header", object(i.header)), ("warnings", .strings(i.warnings)),
    ])
  }

  private func object(_ values: [String: String]) -> JSONValue {
    .object(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
  }

  private func text(_ i: ConfigurationInfo) -> String {
    var lines = [
      i.file,
      "  format    \(i.format.rawValue), \(i.storedBits) bit, \(i.byteOrder.rawValue)-endian"
        + (i.twoRow ? ", two rows a matrix" : ""),
      "  field     \(i.group), \(i.extents.map(String.init).joined(separator: "x")), "
        + "boundary \(i.boundary)",
      "  checksum  \(i.checksum.rawValue)"
        + i.checksums.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined(),
    ]
    if !i.records.isEmpty { lines.append("  records   \(i.records.joined(separator: ", "))") }
    for (key, value) in i.header.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(key): \(value)")
    }
    for warning in i.warnings { lines.append("  warning: \(warning)") }
    return lines.joined(separator: "\n")
  }

  private func runDiagnosis() throws {
    var found = false
    var results = [JSONValue]()
    for file in files {
      let findings = try ConfigurationDiagnosis.diagnose(
        file, group: field.group, extents: field.lattice?.values)
      found = found || findings.contains { $0.sensible }
      if common.json {
        results.append(
          .object([
            ("file", .string(file)),
            (
              "findings",
              .array(
                findings.map { f in
                  .object([
                    ("sensible", .bool(f.sensible)), ("storedBits", .int(f.bits)),
                    ("byteOrder", .string(f.byteOrder.rawValue)), ("order", .string(f.order)),
                    ("dagger", .bool(f.dagger)), ("offset", .int(f.offset)),
                    ("unitarityViolation", .number(f.unitarityViolation)),
                    ("plaquette", .number(f.plaquette)),
                  ])
                })
            ),
          ]))
      } else {
        print(file)
        for f in findings.prefix(8) {
          print(
            "  \(f.sensible ? "yes" : "no ")  \(f.bits) bit \(f.byteOrder.rawValue), from byte "
              + "\(f.offset), \(f.order)\(f.dagger ? ", daggered" : ""): unitarity violation "
              + "\(f.unitarityViolation), plaquette \(f.plaquette)")
        }
        if !findings.contains(where: { $0.sensible }) { print("  no reading makes sense") }
      }
    }
    if common.json { printJSON(.object([("files", .array(results))])) }
    if !found { throw ExitCode(1) }
  }
}
