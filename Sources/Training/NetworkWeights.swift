import Autodiff
import Compute
import Foundation
import GaugeLayers
import Lattice

/// A trained network: weights in a safetensors file whose header describes the network.
public struct NetworkWeights<Scalar: LatticeReal>: Sendable {
  public let network: GaugeNetwork<Scalar>
  public let parameters: Parameters<Scalar>
  /// Names of `Target`.
  public let targets: [String]

  init(network: GaugeNetwork<Scalar>, parameters: Parameters<Scalar>, targets: [String]) {
    (self.network, self.parameters, self.targets) = (network, parameters, targets)
  }

  /// Reads a file that a training wrote.
  ///
  /// - Throws: `TrainingError.otherNetwork` for another precision, `.file` where weights and description
  ///   contradict each other, or what reading throws.
  public init(path: String) throws {
    let file = try Safetensors(path: path)
    guard file.metadata["precision"] == Scalar.precisionName else {
      throw TrainingError.otherNetwork(
        file: path, what: "precision", expected: Scalar.precisionName,
        found: file.metadata["precision"] ?? "none")
    }
    guard let text = file.metadata["network"] else {
      throw TrainingError.otherNetwork(
        file: path, what: "network", expected: "described in its header", found: "none")
    }
    do {
      network = try GaugeNetwork(NetworkDescription(json: Data(text.utf8)))
    } catch {
      throw TrainingError.file(.damaged, "\(path): \(error)")
    }
    parameters = try Parameters(file, path: path)
    do {
      try network.initialParameters(seed: 1).requireLayout(of: parameters)
    } catch {
      throw TrainingError.file(.damaged, "\(path): \(error)")
    }
    targets = (file.metadata["targets"] ?? "").split(separator: " ").map(String.init)
  }

  /// Reads the weights of a given network.
  ///
  /// - Throws: `TrainingError.otherNetwork` naming the group, dimension, convention or layers that
  ///   differ.
  public init(path: String, of description: NetworkDescription) throws {
    try self.init(path: path)
    try requireNetwork(
      network.description.json, description, precision: Scalar.precisionName, file: path)
  }

  static func metadata(_ network: NetworkDescription, targets: [String]) -> [String: String] {
    [
      "format": "latticegauge-network-1", "precision": Scalar.precisionName,
      "network": network.json, "targets": targets.joined(separator: " "),
    ]
  }
}
