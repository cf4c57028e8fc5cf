import Autodiff
import Compute
import Fourier
import Lattice

/// A convolution over the whole periodic lattice with weights in momentum space that are shared under the group:
///
///     f_out(p) = H(p) f_in(p) for integers |k_mu| <= M_mu, else 0,  H(g p) = rho_out(g) H(p) rho_in(g)^-1
///
/// (Z. Li et al., arXiv:2010.08895, and J. Helwig et al., arXiv:2306.05697, who share weights under C_4 and D_4).
/// Relaxed, elements of the basis get factors w_i(p) = w_i(-p), 1 to begin with. The weights do not depend on the
/// lattice, which needs extents of 2 M_mu + 1 or more, and 2.
///
/// Momenta of fields that are neither gauge-invariant nor gauge-fixed mean nothing; which of both they are is said when
/// the layer is made, and in files.
///
/// Weights: `weight.O.I` [fields out, fields in, elements of the basis], `relaxed.basis.O.I` [elements, pairs p, -p].
public struct SpectralLayer: EquivariantLayer {
  /// What the layer is applied to.
  public enum Content: String, Codable, Sendable {
    /// Fields that no gauge transformation changes; the layer keeps that.
    case gaugeInvariant
    /// Fields after gauge fixing: the layer is as good as the gauge.
    case gaugeFixed
  }

  public let name = "spectralConvolution"
  public let input: FieldType
  public let output: FieldType
  /// M_mu, along the axes of the tensor.
  public let modes: [Int]
  public let isRelaxed: Bool
  public let content: Content
  private let filter: SteerableFilter

  /// - Throws: `.representation` for fields of two groups, `.setting` and `.lattice` for modes that are negative or
  ///   that the group does not preserve.
  public init(
    _ input: FieldType, to output: FieldType, modes: [Int], relaxed: Bool = false,
    content: Content = .gaugeInvariant
  ) throws(EquivariantError) {
    guard input.group == output.group else {
      throw .representation(
        layer: name, expected: "fields of \(input.group.name)", found: "\(output)")
    }
    guard modes.count == input.group.dimension, modes.allSatisfy({ $0 >= 0 }) else {
      throw .setting(
        layer: name, name: "the modes", expected: "\(input.group.dimension) numbers from 0",
        found: "\(modes)")
    }
    (self.input, self.output, self.modes) = (input, output, modes)
    isRelaxed = relaxed
    self.content = content
    filter = try SteerableFilter(
      spectral: input, output,
      window: KernelWindow(modes.map { 2 * $0 + 1 }, group: input.group, layer: name))
    guard !filter.pairs.isEmpty else {
      throw .representation(
        layer: name, expected: "fields between which an equivariant filter exists",
        found: "\(input) and \(output) with the modes \(modes)")
    }
  }

  public var parameters: [LayerParameter] {
    // A filter of norm 1 is spread over all momenta.
    filter.parameters(relaxed: isRelaxed, gain: Double(filter.places).squareRoot())
  }
  public var settings: String {
    "\(name)(\(input) -> \(output), modes \(modes), basis \(isRelaxed ? "relaxed" : "strict"), "
      + "\(content.rawValue))"
  }

  public func outputExtents(_ extents: [Int]) throws(EquivariantError) -> [Int] {
    try input.group.require(extents: extents, layer: name)
    for (mu, (n, m)) in zip(extents, modes).enumerated() where n < max(2, 2 * m + 1) {
      throw .setting(
        layer: name, name: "extent \(mu)", expected: "\(max(2, 2 * m + 1)) or more for \(m) modes",
        found: "\(n)")
    }
    return extents
  }

  public func evaluate<Scalar: LatticeReal>(
    _ x: Variable<Tensor<Scalar>>, _ weights: LayerWeights<Scalar>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let h = try filter.expanded(
      weights, relaxed: isRelaxed, shape: [2 * output.channels, input.channels, filter.places])
    // Only these two precisions exist.
    if let x = x as? Variable<Tensor<Double>>, let h = h as? Variable<Tensor<Double>> {
      return try convolve(x, h) as! Variable<Tensor<Scalar>>
    }
    return try convolve(x as! Variable<Tensor<Float>>, h as! Variable<Tensor<Float>>)
      as! Variable<Tensor<Scalar>>
  }

  private func convolve<Scalar: FourierReal>(
    _ x: Variable<Tensor<Scalar>>, _ h: Variable<Tensor<Scalar>>
  ) throws(EquivariantError) -> Variable<Tensor<Scalar>> {
    let shape = x.value.shape
    let plane = try SpectralPlane<Scalar>(
      extents: Array(shape[2...]), modes: modes, inputs: input.channels,
      outputs: output.channels, batch: shape[0])
    let places = filter.places
    let (f, y) = try fourier { () throws(FourierError) in
      let f = try plane.field(x.value, channels: input.channels)
      return (f, try plane.convolution(h.value, places: places)(f))
    }
    let value = tensor(
      [shape[0], output.channels] + shape[2...], plane.values(y, channels: output.channels))
    return x.tape.record(value, inputs: [x, h]) { g, cotangents in
      // Nothing is refused that was not on the way forward.
      let cotangent = try! plane.cotangent(g, channels: output.channels)
      let convolution = try! plane.convolution(h.value, places: places)
      if x.isActive {
        let back = try! convolution.adjoint(cotangent)
        cotangents.add(tensor(shape, plane.sums(back, channels: input.channels)), to: x)
      }
      if h.isActive {
        let gradient = try! convolution.weightGradient(f, cotangent: cotangent)
        cotangents.add(
          tensor(h.value.shape, plane.filter(gradient, places: places)), to: h)
      }
    }
  }
}

