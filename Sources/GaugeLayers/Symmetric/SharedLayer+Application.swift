import Autodiff
import Compute
import Lattice
import Loops

extension SharedLayer {
  /// The layer on matrix channels.
  ///
  /// - Parameters:
  ///   - links: those that transport.
  ///   - parameters: those of the layer under `prefix`, perhaps among others.
  /// - Throws: `LayerError` for channels, a lattice or parameters that do not fit; `.symmetry` where the lattice
  ///   does not carry the group.
  public func callAsFunction<Scalar>(
    _ channels: Variable<SiteField<Scalar>>, links: Variable<LinkField<Scalar>>,
    _ parameters: Variable<Parameters<Scalar>>, prefix: String = ""
  ) throws -> Variable<SiteField<Scalar>> {
    try requireChannels(channels.value.channels, on: links.value.geometry)
    try requireCarried(by: links.value.geometry, boundary: links.value.boundary)
    let (free, factors) = try tensors(parameters, prefix)
    func layer(_ weight: Variable<Tensor<Scalar>>) throws(LayerError) -> Variable<SiteField<Scalar>>
    {
      switch operation {
      case .convolution(let kernel):
        try channels.convolution(links: links, weight: weight, kernel: kernel)
      case .bilinear: try channels.bilinear(channels, weight: weight)
      case .convolutionBilinear(let kernel):
        try channels.convolutionBilinear(links: links, weight: weight, kernel: kernel)
      case .dense:
        throw .representation(layer: name, expected: "scalar channels", found: "matrix channels")
      }
    }
    guard relaxation.extents != nil else {
      return try layer(sharing.expanded(free, factors))
    }
    let sites = try relaxed(.translation, parameters, prefix)
    var sum: Variable<SiteField<Scalar>>?
    for bank in 0..<relaxation.banks {
      let term = try layer(sharing.expanded(free, factors, bank: bank)).multiplied(
        by: siteFactors(sites, bank: bank, channels.value.layout))
      sum = try sum.map { try $0.adding(term) } ?? term
    }
    return sum!
  }

  /// Throws `LayerError` unless the group maps a lattice on itself, and it is that of relaxed translations.
  func requireCarried(by geometry: Geometry, boundary: Boundary? = nil) throws(LayerError) {
    try input.checkCarried(
      by: geometry, boundary: boundary ?? .periodic(geometry.dimension), layer: name)
    guard relaxation.extents == nil || relaxation.extents == geometry.extents else {
      throw .lattice(
        layer: "\(name) with relaxed translations", expected: "\(relaxation.extents!)",
        found: "\(geometry.extents)")
    }
  }

  /// The layer on scalar channels, such as traces, at every site.
  ///
  /// - Throws: `LayerError` for channels or parameters that do not fit.
  public func callAsFunction<Scalar>(
    _ channels: Variable<ScalarField<Scalar>>, _ parameters: Variable<Parameters<Scalar>>,
    prefix: String = ""
  ) throws -> Variable<ScalarField<Scalar>> {
    let weights = try denseWeights(channels.value.channels, parameters, prefix)
    return try channels.dense(weight: weights.weight, bias: weights.bias)
  }

  /// The layer on pooled channels, [batch, channels].
  ///
  /// - Throws: `LayerError` for channels or parameters that do not fit.
  public func callAsFunction<Scalar>(
    pooled channels: Variable<Tensor<Scalar>>, _ parameters: Variable<Parameters<Scalar>>,
    prefix: String = ""
  ) throws -> Variable<Tensor<Scalar>> {
    let weights = try denseWeights(channels.value.shape.last ?? 0, parameters, prefix)
    return try channels.dense(weight: weights.weight, bias: weights.bias)
  }

  private func denseWeights<Scalar>(
    _ count: Int, _ parameters: Variable<Parameters<Scalar>>, _ prefix: String
  ) throws -> (weight: Variable<Tensor<Scalar>>, bias: Variable<Tensor<Scalar>>) {
    guard let biasSharing else {
      throw LayerError.representation(
        layer: name, expected: "matrix channels", found: "scalar channels")
    }
    try requireChannels(count, on: nil)
    let (free, factors) = try tensors(parameters, prefix)
    let bias = try parameters.tensor(prefix + "bias")
    try requireShape(name, "bias", [1, biasSharing.orbitCount], bias.value)
    return (sharing.expanded(free, factors), biasSharing.expanded(bias, []))
  }

  private func requireChannels(_ count: Int, on geometry: Geometry?) throws(LayerError) {
    guard count == input.channels else {
      throw .channels(layer: "\(name) of \(input)", expected: input.channels, found: count)
    }
    if let geometry, geometry.dimension != input.dimension {
      throw .lattice(
        layer: name, expected: "\(input.dimension) dimensions", found: "\(geometry.dimension)")
    }
  }

  private func tensors<Scalar>(
    _ parameters: Variable<Parameters<Scalar>>, _ prefix: String
  ) throws -> (free: Variable<Tensor<Scalar>>, factors: [Variable<Tensor<Scalar>>]) {
    let free = try parameters.tensor(prefix + "weight")
    try requireShape(name, "weight", [relaxation.banks, orbitCount], free.value)
    return (free, try factors.map { try relaxed($0.symmetry, parameters, prefix) })
  }

  private func relaxed<Scalar>(
    _ symmetry: RelaxedSymmetry, _ parameters: Variable<Parameters<Scalar>>, _ prefix: String
  ) throws -> Variable<Tensor<Scalar>> {
    let parameter = self.parameters.first { $0.relaxes == symmetry }!
    let tensor = try parameters.tensor(prefix + parameter.name)
    try requireShape(name, parameter.name, parameter.shape, tensor.value)
    return tensor
  }
}

/// The numbers of one bank as a field with one channel, equal for all members, zero in idle lanes.
private func siteFactors<Scalar: LatticeReal>(
  _ factors: Variable<Tensor<Scalar>>, bank: Int, _ layout: Layout
) -> Variable<ScalarField<Scalar>> {
  let volume = layout.geometry.volume
  let own = Array(factors.value.values[(bank * volume)..<((bank + 1) * volume)])
  let all = try! Tensor(
    shape: [layout.batch, 1, volume], values: (0..<layout.batch).flatMap { _ in own })
  return factors.tape.record(
    ScalarField(layout, channels: 1, siteTensor: all), inputs: [factors]
  ) { g, cotangents in
    let members = g.siteTensor()
    var sums = [Double](repeating: 0, count: factors.value.count)
    for member in 0..<layout.batch {
      for site in 0..<volume {
        sums[bank * volume + site] += Double(members.values[member * volume + site])
      }
    }
    cotangents.add(sumTensor(factors.value.shape, sums), to: factors)
  }
}
