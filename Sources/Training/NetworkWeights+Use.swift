import Autodiff
import GaugeLayers
import Loops

extension NetworkWeights {
  /// A network with its weights, to be written.
  ///
  /// - Throws: `AutodiffError` for parameters that are not those of the network.
  public init(
    _ network: GaugeNetwork<Scalar>, _ parameters: Parameters<Scalar>, targets: [Target]
  ) throws {
    try network.initialParameters(seed: 1).requireLayout(of: parameters)
    self.init(network: network, parameters: parameters, targets: targets.map(\.description))
  }

  /// Writes a file as a training does.
  public func write(to path: String) throws {
    try parameters.safetensors(
      metadata: Self.metadata(network.description, targets: targets)
    ).write(to: path)
  }

  /// The prediction for links, with weights that are constants.
  public func callAsFunction(
    _ links: Variable<LinkField<Scalar>>
  ) throws -> Variable<Tensor<Scalar>> {
    try network(links, links.tape.constant(parameters))
  }
}

extension LearnedAction {
  /// The action that a trained network calculates.
  ///
  /// - Throws: what the initialiser from a network and its parameters throws.
  public init<Scalar>(
    _ weights: NetworkWeights<Scalar>, coupling: Double = 1, name: String = "learned"
  ) throws {
    try self.init(
      weights.network.description, weights.parameters, coupling: coupling, name: name)
  }
}
