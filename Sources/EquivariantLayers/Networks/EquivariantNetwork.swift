import Autodiff
import Compute
import Groups

/// Layers one after another, each of which takes the fields that the one before gives.
///
/// ```swift
/// let group = try LatticeGroup(named: "D4", dimension: 2)
/// let lifting = try GroupConvolution(lifting: 1, to: 8, group, kernel: [3, 3], relaxation: .init(banks: 2))
/// let network = try EquivariantNetwork([
///   lifting, try PointwiseNonlinearity(lifting.output, .tanh), try GroupPooling(lifting.output),
/// ])
/// let parameters: Parameters<Float> = try network.initialParameters(seed: 1)
/// ```
///
/// Weights are named `NUMBER.LAYER.weight`, relaxed ones `NUMBER.LAYER.relaxed.group`, ...
public struct EquivariantNetwork: Sendable {
  public let layers: [any EquivariantLayer]

  /// - Throws: `.representation` naming the first layer that does not fit, `.setting` for no layers or layers that
  ///   are equivariant about different points.
  public init(_ layers: [any EquivariantLayer]) throws(EquivariantError) {
    guard let first = layers.first else {
      throw .setting(
        layer: "a network", name: "the layers", expected: "one or more", found: "none")
    }
    var fields = first.input
    var fixed: (point: FixedPoint, layer: String)?
    for (number, layer) in layers.enumerated() {
      let name = "\(number).\(layer.name)"
      guard layer.input == fields, layer.input.group == first.input.group else {
        throw .representation(
          layer: name, expected: "\(layer.input)", found: "\(fields) of the layer before")
      }
      if number > 0, layers[number - 1] is SpatialPooling {
        throw .representation(
          layer: name, expected: "fields on sites", found: "none after spatialPooling")
      }
      if let point = layer.fixedPoint {
        if let fixed, fixed.point != point {
          throw .setting(
            layer: name, name: "the fixed point",
            expected: "\(fixed.point.rawValue), that of \(fixed.layer)", found: point.rawValue)
        }
        fixed = (point, name)
      }
      fields = layer.output
    }
    self.layers = layers
    fixedPoint = fixed?.point
  }

  public var input: FieldType { layers[0].input }
  public var output: FieldType { layers[layers.count - 1].output }
  public var group: LatticeGroup { input.group }
  /// The point that the group has to keep; nil for any.
  public let fixedPoint: FixedPoint?

  /// What stands before the names of the weights of a layer, without its dot.
  public func prefix(_ number: Int) -> String { "\(number).\(layers[number].name)" }

  /// The names of all weights that bend symmetry, with what they belong to.
  public var relaxedParameters: [(name: String, layer: Int, parameter: LayerParameter)] {
    layers.enumerated().flatMap { number, layer in
      layer.parameters.filter(\.isRelaxed).map { ("\(prefix(number)).\($0.name)", number, $0) }
    }
  }

  /// The extents of the output for those of the input; none where sites are gone.
  ///
  /// - Throws: `.lattice` or `.setting` for extents on which a layer is not equivariant.
  public func outputExtents(_ extents: [Int]) throws(EquivariantError) -> [Int] {
    var extents = extents
    for layer in layers { extents = try layer.outputExtents(extents) }
    return extents
  }

  /// Weights to begin with; relaxed ones are 1, so that the network is equivariant.
  public func initialParameters<Scalar: LatticeReal>(
    seed: UInt64, as: Scalar.Type = Scalar.self
  ) throws(EquivariantError) -> Parameters<Scalar> {
    var result = Parameters<Scalar>()
    var stream: UInt32 = 0
    for (number, layer) in layers.enumerated() {
      let own: Parameters<Scalar> = try layer.initialParameters(seed: seed, stream: stream)
      let prefix = prefix(number)
      try tensors { () throws(AutodiffError) in try result.add(own, prefix: prefix) }
      stream += UInt32(layer.parameters.count)
    }
    return result
  }

  /// The output for `[batch, channels, n_0, ..., n_{d-1}]`.
  ///
  /// - Throws: as the layers.
  public func callAsFunction<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    var x = x
    for (number, layer) in layers.enumerated() {
      x = try layer(x, weights.scoped(prefix(number)))
    }
    return x
  }

  /// The sum of the penalties of all layers; nil where nothing is relaxed.
  public func relaxationPenalty<Scalar: LatticeReal>(
    _ weights: LayerWeights<Scalar>, strength: Double
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>>? {
    var total: Variable<Tensor<Scalar>>?
    for (number, layer) in layers.enumerated() {
      guard
        let penalty = try layer.relaxationPenalty(
          weights.scoped(prefix(number)), strength: strength)
      else { continue }
      if let sum = total {
        total = try tensors { () throws(AutodiffError) in try sum.adding(penalty) }
      } else {
        total = penalty
      }
    }
    return total
  }

  /// Relaxed weights projected on those with which the network keeps a subgroup.
  ///
  /// - Throws: as for a layer.
  public func restrictRelaxation<Scalar: LatticeReal>(
    of parameters: inout Parameters<Scalar>, to subgroup: Subgroup
  ) throws(EquivariantError) {
    for (number, layer) in layers.enumerated() {
      try layer.restrictRelaxation(of: &parameters, to: subgroup, prefix: prefix(number) + ".")
    }
  }
}
