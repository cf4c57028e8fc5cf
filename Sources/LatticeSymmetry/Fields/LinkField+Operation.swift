import Compute
import Lattice

extension LinkField {
  /// The links of the moved lattice: with nu the image of mu, U'_nu(g x) = U_mu(x), and where mu is reversed
  /// U'_nu(g x - nu) = U_mu(x)^dagger; charge conjugation takes the complex conjugate of either.
  ///
  /// A permutation of places, transpositions and changes of signs: exact to the last bit. Extents and boundary are
  /// those of the moved lattice.
  /// - Throws: `LatticeSymmetryError.dimension`, `.openDirection` where the operation cannot act.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func image(
    under operation: LatticeOperation
  ) throws(LatticeSymmetryError) -> LinkField<Scalar> {
    try operation.checkActs(on: geometry, boundary: boundary)
    let target = operation.target(of: layout, Scalar.self)
    var result = LinkField<Scalar>(
      uninitialized: target, group: group, boundary: operation.image(of: boundary))
    moveBlocks(
      from: view, to: result.mutableView, target, n: group.n,
      channels: operation.linkSources, sources: SiteSources(operation, from: layout, to: target))
    result.clearMissingLinks()
    return result
  }
}

extension LatticeOperation {
  /// The layout of moved fields.
  func target<Scalar: LatticeReal>(of layout: Layout, _: Scalar.Type) -> Layout {
    // A batch that one lattice has, another of the same volume has too.
    try! Layout.shared(
      image(of: layout.geometry), batch: layout.batch, laneCount: Scalar.Lanes.scalarCount)
  }

  /// Where the links of every direction come from.
  var linkSources: [ChannelSource] {
    let back = axes.inverse
    return (0..<dimension).map { nu in
      let (mu, sign) = back.image(of: nu)
      return ChannelSource(
        channel: mu, raised: sign < 0 ? 1 << UInt32(nu) : 0, transposes: sign < 0,
        conjugates: (sign < 0) != conjugatesCharge)
    }
  }
}
