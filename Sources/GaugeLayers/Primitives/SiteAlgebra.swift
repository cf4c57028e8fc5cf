import Compute
import Lattice

/// One algebra element a site: what reaches the start of a group-valued product of links on the way
/// back.
///
/// The derivative of a loss with respect to P(x) is the element m(x) with dl/ds = -tr(X m) along
/// P -> exp(s X) P. Elements are stored as in `AlgebraField`.
package struct SiteAlgebra<Scalar: LatticeReal>: Sendable {
  package let layout: Layout
  package let group: GaugeGroup
  private var buffer: AlignedBuffer<Scalar.Lanes>

  /// Elements whose memory is still undefined.
  package init(uninitialized layout: Layout, group: GaugeGroup) {
    self.layout = layout
    self.group = group
    buffer = AlignedBuffer(uninitialized: layout.blockCount * group.algebraDimension)
  }

  /// Zero.
  package init(zeros layout: Layout, group: GaugeGroup) {
    self.init(uninitialized: layout, group: group)
    buffer.pointer.update(repeating: .zero, count: buffer.count)
  }

  /// The elements as blocks for kernels that only read.
  package var view: BlockView<Scalar.Lanes> {
    BlockView(buffer.pointer, perSite: 1, stride: group.algebraDimension, layout: layout.view)
  }

  /// The elements as blocks for kernels that write; makes this the only owner of its memory.
  package var mutableView: BlockView<Scalar.Lanes> {
    mutating get {
      if !isKnownUniquelyReferenced(&buffer) { buffer = buffer.copy() }
      return view
    }
  }

  /// m(x) = -TA(P(x) g(x)^dagger) for a product P that is a channel of a field, of which the loss has
  /// the derivative g, dl = Re tr(g^dagger dP).
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package init(products: SiteField<Scalar>, cotangent: SiteField<Scalar>, channel: Int) {
    precondition(
      products.layout === cotangent.layout && products.group == cotangent.group
        && products.channels == cotangent.channels, "a cotangent has the shape of its value")
    self.init(zeros: products.layout, group: products.group)
    withMatrixKernel(
      n: group.n,
      ProductElements(
        products: products.view, cotangent: cotangent.view, elements: mutableView,
        channel: channel, layout: layout))
  }
}

private struct ProductElements<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let products: BlockView<V>
  let cotangent: BlockView<V>
  let elements: BlockView<V>
  let channel: Int
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: 4 * products.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      let (p, g) = (products.offset(byBlocks: first), cotangent.offset(byBlocks: first))
      let m = elements.offset(byBlocks: first)
      for b in blocks {
        // Twice the projection is added.
        kernel.addProjectedProductAdjoint(
          m.block(b, 0), p.block(b, channel), g.block(b, channel), times: V(repeating: -0.5))
      }
    }
  }
}
