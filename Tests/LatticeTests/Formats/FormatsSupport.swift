import ComplexModule
import Compute
import Foundation
import Lattice
import TestSupport

/// The folder with reference data that is never committed.
enum SharedData {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["LATTICEGAUGE_SHARED"], !path.isEmpty {
      return URL(fileURLWithPath: path)
    }
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    return root.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  static func configuration(_ name: String) -> String {
    folder.appendingPathComponent("configs/\(name)").path
  }

  static var hasConfigurations: Bool {
    FileManager.default.fileExists(atPath: configuration("MANIFEST.md"))
  }
}

/// A folder that is removed with the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("lattice-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  func file(_ name: String) -> String { path + "/" + name }

  var contents: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Links near `unit` times the unit matrix plus noise, orthonormalised by rows, determinant 1.
func randomField<Scalar: LatticeReal>(
  _ extents: [Int], _ group: GaugeGroup, batch: Int = 1, unit: Double = 1.5, seed: UInt64 = 1,
  as: Scalar.Type = Scalar.self
) throws -> LinkField<Scalar> {
  var generator = SplitMix64(seed: seed)
  var field = try LinkField<Scalar>(Geometry(extents), group: group, batch: batch)
  for member in 0..<batch {
    for site in 0..<field.geometry.volume {
      for mu in 0..<field.dimension {
        field[site, mu, member] = randomMatrix(group.n, unit, &generator)
      }
    }
  }
  return field
}

func randomMatrix(_ n: Int, _ unit: Double, _ generator: inout SplitMix64) -> ComplexMatrix {
  var m = ComplexMatrix(n: n) { i, j in
    Complex(
      Double.random(in: -1...1, using: &generator) + (i == j ? unit : 0),
      Double.random(in: -1...1, using: &generator))
  }
  for i in 0..<n {
    for j in 0..<i {
      var overlap: Complex<Double> = 0
      for k in 0..<n { overlap += m[j, k].conjugate * m[i, k] }
      for k in 0..<n { m[i, k] -= overlap * m[j, k] }
    }
    var norm = 0.0
    for k in 0..<n { norm += m[i, k].lengthSquared }
    for k in 0..<n { m[i, k] = m[i, k] / Complex(norm.squareRoot()) }
  }
  if n > 1 {
    let phase = m.determinant.conjugate
    for k in 0..<n { m[n - 1, k] *= phase }
  }
  return m
}

/// All numbers of a member in serial order.
func numbers<Scalar: LatticeReal>(_ field: LinkField<Scalar>, member: Int = 0) -> [Double] {
  let count = field.geometry.volume * field.numbersPerSite
  return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
    field.exportSites(0..<field.geometry.volume, member: member, to: buffer)
    initialized = count
  }
}

/// Whether two lists hold the same bits.
func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
}

func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// The error a body throws; nil where it throws none.
func configurationError(_ body: () throws -> Void) -> ConfigurationError? {
  do {
    try body()
    return nil
  } catch {
    return error as? ConfigurationError
  }
}
