import Autodiff
import Compute
import Foundation
import GaugeLayers
import Lattice
import Testing
import Training

/// Files of weights, and whose they are.
@Suite struct NetworkWeightsTests {
  /// The best weights of a training of one epoch.
  private func weights(_ folder: TemporaryFolder) throws -> (String, NetworkDescription) {
    let plan = TrainingPlan.small(epochs: 1)
    _ = try TrainingRun<Double>(plan, folder: folder.path).run(resume: false)
    return (folder.path + "/best.safetensors", plan.network)
  }

  @Test func othersAreRefusedByName() throws {
    let folder = try TemporaryFolder()
    let (path, network) = try weights(folder)
    #expect(try NetworkWeights<Double>(path: path, of: network).network.description == network)
    func refusal(_ change: (inout NetworkDescription) -> Void) throws -> TrainingError {
      var other = network
      change(&other)
      return try #require(throws: TrainingError.self) {
        try NetworkWeights<Double>(path: path, of: other)
      }
    }
    #expect(
      try refusal { $0.convention = .arXivV1 }
        == .otherNetwork(
          file: path, what: "convention", expected: "arxiv-v1", found: "prl-2022"))
    #expect(
      try refusal { $0.group = .su3 }
        == .otherNetwork(file: path, what: "group", expected: "SU(3)", found: "SU(2)"))
    #expect(
      try refusal { $0.dimension = 4 }
        == .otherNetwork(file: path, what: "dimension", expected: "4", found: "2"))
    let layers = try refusal { $0.layers[1].channels = 4 }
    #expect("\(layers)".hasPrefix("\(path): expected the network {"), "\(layers)")
    let single = try #require(throws: TrainingError.self) {
      try NetworkWeights<Float>(path: path, of: network)
    }
    #expect(
      single == .otherNetwork(file: path, what: "precision", expected: "f32", found: "f64"))
    #expect(single.exitStatus == 65)
    // The state of a training is no file of weights.
    let state = folder.path + "/last.safetensors"
    #expect(
      try #require(throws: TrainingError.self) { try NetworkWeights<Double>(path: state) }
        == .otherNetwork(
          file: state, what: "network", expected: "described in its header", found: "none"))
  }

  @Test func weightsThatContradictTheirHeaderAreDamaged() throws {
    let folder = try TemporaryFolder()
    let (path, network) = try weights(folder)
    let good = try Safetensors(path: path)
    for change in 0..<3 {
      var file = Safetensors(metadata: good.metadata)
      for name in good.names where change != 0 || name != good.names[0] {
        let tensor = good[name]!
        let isReshaped = change == 1 && name == good.names[0]
        try file.add(
          name,
          isReshaped
            ? StoredTensor(
              elementType: tensor.elementType, shape: [tensor.shape.reduce(1, *)],
              bytes: tensor.bytes) : tensor)
      }
      if change == 2 { file.metadata["network"] = #"{"group": "su2"}"# }
      try file.write(to: path)
      let error = try #require(throws: TrainingError.self) {
        try NetworkWeights<Double>(path: path, of: network)
      }
      #expect(error.exitStatus == 65 && "\(error)".hasPrefix(path + ": "), "\(error)")
      #expect("\(error)".contains("expected") && "\(error)".contains("found"), "\(error)")
    }
    #expect(throws: SafetensorsError.self) {
      try NetworkWeights<Double>(path: folder.path + "/none")
    }
  }
}
