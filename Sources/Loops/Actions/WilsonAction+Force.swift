import Compute
import Lattice

extension WilsonAction {
  /// momenta += factor F, F_mu(x) = TA(U_mu(x) S_mu(x)) / N with the staples of every plane times its
  /// coupling.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func addForce<Scalar: LatticeReal>(
    of field: LinkField<Scalar>, times factor: Double, to momenta: inout AlgebraField<Scalar>
  ) {
    withMatrixKernel(
      n: field.group.n,
      StapleForce(
        links: field.view, momenta: momenta.mutableView, layout: field.layout, action: self,
        factor: factor / Double(field.group.n)))
  }
}

private struct StapleForce<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let momenta: BlockView<V>
  let layout: Layout
  let action: WilsonAction
  let factor: Double

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    let d = layout.dimension
    forEachBlockRange(layout, work: 10 * s * d * d, scratch: 7 * s + d, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, p) = (links.offset(byBlocks: first), momenta.offset(byBlocks: first))
      let weights = scratch + 7 * s
      for b in blocks {
        for mu in 0..<d {
          for nu in 0..<d where nu != mu {
            weights[nu] = V(repeating: V.Scalar(factor * action.coupling(mu, nu)))
          }
          let (staple, w) = (scratch + 4 * s, scratch + 5 * s)
          stapleSum(
            kernel, u, staple, block: b, mu, weights: weights, next: nil, scratch: scratch)
          kernel.multiply(w, u.block(b, mu), staple)
          kernel.projectAlgebra(w, w)
          kernel.compressAlgebra(staple, w)
          let destination = p.block(b, mu)
          for k in 0..<p.stride { destination[k] = destination[k] + staple[k] }
        }
      }
    }
  }
}
