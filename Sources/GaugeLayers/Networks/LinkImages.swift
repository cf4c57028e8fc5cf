import Autodiff
import Compute
import Lattice

extension Variable {
  /// All numbers of the links as ordinary images [batch, 2 d N^2, extents reversed]: for every direction and
  /// element its real and imaginary part; the last axis is direction 0, so that sites are in serial
  /// order. What is computed from them knows nothing of gauge symmetry.
  ///
  /// Adjoint: with g_mu(x) the matrix of derivatives with respect to real and imaginary parts,
  /// G_mu(x) = -TA(U_mu(x) g_mu(x)^dagger).
  public func images<Scalar>() -> Variable<Tensor<Scalar>> where Value == LinkField<Scalar> {
    let links = value
    return tape.record(imagesOfLinks(links), inputs: [self]) { g, cotangents in
      cotangents.update(self) { addForceOfImages(g, links, to: &$0) }
    }
  }
}

/// Calls `body` with the place of every number in an image and that of its block and lane.
private func forEachNumber<Scalar>(
  _ links: LinkField<Scalar>, _ body: (_ image: Int, _ vector: Int, _ lane: Int) -> Void
) {
  let numbers = links.dimension * links.view.stride
  let volume = links.geometry.volume
  for member in 0..<links.batch {
    for site in 0..<volume {
      let (block, lane) = links.layout.locate(site: site, member: member)
      for k in 0..<numbers {
        body((member * numbers + k) * volume + site, block * numbers + k, lane)
      }
    }
  }
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func imagesOfLinks<Scalar: LatticeReal>(_ links: LinkField<Scalar>) -> Tensor<Scalar> {
  let numbers = links.dimension * links.view.stride
  var result = try! Tensor<Scalar>(
    shape: [links.batch, numbers] + links.geometry.extents.reversed())
  let p = links.view.base
  result.withUnsafeMutableValues { values in
    forEachNumber(links) { image, vector, lane in values[image] = p[vector][lane] }
  }
  return result
}

@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func addForceOfImages<Scalar: LatticeReal>(
  _ g: Tensor<Scalar>, _ links: LinkField<Scalar>, to force: inout AlgebraField<Scalar>
) {
  var matrices = SiteField<Scalar>(
    zeros: links.layout, group: links.group, channels: links.dimension)
  let p = matrices.mutableView.base
  g.withUnsafeValues { values in
    forEachNumber(links) { image, vector, lane in p[vector][lane] = values[image] }
  }
  withMatrixKernel(
    n: links.group.n,
    ImageForce(
      links: links.view, cotangent: matrices.view, force: force.mutableView, layout: links.layout))
  withExtendedLifetime(matrices) {}
}

private struct ImageForce<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let cotangent: BlockView<V>
  let force: BlockView<V>
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    forEachBlockRange(layout, work: 4 * links.perSite * links.stride, scratch: 1, of: V.self) {
      group, blocks, _ in
      let first = group * layout.siteBlocks
      let (u, g) = (links.offset(byBlocks: first), cotangent.offset(byBlocks: first))
      let f = force.offset(byBlocks: first)
      for b in blocks {
        for mu in 0..<u.perSite {
          kernel.addProjectedProductAdjoint(
            f.block(b, mu), u.block(b, mu), g.block(b, mu), times: V(repeating: -0.5))
        }
      }
    }
  }
}
