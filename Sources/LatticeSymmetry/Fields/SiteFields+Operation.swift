import Compute
import Lattice

extension SiteField {
  /// The matrices of the moved lattice, W'_c'(g x) = W_c(x), with channels and adjoints as the labels say;
  /// charge conjugation takes the complex conjugate.
  ///
  /// - Parameter isChargeOdd: whether charge conjugation changes the sign as well, as of a hermitian field
  ///   strength.
  /// - Throws: `LatticeSymmetryError.dimension`, `.channels`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func image(
    under operation: LatticeOperation, labels: FieldLabels = .scalar, isChargeOdd: Bool = false
  ) throws(LatticeSymmetryError) -> SiteField<Scalar> {
    try operation.checkActs(on: geometry, boundary: .periodic(geometry.dimension))
    let target = operation.target(of: layout, Scalar.self)
    var result = SiteField<Scalar>(uninitialized: target, group: group, channels: channels)
    let images = try labels.images(under: operation.axes, count: channels)
    moveBlocks(
      from: view, to: result.mutableView, target, n: group.n,
      channels: ChannelSource.inverting(
        images, conjugates: operation.conjugatesCharge, isOdd: isChargeOdd),
      sources: SiteSources(operation, from: layout, to: target))
    return result
  }
}

extension ScalarField {
  /// The numbers of the moved lattice, s'_c'(g x) = s_c(x) with channels and signs as the labels say; of
  /// complex labels the channels are real and imaginary parts in turn.
  ///
  /// - Parameter isChargeOdd: whether charge conjugation changes the sign, as of Im tr of a loop.
  /// - Throws: `LatticeSymmetryError.dimension`, `.channels`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func image(
    under operation: LatticeOperation, labels: FieldLabels = .scalar, isChargeOdd: Bool = false
  ) throws(LatticeSymmetryError) -> ScalarField<Scalar> {
    try operation.checkActs(on: geometry, boundary: .periodic(geometry.dimension))
    let target = operation.target(of: layout, Scalar.self)
    var result = ScalarField<Scalar>(uninitialized: target, channels: channels)
    let perLabel = labels.isComplex ? 2 : 1
    guard channels % perLabel == 0 else {
      throw .channels(
        labels: "the parts of complex labels \(labels)", multipleOf: 2, found: channels)
    }
    let images = try labels.images(under: operation.axes, count: channels / perLabel)
    var sources = [ChannelSource](repeating: ChannelSource(channel: 0), count: channels)
    let flips = isChargeOdd && operation.conjugatesCharge
    for (label, image) in images.enumerated() {
      for part in 0..<perLabel {
        // The imaginary part of a complex label changes sign under charge conjugation too.
        let isConjugated =
          part == 1 && (image.isAdjoint != (labels.isComplex && operation.conjugatesCharge))
        sources[image.index * perLabel + part] = ChannelSource(
          channel: label * perLabel + part, raised: image.lowered,
          sign: image.sign * (isConjugated ? -1 : 1) * (flips ? -1 : 1))
      }
    }
    moveBlocks(
      from: view, to: result.mutableView, target, n: nil, channels: sources,
      sources: SiteSources(operation, from: layout, to: target))
    return result
  }
}
