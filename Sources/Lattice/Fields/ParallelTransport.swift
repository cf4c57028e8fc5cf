import Compute

extension SiteField {
  /// The field brought from x + displacement to x: W'_c(x) = P(x) W_c(x + displacement) P(x)^dagger.
  ///
  /// - Parameters:
  ///   - products: one matrix a site that transports from x + displacement to x, such as a product
  ///     of links along a path with that displacement.
  ///   - displacement: one number of steps a direction, of any sign and size.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func transported(
    by products: SiteField<Scalar>, displacement: [Int]
  ) -> SiteField<Scalar> {
    precondition(
      products.group == group && products.layout === layout && products.channels == 1,
      "transport needs one matrix a site of the lattice, group and batch of the field")
    precondition(
      displacement.count == layout.dimension, "a displacement has one component a direction")
    var result = SiteField(uninitialized: layout, group: group, channels: channels)
    withMatrixKernel(
      n: group.n,
      TransportSites(
        source: view, products: products.view, destination: result.mutableView,
        entries: layout.neighbours(displacement: displacement), layout: layout))
    return result
  }

  /// The products of two fields of one channel, W(x) = A(x) B(x + displacement), which continues
  /// lines of links.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func multiplied(
    by other: SiteField<Scalar>, displacement: [Int]
  ) -> SiteField<Scalar> {
    precondition(
      other.group == group && other.layout === layout && other.channels == 1 && channels == 1,
      "products need two fields of one channel and the same lattice, group and batch")
    precondition(
      displacement.count == layout.dimension, "a displacement has one component a direction")
    var result = SiteField(uninitialized: layout, group: group, channels: 1)
    withMatrixKernel(
      n: group.n,
      MultiplySites(
        left: view, right: other.view, destination: result.mutableView,
        entries: layout.neighbours(displacement: displacement), layout: layout))
    return result
  }
}

extension LinkField {
  /// The links of one direction as a field of one channel.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func links(_ mu: Int) -> SiteField<Scalar> {
    var result = SiteField<Scalar>(uninitialized: layout, group: group, channels: 1)
    let (from, to) = (view, result.mutableView)
    for b in 0..<layout.blockCount {
      to.block(b, 0).update(from: from.block(b, mu), count: from.stride)
    }
    return result
  }

  /// Straight lines U_mu(x) U_mu(x+mu) ... U_mu(x + (length-1) mu) from every site, by doubling.
  ///
  /// - Parameter length: 1 or more; lines longer than the extent wind around the lattice.
  public func linkProducts(_ mu: Int, length: Int) -> SiteField<Scalar> {
    precondition(length >= 1, "a line needs a length of 1 or more")
    let links = links(mu)
    var (line, covered) = (links, 1)
    var displacement = [Int](repeating: 0, count: dimension)
    // The bits of the length from the top: double, and one more link where the bit is set.
    var bit = (Int.bitWidth - 1 - length.leadingZeroBitCount) - 1
    while bit >= 0 {
      displacement[mu] = covered
      line = line.multiplied(by: line, displacement: displacement)
      covered *= 2
      if length >> bit & 1 == 1 {
        displacement[mu] = covered
        line = line.multiplied(by: links, displacement: displacement)
        covered += 1
      }
      bit -= 1
    }
    return line
  }
}

private struct TransportSites<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let source: BlockView<V>
  let products: BlockView<V>
  let destination: BlockView<V>
  let entries: [UInt32]
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = source.stride
    forEachBlockRange(layout, work: 2 * source.perSite * s, scratch: 2 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (w, p) = (source.offset(byBlocks: first), products.offset(byBlocks: first))
      let d = destination.offset(byBlocks: first)
      for b in blocks {
        for channel in 0..<w.perSite {
          let far = w.fetch(entries[b], channel, scratch: scratch)
          kernel.multiply(scratch + s, p.block(b, 0), far)
          kernel.multiplyAdjoint(d.block(b, channel), scratch + s, p.block(b, 0))
        }
      }
    }
  }
}

private struct MultiplySites<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let left: BlockView<V>
  let right: BlockView<V>
  let destination: BlockView<V>
  let entries: [UInt32]
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: 3 * left.stride, scratch: left.stride, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (a, c) = (left.offset(byBlocks: first), right.offset(byBlocks: first))
      let d = destination.offset(byBlocks: first)
      for b in blocks {
        kernel.multiply(d.block(b, 0), a.block(b, 0), c.fetch(entries[b], 0, scratch: scratch))
      }
    }
  }
}
