import Compute
import Foundation
import GaugeLayers
import Lattice
import Sampling
import Synchronization
import Training

extension TrainingPlan {
  /// A training of a second on two-dimensional SU(2).
  static func small(epochs: Int = 3) -> TrainingPlan {
    var layers = [LayerDescription(.plaquettes), LayerDescription(.convolutionBilinear)]
    (layers[1].channels, layers[1].size) = (2, 2)
    layers += [LayerDescription(.trace), LayerDescription(.mean), LayerDescription(.dense)]
    layers[4].channels = 1
    var data = DataPlan()
    (data.lattice, data.betas, data.sweeps) = ([4, 4], [1, 3], 5)
    (data.trainingPerBeta, data.validationPerBeta, data.testPerBeta) = (20, 8, 8)
    data.testLattices = [[6, 4]]
    var training = TrainingSettings(epochs: epochs, batch: 16, rate: 0.01)
    training.warmUp = 2
    return TrainingPlan(
      network: NetworkDescription(group: .su2, dimension: 2, layers: layers), targets: ["W1x2"],
      data: data, training: training)
  }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/latticegauge-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func data(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(name)") }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// A configuration of Haar-random links in a file.
  func writeConfiguration(
    _ name: String, _ extents: [Int], _ group: GaugeGroup, isOpen: Bool = false, seed: UInt64 = 1
  ) throws {
    let boundary = Boundary(isOpen: extents.indices.map { isOpen && $0 == 0 })
    var links = try LinkField<Double>(try Geometry(extents), group: group, boundary: boundary)
    links.setHaarRandom(seed: seed)
    try ConfigurationWriter.write(links, to: "\(path)/\(name)", format: .scidac)
  }
}

/// The number of threads is one for all tests, which run side by side.
private let threadsLock = Mutex(())

/// What a calculation gives with a number of threads.
func withThreads<Result>(_ count: Int, _ body: () throws -> Result) throws -> Result {
  try threadsLock.withLock { _ in
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = count
    return try body()
  }
}
