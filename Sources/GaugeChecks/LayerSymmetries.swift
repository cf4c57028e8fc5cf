import GaugeLayers

/// The symmetries that layers and networks declare.
///
/// Every kind of layer is translation symmetric and, unless it takes links as ordinary numbers, gauge
/// symmetric: matrices turn with their site, links with both of their ends, numbers do not change.
/// Nothing is said of charge conjugation.
public struct LayerSymmetries: Sendable, Hashable {
  public var gauge: DeclaredSymmetries.Gauge
  public var translation: DeclaredSymmetries.Translation

  public init(
    gauge: DeclaredSymmetries.Gauge = .all, translation: DeclaredSymmetries.Translation = .all
  ) {
    self.gauge = gauge
    self.translation = translation
  }
}

extension LayerDescription.Kind {
  /// What a layer declares of an input that has all symmetries.
  public var declaredSymmetries: LayerSymmetries {
    switch self {
    case .plaquettes, .polyakovLoops, .loops, .convolution, .bilinear, .convolutionBilinear,
      .activation, .traceNorm, .exponential, .stout, .trace, .traceMagnitudes, .tracePowers, .dense,
      .mean, .sum, .corners, .clovers, .signedPolyakovLoops, .sharedConvolution, .sharedBilinear,
      .sharedConvolutionBilinear, .sharedDense, .chargePairs:
      LayerSymmetries()
    case .linkImages, .ordinaryConvolution: LayerSymmetries(gauge: .none)
    }
  }
}

extension NetworkDescription {
  /// What the network declares of what stands after its first layers; a symmetry that one of them does
  /// not have is lost for good.
  public func declaredSymmetries(after count: Int) -> LayerSymmetries {
    layers.prefix(count).reduce(LayerSymmetries()) { sum, layer in
      let own = layer.layer.declaredSymmetries
      return LayerSymmetries(
        gauge: sum.gauge == .none ? .none : own.gauge,
        translation: sum.translation == .none || layer.relaxation.extents != nil
          ? .none : own.translation)
    }
  }

  /// What the whole network declares of its output.
  public var declaredSymmetries: LayerSymmetries { declaredSymmetries(after: layers.count) }
}
