import Compute

extension LinkField {
  /// Applies a gauge transformation: U_mu(x) -> g(x) U_mu(x) g(x + mu)^dagger.
  ///
  /// - Parameter g: one group element a site, of the same lattice, group and batch.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func transform(by g: SiteField<Scalar>) {
    precondition(
      g.group == group && g.layout === layout && g.channels == 1,
      "a gauge transformation needs the lattice, group and batch of the links")
    let view = mutableView
    withMatrixKernel(
      n: group.n, TransformLinks(links: view, transformation: g.view, layout: layout))
    // A product with zero may have a sign, which would show in files.
    clearMissingLinks()
  }

  /// The links after a gauge transformation.
  public func transformed(by g: SiteField<Scalar>) -> LinkField {
    var copy = self
    copy.transform(by: g)
    return copy
  }
}

extension SiteField {
  /// Applies a gauge transformation to every channel: W(x) -> g(x) W(x) g(x)^dagger.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public mutating func transform(by g: SiteField<Scalar>) {
    precondition(
      g.group == group && g.layout === layout && g.channels == 1,
      "a gauge transformation needs the lattice, group and batch of the field")
    let view = mutableView
    withMatrixKernel(
      n: group.n, TransformSites(sites: view, transformation: g.view, layout: layout))
  }

  /// The field after a gauge transformation.
  public func transformed(by g: SiteField<Scalar>) -> SiteField {
    var copy = self
    copy.transform(by: g)
    return copy
  }
}

private struct TransformLinks<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let transformation: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: layout.dimension * s, scratch: 2 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, g) = (links.offset(byBlocks: first), transformation.offset(byBlocks: first))
      for b in blocks {
        for mu in 0..<layout.dimension {
          let ahead = g.fetch(
            links.layout.up[b * layout.dimension + mu], 0, scratch: scratch)
          let link = u.block(b, mu)
          kernel.multiply(scratch + s, g.block(b, 0), link)
          kernel.multiplyAdjoint(link, scratch + s, ahead)
        }
      }
    }
  }
}

private struct TransformSites<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let sites: BlockView<V>
  let transformation: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = sites.stride
    forEachBlockRange(layout, work: sites.perSite * s, scratch: s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (w, g) = (sites.offset(byBlocks: first), transformation.offset(byBlocks: first))
      for b in blocks {
        for channel in 0..<sites.perSite {
          let block = w.block(b, channel)
          kernel.multiply(scratch, g.block(b, 0), block)
          kernel.multiplyAdjoint(block, scratch, g.block(b, 0))
        }
      }
    }
  }
}
