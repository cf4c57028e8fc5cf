import Autodiff
import Compute
import Lattice
import Loops

/// A network composed from a description: a function of links and parameters.
///
/// ```swift
/// let network = try GaugeNetwork<Float>(description)
/// let parameters = try network.initialParameters(seed: 1)
/// let tape = Tape()
/// let prediction = try network(tape.constant(links), tape.variable(parameters))
/// ```
///
/// It is gauge-invariant by construction unless it begins with `linkImages`.
public struct GaugeNetwork<Scalar: LatticeReal>: Sendable {
  public let description: NetworkDescription
  let composition: NetworkComposition

  /// - Throws: `LayerError` naming the layer that does not fit, with what it expected and found.
  public init(_ description: NetworkDescription) throws(LayerError) {
    self.description = description
    composition = try NetworkComposition(description)
  }

  /// Numbers that come out, for every batch member or, if nothing pools, for every site.
  public var outputs: Int { composition.output.count }

  /// Whether the output is a number a batch member and not a field.
  public var isPooled: Bool {
    if case .pooled = composition.output { true } else { false }
  }

  /// The number of parameters.
  public var parameterCount: Int {
    composition.stages.reduce(0) { sum, stage in
      sum + stage.weights.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }
  }

  /// Parameters to begin with: normal, with the variance that preserves that of the channels; biases 0.
  ///
  /// The product of two channels of unit variance has unit variance, so bilinear weights divide by the
  /// square root of the number of pairs. In terms of q, the mean of |W|^2 / N over channels and sites, on the
  /// average over weights:
  ///
  /// - Convolutions of real or complex weights keep q.
  /// - A bilinear or merged layer keeps q = 1 of unitary channels, such as loops, and turns other q into
  ///   about q^2: q = 1 is an unstable fixed point, and a stack of more than about four explodes or vanishes.
  /// - With a trace norm of the scope `perSite` behind every layer q is about N^2 at any depth, since |tr W|
  ///   of a random matrix is about |W|.
  public func initialParameters(seed: UInt64) throws(AutodiffError) -> Parameters<Scalar> {
    var parameters = Parameters<Scalar>()
    var stream: UInt32 = 0
    for stage in composition.stages {
      for weight in stage.weights {
        let tensor =
          weight.fanIn > 0
          ? try Tensor<Scalar>.initialised(
            shape: weight.shape, fanIn: weight.fanIn, seed: seed, stream: stream,
            gain: weight.gain)
          : try Tensor(shape: weight.shape, repeating: Scalar(weight.initial))
        try parameters.add(weight.name, tensor)
        stream += 1
      }
    }
    return parameters
  }

  /// What the channels after a layer carry; nil where they do not keep the network's symmetry.
  public func representation(after layer: Int) -> ChannelRepresentation? {
    composition.stages[layer].representation
  }

  /// The layers that share their weights under the network's symmetry, with what stands before the names of their
  /// parameters.
  public var sharedLayers: [(prefix: String, layer: SharedLayer)] {
    composition.stages.compactMap { stage in stage.shared.map { ("\(stage.name).", $0) } }
  }

  /// What keeps relaxed weights of all layers together (`SharedLayer.relaxationPenalty`); nil where nothing is relaxed.
  public func relaxationPenalty(
    _ parameters: Variable<Parameters<Scalar>>, strength: Double
  ) throws -> Variable<Tensor<Scalar>>? {
    var total: Variable<Tensor<Scalar>>?
    for (prefix, layer) in sharedLayers {
      let term = try layer.relaxationPenalty(parameters, prefix: prefix, strength: strength)
      guard let term else { continue }
      total = try total.map { try $0.adding(term) } ?? term
    }
    return total
  }

  /// Parameters of a network without relaxation as those of this one, which has the same layers, relaxed: every bank
  /// gets an equal share of the shared weights, factors are 1, and the output is the same.
  ///
  /// - Throws: `AutodiffError` where the parameters are not those of such a network.
  public func released(
    _ strict: Parameters<Scalar>
  ) throws(AutodiffError) -> Parameters<Scalar> {
    var result = try initialParameters(seed: 1)
    let banks = Dictionary(
      uniqueKeysWithValues: sharedLayers.map { ("\($0.prefix)weight", $0.layer.relaxation.banks) })
    let expected = result.names.filter { !$0.contains(".relaxed.") }
    for position in 0..<max(expected.count, strict.count) {
      let name = position < expected.count ? expected[position] : nil
      let found = position < strict.count ? strict.names[position] : nil
      guard let name, name == found else { throw .parameterNames(expected: name, found: found) }
      var tensor = strict[position].tensor
      if let count = banks[name], count > 1 {
        let share = tensor.values.map { $0 / Scalar(count) }
        tensor = try Tensor(
          shape: [count] + tensor.shape.dropFirst(),
          values: (0..<count).flatMap { _ in share })
      }
      try result.update(name, tensor)
    }
    return result
  }

  /// Throws `LayerError` where a loop of the network does not close on a lattice, or where the lattice does not carry
  /// the symmetry under which layers share weights.
  package func requireClosedLoops(on geometry: Geometry) throws(LayerError) {
    for stage in composition.stages where !stage.paths.isEmpty {
      try requirePaths(stage.paths, on: geometry)
    }
    for (_, layer) in sharedLayers { try layer.requireCarried(by: geometry) }
  }

  /// The output for links: [batch, outputs], or [batch, outputs, sites] in serial order if nothing pools.
  ///
  /// - Throws: `LayerError` for links of another group or dimension, or parameters of other shapes.
  public func callAsFunction(
    _ links: Variable<LinkField<Scalar>>, _ parameters: Variable<Parameters<Scalar>>
  ) throws -> Variable<Tensor<Scalar>> {
    switch try run(links, parameters).channels {
    case .pooled(let x): return x
    case .scalars(let s): return s.siteValues()
    default: preconditionFailure("a composed network ends with scalars")
    }
  }

  /// What stands after every layer.
  package func stages(
    _ links: Variable<LinkField<Scalar>>, _ parameters: Variable<Parameters<Scalar>>
  ) throws -> [NetworkFlow<Scalar>] {
    var all = [NetworkFlow<Scalar>]()
    _ = try run(links, parameters) { all.append($0) }
    return all
  }

  private func run(
    _ links: Variable<LinkField<Scalar>>, _ parameters: Variable<Parameters<Scalar>>,
    afterEach: (NetworkFlow<Scalar>) -> Void = { _ in }
  ) throws -> NetworkFlow<Scalar> {
    guard links.value.group == description.group,
      links.value.dimension == description.dimension
    else {
      throw LayerError.lattice(
        layer: "the network",
        expected: "\(description.group) in \(description.dimension) dimensions",
        found: "\(links.value.group) in \(links.value.dimension)")
    }
    var flow = NetworkFlow(links: links)
    for stage in composition.stages {
      try apply(stage, to: &flow, parameters)
      afterEach(flow)
    }
    return flow
  }
}
