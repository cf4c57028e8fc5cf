import Foundation
import Lattice

/// Writes small valid files as starting points: `make-seeds FOLDER`.
@main
enum MakeSeeds {
  static func main() throws {
    let folder = CommandLine.arguments[1]
    func path(_ family: String, _ name: String) throws -> String {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(family)", withIntermediateDirectories: true)
      return "\(folder)/\(family)/\(name)"
    }
    let field = try LinkField<Double>(Geometry([2, 2, 2, 2]), group: .su3)
    let plane = try LinkField<Double>(Geometry([2, 2]), group: .su2)
    let circle = try LinkField<Double>(Geometry([2, 2]), group: .u1)
    for bits in [32, 64] {
      var options = ConfigurationWriter.Options()
      options.bits = bits
      options.metadata = ["beta": "6.0", "lfn": "lfn://a"]
      func write(
        _ links: LinkField<Double>, _ family: String, _ format: ConfigurationFormat
      ) throws {
        try ConfigurationWriter.write(
          links, to: path(family, "\(format)-\(links.group.n)-\(bits)"), format: format,
          options: options)
      }
      try write(field, "LIME", .ildg)
      try write(plane, "LIME", .scidac)
      try write(circle, "LIME", .scidac)
      try write(plane, "NumPy", .npy)
      try write(plane, "Diagnosis", .npy)
      try write(circle, "NumPy", .npy)
      options.twoRow = bits == 32
      try write(field, "NERSC", .nersc)
    }
    var milc: [UInt8] = [0x87, 0x4e, 0, 0]
    for _ in 0..<4 { milc += [2, 0, 0, 0] }
    milc += [UInt8](repeating: 0, count: 76 + 16 * 4 * 72)
    try Data(milc).write(to: URL(fileURLWithPath: path("MILC", "little")))
    let numbers = (0..<16).map { $0 % 2 == 0 ? "1.0" : "-0.5e-3" }.joined(separator: "\n")
    try Data(numbers.utf8).write(to: URL(fileURLWithPath: path("Text", "u1")))
  }
}
