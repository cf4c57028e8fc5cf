import Compute
import GaugeLayers
import Groups
import LatticeSymmetry
import TestSupport

/// A stack of shared layers on the corners of links: matrices, then numbers.
struct SharedStack: Sendable {
  let corners: ChannelRepresentation
  let layers: [SharedLayer]

  /// Corners, a convolution with neighbours, a bilinear layer, both with other labels in between.
  init(
    _ group: FiniteGroup, _ labels: [PermutedLabels], kernel: TransportKernel? = nil,
    relaxation: LayerRelaxation = .none
  ) throws {
    let kernel = try kernel ?? TransportKernel(size: 2, isSymmetric: true)
    corners = try ChannelRepresentation(group, .corners)
    var input = corners
    var layers = [SharedLayer]()
    for (index, label) in labels.enumerated() {
      let output = try ChannelRepresentation(group, label, copies: index == 0 ? 1 : 2)
      layers.append(
        try SharedLayer(
          index % 2 == 0 ? .convolution(kernel) : .bilinear, from: input, to: output,
          relaxation: relaxation))
      input = output
    }
    self.layers = layers
  }

  func parameters(seed: UInt64 = 3) throws -> Parameters<Double> {
    var all = Parameters<Double>()
    for (index, layer) in layers.enumerated() {
      for (name, tensor) in try layer.initialParameters(
        seed: seed, prefix: "\(index).", stream: UInt32(8 * index)) as Parameters<Double>
      { try all.add(name, tensor) }
    }
    return all
  }

  func callAsFunction(
    _ links: Variable<LinkField<Double>>, _ parameters: Variable<Parameters<Double>>
  ) throws -> Variable<SiteField<Double>> {
    var w: Variable<SiteField<Double>> = try links.corners()
    for (index, layer) in layers.enumerated() {
      w = try layer(w, links: links, parameters, prefix: "\(index).")
    }
    return w
  }

  func value(_ links: LinkField<Double>, _ parameters: Parameters<Double>) throws
    -> SiteField<Double>
  {
    let tape = Tape()
    return try self(tape.constant(links), tape.constant(parameters)).value
  }

  /// The largest |out(g U) - g out(U)| over |out|.
  func equivarianceError(
    _ links: LinkField<Double>, _ parameters: Parameters<Double>, _ element: Int
  ) throws -> Double {
    let output = layers.last!.output
    let operation = LatticeOperation(output.group.operations![element])
    let moved = try value(links.image(under: operation), parameters)
    let expected = try output.image(of: value(links, parameters), under: element)
    return relativeDifference(moved, expected)
  }
}

/// |x - y| / |y| over all components.
func relativeDifference<Value: ChannelField>(_ x: Value, _ y: Value) -> Double {
  var difference = x
  difference.add(y, times: -1)
  return (difference.sumOfProducts(difference) / y.sumOfProducts(y)).squareRoot()
}

/// Parameters with every relaxed weight moved at random.
func bent(_ parameters: Parameters<Double>, by size: Double = 0.3) -> Parameters<Double> {
  let moved = parameters.moved(along: parameters.randomDirection(seed: 77), by: size)
  var result = parameters
  for (name, tensor) in moved where name.contains("relaxed.") { try! result.update(name, tensor) }
  return result
}
