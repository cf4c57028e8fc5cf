import Compute
import Lattice

/// `d` += w times the two staples of link (x, mu) in the plane of nu, which transport from x + mu to
/// x as the link does:
///
/// A_nu(x) B_mu(x+nu) A_nu(x+mu)^dagger + A_nu(x-nu)^dagger B_mu(x-nu) A_nu(x+mu-nu).
///
/// Their adjoints are the staples of `stapleSum`. Links that do not exist are zero, and so are the
/// staples through them.
///
/// - Parameters:
///   - side: the matrix per site that is A_nu.
///   - top: the matrix per site that is B_mu.
///   - scratch: four matrices.
@inline(__always)
func addSmearingStaples<K: MatrixKernel>(
  _ kernel: K, _ view: BlockView<K.Vector>, _ d: UnsafeMutablePointer<K.Vector>, block b: Int,
  _ mu: Int, _ nu: Int, side: Int, top: Int, weight: K.Vector,
  scratch: UnsafeMutablePointer<K.Vector>
) {
  let s = view.stride
  let tables = view.layout
  let dimension = tables.dimension
  let e = scratch + 3 &* s
  do {
    let above = view.fetch(tables.up[b &* dimension &+ nu], top, scratch: scratch)
    let right = view.fetch(tables.up[b &* dimension &+ mu], side, scratch: scratch + s)
    kernel.multiply(e, view.block(b, side), above)
    kernel.scale(e, e, by: weight)
    kernel.addMultiplyAdjoint(d, e, right)
  }
  let below = tables.down[b &* dimension &+ nu]
  let bottom = view.fetch(below, top, scratch: scratch)
  let left = view.fetch(below, side, scratch: scratch + s)
  let corner = view.fetch(tables.up(below, mu), side, scratch: scratch + 2 &* s)
  kernel.multiply(e, bottom, corner)
  kernel.scale(e, e, by: weight)
  kernel.addAdjointMultiply(d, left, e)
}
