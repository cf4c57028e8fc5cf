import Compute
import Lattice
import Loops

/// Adds to the force of a loss what it gets through the products of links P(x) along a path.
///
/// With m(x) the derivative with respect to P(x), dl/ds = -tr(X m) along P -> exp(s X) P, and A the
/// product of the links before one, a link of a forward step gets A^dagger m A, that of a backward step
/// -A'^dagger m A' with A' up to and including itself. A^dagger m A is m carried along the path, which
/// takes two products of matrices a step and only nearest neighbours:
///
/// - forward from y: G_mu(y) += m(y), then m(y + mu) = U_mu(y)^dagger m(y) U_mu(y);
/// - backward from y to z = y - mu: m(z) = U_mu(z) m(y) U_mu(z)^dagger, then G_mu(z) -= m(z).
///
/// - Parameter element: m(x); zero where P(x) contains a link that does not exist.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
package func addPathForce<Scalar: LatticeReal>(
  of element: SiteAlgebra<Scalar>, along path: LatticePath, links: LinkField<Scalar>,
  to force: inout AlgebraField<Scalar>
) {
  precondition(
    element.layout === links.layout && force.layout === links.layout
      && element.group == links.group && force.group == links.group
      && path.dimension == links.dimension,
    "a force along a path needs elements and links of one lattice, group and batch")
  var here = element
  var spare: SiteAlgebra<Scalar>?
  let forceView = force.mutableView
  for (index, step) in path.steps.enumerated() {
    // Nobody needs what a last step forward would carry on.
    var next: SiteAlgebra<Scalar>?
    if !step.isForward || index < path.length - 1 {
      next = spare ?? SiteAlgebra(uninitialized: links.layout, group: links.group)
      spare = nil
    }
    withExtendedLifetime(here) {
      withMatrixKernel(
        n: links.group.n,
        PathForceStep(
          links: links.view, element: here.view, carried: next?.mutableView, force: forceView,
          step: step, layout: links.layout))
    }
    guard let next else { break }
    if index > 0 { spare = here }
    here = next
  }
}

private struct PathForceStep<V: LaneVector>: BlockOperation, Sendable {
  typealias Vector = V
  let links: BlockView<V>
  let element: BlockView<V>
  let carried: BlockView<V>?
  let force: BlockView<V>
  let step: LatticePath.Step
  let layout: Layout

  func run<K: MatrixKernel>(_ kernel: K) where K.Vector == V {
    let s = links.stride
    forEachBlockRange(layout, work: 6 * s, scratch: 4 * s, of: V.self) {
      group, blocks, scratch in
      let first = group * layout.siteBlocks
      let (u, m) = (links.offset(byBlocks: first), element.offset(byBlocks: first))
      let (next, g) = (carried?.offset(byBlocks: first), force.offset(byBlocks: first))
      if step.isForward {
        forward(kernel, u, m, next, g, blocks, scratch)
      } else if let next {
        backward(kernel, u, m, next, g, blocks, scratch)
      }
    }
  }

  @inline(never)
  func forward<K: MatrixKernel>(
    _ kernel: K, _ u: BlockView<V>, _ m: BlockView<V>, _ next: BlockView<V>?, _ g: BlockView<V>,
    _ blocks: Range<Int>, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let (s, d, mu) = (u.stride, u.layout.dimension, step.direction)
    let (fetched, matrix, product) = (scratch + s, scratch + 2 &* s, scratch + 3 &* s)
    for b in blocks {
      let (here, sum) = (m.block(b, 0), g.block(b, mu))
      for k in 0..<m.stride { sum[k] = sum[k] + here[k] }
      guard let next else { continue }
      let entry = u.layout.down[b &* d &+ mu]
      let link = u.fetch(entry, mu, scratch: scratch)
      kernel.expandAlgebra(matrix, m.fetch(entry, 0, scratch: fetched))
      kernel.adjointMultiply(product, link, matrix)
      let result = next.block(b, 0)
      for k in 0..<m.stride { result[k] = V.zero }
      kernel.addProjectedProduct(result, product, link, times: V(repeating: 0.5))
    }
  }

  @inline(never)
  func backward<K: MatrixKernel>(
    _ kernel: K, _ u: BlockView<V>, _ m: BlockView<V>, _ next: BlockView<V>, _ g: BlockView<V>,
    _ blocks: Range<Int>, _ scratch: UnsafeMutablePointer<V>
  ) where K.Vector == V {
    let (s, d, mu) = (u.stride, u.layout.dimension, step.direction)
    let (fetched, matrix, product) = (scratch + s, scratch + 2 &* s, scratch + 3 &* s)
    for b in blocks {
      let link = u.block(b, mu)
      kernel.expandAlgebra(matrix, m.fetch(u.layout.up[b &* d &+ mu], 0, scratch: fetched))
      kernel.multiply(product, link, matrix)
      let (result, sum) = (next.block(b, 0), g.block(b, mu))
      for k in 0..<m.stride { result[k] = V.zero }
      kernel.addProjectedProductAdjoint(result, product, link, times: V(repeating: 0.5))
      for k in 0..<m.stride { sum[k] = sum[k] - result[k] }
    }
  }
}
