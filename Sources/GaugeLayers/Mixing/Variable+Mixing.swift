import Autodiff
import Compute
import Lattice
import Loops

extension Variable {
  /// The merged convolution-bilinear layer, Z_i = sum_{v, w} a_{i v w} L_v R_w with L = [W, W^dagger, 1]
  /// and R = [T, T^dagger, 1].
  ///
  /// T are the transported channels T_{t c}(x) = P_t(x) W_c(x + d_t) P_t(x)^dagger for every term t of
  /// the kernel, the channel running fastest. The weights are real, [out, 2 in + 1, 2 in T + 1].
  /// M. Favoni et al., arXiv:2012.12901, equations 11 and 12 of the supplement.
  ///
  /// - Throws: `LayerError` naming the shapes, lattices or groups that do not fit.
  public func convolutionBilinear<Scalar>(
    links: Variable<LinkField<Scalar>>, weight: Variable<Tensor<Scalar>>, kernel: TransportKernel
  ) throws(LayerError) -> Variable where Value == SiteField<Scalar> {
    try requireFields("the merged layer", value, links.value)
    let shape = MixingShape(
      outputs: weight.value.shape.first ?? 0, leftChannels: value.channels,
      rightChannels: value.channels * kernel.termCount(dimension: links.value.dimension),
      isExtended: true, isComplex: false)
    try requireWeight("the merged layer", weight.value, shape)
    return mixed(left: self, right: self, links: links, weight: weight, shape, kernel)
  }

  /// The gauge-equivariant convolution W'_i = sum_{t, c} w_{i, t c} T_{t c}.
  ///
  /// - Parameter weight: [out, in T], the channel running fastest, or [out, in T, 2] for complex
  ///   weights, real before imaginary part. M. Favoni et al., arXiv:2012.12901, equation 5.
  /// - Throws: `LayerError` naming the shapes, lattices or groups that do not fit.
  public func convolution<Scalar>(
    links: Variable<LinkField<Scalar>>, weight: Variable<Tensor<Scalar>>, kernel: TransportKernel
  ) throws(LayerError) -> Variable where Value == SiteField<Scalar> {
    try requireFields("the convolution", value, links.value)
    let shape = MixingShape(
      outputs: weight.value.shape.first ?? 0, leftChannels: 0,
      rightChannels: value.channels * kernel.termCount(dimension: links.value.dimension),
      isExtended: false, isComplex: weight.value.rank == 3)
    try requireWeight("the convolution", weight.value, shape)
    return mixed(left: nil, right: self, links: links, weight: weight, shape, kernel)
  }

  /// The bilinear layer Z_i = sum_{v, w} a_{i v w} [W, W^dagger, 1]_v [W', W'^dagger, 1]_w.
  ///
  /// - Parameters:
  ///   - other: W', as many channels as it likes.
  ///   - weight: [out, 2 in + 1, 2 in' + 1], or with a last index 2 for complex weights, real before
  ///     imaginary part. M. Favoni et al., arXiv:2012.12901, equation 6.
  /// - Throws: `LayerError` naming the shapes, lattices or groups that do not fit.
  public func bilinear<Scalar>(
    _ other: Variable, weight: Variable<Tensor<Scalar>>
  ) throws(LayerError) -> Variable where Value == SiteField<Scalar> {
    try requireSamePlace("the bilinear layer", value, other.value)
    let shape = MixingShape(
      outputs: weight.value.shape.first ?? 0, leftChannels: value.channels,
      rightChannels: other.value.channels, isExtended: true, isComplex: weight.value.rank == 4)
    try requireWeight("the bilinear layer", weight.value, shape)
    return mixed(left: self, right: other, links: nil, weight: weight, shape, .local)
  }

  private func mixed<Scalar>(
    left: Variable?, right: Variable, links: Variable<LinkField<Scalar>>?,
    weight: Variable<Tensor<Scalar>>, _ shape: MixingShape, _ kernel: TransportKernel
  ) -> Variable where Value == SiteField<Scalar> {
    let mixing = Mixing(
      shape, kernel, left: left?.value, right: right.value, links: links?.value,
      weights: weight.value)
    var inputs: [any AnyVariable] = [right, weight]
    if let left { inputs.append(left) }
    if let links { inputs.append(links) }
    return tape.record(mixing.value(), inputs: inputs) { cotangent, cotangents in
      let derivatives = mixing.derivatives(
        cotangent,
        .init(
          left: left?.isActive ?? false, right: right.isActive, links: links?.isActive ?? false,
          weights: weight.isActive))
      if let left, let g = derivatives.left { cotangents.add(g, to: left) }
      if let g = derivatives.right { cotangents.add(g, to: right) }
      if let links, let g = derivatives.links { cotangents.add(g, to: links) }
      if let g = derivatives.weights { cotangents.add(g, to: weight) }
    }
  }
}

/// Throws unless matrix channels live on the lattice of the links.
func requireFields<Scalar>(
  _ layer: String, _ field: SiteField<Scalar>, _ links: LinkField<Scalar>
) throws(LayerError) {
  guard field.layout === links.layout, field.group == links.group else {
    throw .lattice(
      layer: layer, expected: links.placeDescription,
      found: field.placeDescription)
  }
}

/// Throws unless a weight has the shape of a mixing with at least one output.
private func requireWeight<Scalar>(
  _ layer: String, _ weight: Tensor<Scalar>, _ shape: MixingShape
) throws(LayerError) {
  guard weight.shape == shape.weightShape, shape.outputs >= 1 else {
    var expected = shape.weightShape
    expected[0] = max(1, shape.outputs)
    throw .shape(layer: layer, name: "weight", expected: expected, found: weight.shape)
  }
}
