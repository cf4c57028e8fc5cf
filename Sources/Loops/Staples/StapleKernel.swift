import Compute
import Lattice

/// `d` = sum over nu != mu of the two staples of link (x, mu) at a block of sites, each times its
/// plane's weight.
///
/// S_mu(x) = sum_nu [ U_nu(x+mu) U_mu(x+nu)^dagger U_nu(x)^dagger
///   + U_nu(x+mu-nu)^dagger U_mu(x-nu)^dagger U_nu(x-nu) ], so that tr(U_mu S_mu) is the sum of the
/// traces of the plaquettes through the link.
///
/// - Parameters:
///   - weights: one factor for every nu, or nil for 1.
///   - next: the block that comes after this one, for the cache; nil asks nothing.
///   - scratch: four matrices.
@inlinable @inline(__always)
public func stapleSum<K: MatrixKernel>(
  _ kernel: K, _ view: BlockView<K.Vector>, _ d: UnsafeMutablePointer<K.Vector>, block b: Int,
  _ mu: Int, weights: UnsafePointer<K.Vector>?, next: Int?,
  scratch: UnsafeMutablePointer<K.Vector>
) {
  let s = view.stride
  let tables = view.layout
  let dimension = tables.dimension
  let e = scratch + 3 &* s
  var first = true
  let forward = tables.up[b &* dimension &+ mu]
  for nu in 0..<dimension where nu != mu {
    let right = view.fetch(forward, nu, scratch: scratch)
    let top = view.fetch(tables.up[b &* dimension &+ nu], mu, scratch: scratch + s)
    if let next {
      view.prefetch(tables.up[next &* dimension &+ mu], nu)
      view.prefetch(tables.up[next &* dimension &+ nu], mu)
      view.prefetch(UInt32(truncatingIfNeeded: next << 4), nu)
    }
    kernel.multiplyAdjoint(e, right, top)
    if let weights { kernel.scale(e, e, by: weights[nu]) }
    if first {
      kernel.multiplyAdjoint(d, e, view.block(b, nu))
      first = false
    } else {
      kernel.addMultiplyAdjoint(d, e, view.block(b, nu))
    }
    let below = tables.down[b &* dimension &+ nu]
    let bottom = view.fetch(below, mu, scratch: scratch)
    let left = view.fetch(below, nu, scratch: scratch + s)
    let corner = view.fetch(tables.up(below, mu), nu, scratch: scratch + 2 &* s)
    if let next {
      let nextBelow = tables.down[next &* dimension &+ nu]
      view.prefetch(nextBelow, mu)
      view.prefetch(nextBelow, nu)
      view.prefetch(tables.up[Int(nextBelow >> 4) &* dimension &+ mu], nu)
    }
    kernel.multiply(e, bottom, corner)
    if let weights { kernel.scale(e, e, by: weights[nu]) }
    kernel.addAdjointMultiply(d, e, left)
  }
}