/// Errors of transforms as errors of layers.
private func fourier<Result>(
  _ body: () throws(FourierError) -> Result
) throws(EquivariantError) -> Result {
  do { return try body() } catch { throw .fourier(error) }
}

/// Tensors as fields that are transformed, the last axis of the tensor as x. One axis gets a second one of two sites
/// that hold the same.
private struct SpectralPlane<Scalar: FourierReal>: Sendable {
  let geometry: Geometry
  let empty: SpectralConvolution<Scalar>
  /// Copies of a tensor's sites.
  let copies: Int
  let batch: Int
  let sites: Int
  /// `[mode]`: the place of its momentum in the window.
  private let windowPlaces: [Int]

  init(
    extents: [Int], modes: [Int], inputs: Int, outputs: Int, batch: Int
  ) throws(EquivariantError) {
    copies = extents.count == 1 ? 2 : 1
    self.batch = batch
    sites = extents.reduce(1, *)
    let padding = extents.count == 1 ? [2] : []
    do {
      geometry = try Geometry(extents.reversed() + padding)
    } catch {
      throw .setting(
        layer: "spectralConvolution", name: "the lattice", expected: "one that has momenta",
        found: "\(error)")
    }
    let all = modes.reversed() + padding.map { _ in 0 }
    let geometry = geometry
    empty = try fourier { () throws(FourierError) in
      try SpectralConvolution(geometry, inputs: inputs, outputs: outputs, modes: all)
    }
    let convolution = empty
    windowPlaces = (0..<empty.modeCount).map { mode in
      let k = convolution.momentum(ofMode: mode)
      return modes.indices.reduce(0) { place, mu in
        let axis = modes.count - 1 - mu
        let (value, n) = (k[axis], extents[mu])
        return place * (2 * modes[mu] + 1) + (2 * value > n ? value - n : value) + modes[mu]
      }
    }
  }

  func field(
    _ x: Tensor<Scalar>, channels: Int
  ) throws(FourierError) -> PositionField<Scalar> {
    try PositionField(geometry, channels: channels, batch: batch, values: repeated(x.values))
  }

  /// What the first of the copies has; all are equal.
  func values(_ field: PositionField<Scalar>, channels: Int) -> [Scalar] {
    let all = field.values
    guard copies > 1 else { return all }
    return (0..<(batch * channels)).flatMap {
      all[($0 * copies * sites)..<(($0 * copies + 1) * sites)]
    }
  }

  /// The adjoint of `values`.
  func cotangent(
    _ g: Tensor<Scalar>, channels: Int
  ) throws(FourierError) -> PositionField<Scalar> {
    guard copies > 1 else { return try field(g, channels: channels) }
    let zeros = [Scalar](repeating: 0, count: (copies - 1) * sites)
    let all = (0..<(batch * channels)).flatMap {
      g.values[($0 * sites)..<(($0 + 1) * sites)] + zeros
    }
    return try PositionField(geometry, channels: channels, batch: batch, values: all)
  }

  /// The adjoint of `field`: the sum over copies.
  func sums(_ field: PositionField<Scalar>, channels: Int) -> [Scalar] {
    let all = field.values
    guard copies > 1 else { return all }
    return (0..<(batch * channels * sites)).map { k in
      let first = k / sites * copies * sites + k % sites
      return (0..<copies).reduce(0) { $0 + all[first + $1 * sites] }
    }
  }

  private func repeated(_ values: [Scalar]) -> [Scalar] {
    guard copies > 1 else { return values }
    return stride(from: 0, to: values.count, by: sites).flatMap { first in
      let part = values[first..<(first + sites)]
      return (0..<copies).flatMap { _ in part }
    }
  }

  /// The convolution with H given as `[output, part][input][place]`.
  func convolution(_ h: Tensor<Scalar>, places: Int) throws(FourierError)
    -> SpectralConvolution<Scalar>
  {
    var result = empty
    var weights = [Scalar](repeating: 0, count: result.weights.count)
    forEachWeight(places) { weight, number in weights[weight] = h.values[number] }
    result.weights = weights
    return result
  }

  /// The adjoint of `convolution(_:places:)`.
  func filter(_ gradient: [Scalar], places: Int) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: 2 * empty.outputs * empty.inputs * places)
    forEachWeight(places) { weight, number in result[number] += gradient[weight] }
    return result
  }

  private func forEachWeight(_ places: Int, _ body: (_ weight: Int, _ number: Int) -> Void) {
    for o in 0..<empty.outputs {
      for i in 0..<empty.inputs {
        for (mode, place) in windowPlaces.enumerated() {
          let weight = 2 * ((o * empty.inputs + i) * windowPlaces.count + mode)
          for part in 0..<2 {
            body(weight + part, ((2 * o + part) * empty.inputs + i) * places + place)
          }
        }
      }
    }
  }
}
