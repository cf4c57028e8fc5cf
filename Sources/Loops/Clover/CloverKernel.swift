import Compute
import Lattice

/// `d` = a matrix whose anti-hermitian part is that of the sum C of the four plaquettes ("leaves")
/// of the plane (mu, nu) that are based at x, walked counter-clockwise.
///
/// Neighbouring leaves share a link at x, walked in opposite senses. Since the anti-hermitian part
/// of a leaf is minus that of its adjoint, two leaves are U_mu(x) times a difference of staples:
/// d = U_mu(x) [U_nu(x+mu) U_mu(x+nu)^dagger U_nu(x)^dagger
///       - U_nu(x+mu-nu)^dagger U_mu(x-nu)^dagger U_nu(x-nu)]
///   + [U_nu(x) U_mu(x-mu+nu)^dagger U_nu(x-mu)^dagger
///       - U_nu(x-nu)^dagger U_mu(x-mu-nu)^dagger U_nu(x-mu-nu)] U_mu(x-mu),
/// ten products instead of twelve.
///
/// - Parameter scratch: five matrices.
@inline(__always)
func cloverLeaves<K: MatrixKernel>(
  _ kernel: K, _ view: BlockView<K.Vector>, _ d: UnsafeMutablePointer<K.Vector>, block b: Int,
  _ mu: Int, _ nu: Int, scratch: UnsafeMutablePointer<K.Vector>
) {
  let s = view.stride
  let tables = view.layout
  let dimension = tables.dimension
  let (e, difference) = (scratch + 3 &* s, scratch + 4 &* s)
  let minusOne = K.Vector(repeating: -1)
  let (here, there) = (view.block(b, mu), view.block(b, nu))
  let aboveMu = tables.up[b &* dimension &+ mu]
  let aboveNu = tables.up[b &* dimension &+ nu]
  let belowMu = tables.down[b &* dimension &+ mu]
  let belowNu = tables.down[b &* dimension &+ nu]

  let left = view.fetch(belowNu, nu, scratch: scratch + 2 &* s)
  do {
    let bottom = view.fetch(belowNu, mu, scratch: scratch)
    let corner = view.fetch(tables.up(belowNu, mu), nu, scratch: scratch + s)
    kernel.multiply(e, bottom, corner)
    kernel.scale(e, e, by: minusOne)
    kernel.adjointMultiply(difference, e, left)
  }
  do {
    let right = view.fetch(aboveMu, nu, scratch: scratch)
    let top = view.fetch(aboveNu, mu, scratch: scratch + s)
    kernel.multiplyAdjoint(e, right, top)
    kernel.addMultiplyAdjoint(difference, e, there)
  }
  kernel.multiply(d, here, difference)
  do {
    let corner = tables.down(belowNu, mu)
    let bottom = view.fetch(corner, mu, scratch: scratch)
    let side = view.fetch(corner, nu, scratch: scratch + s)
    kernel.multiply(e, bottom, left)
    kernel.scale(e, e, by: minusOne)
    kernel.adjointMultiply(difference, e, side)
  }
  do {
    let side = view.fetch(belowMu, nu, scratch: scratch)
    let top = view.fetch(tables.up(belowMu, nu), mu, scratch: scratch + s)
    kernel.multiply(e, side, top)
    kernel.addMultiplyAdjoint(difference, there, e)
  }
  let back = view.fetch(belowMu, mu, scratch: scratch)
  kernel.addMultiply(d, difference, back)
}

extension MatrixKernel {
  /// Vectors of a compressed anti-hermitian matrix: N^2 numbers and the trace taken out of it.
  @inline(__always) var cloverStride: Int { n &* n &+ 1 }

  /// a = the anti-hermitian part of m: imaginary parts of the diagonal less tr/N, then real and
  /// imaginary parts above the diagonal, and last Im tr, which U(1) does not take out.
  @inline(__always)
  func compressClover(_ a: Block, _ m: Block) {
    var trace = Vector.zero
    for i in 0..<n { trace = trace + m[2 &* (i &* n &+ i) &+ 1] }
    let shift = n == 1 ? Vector.zero : trace * Vector(repeating: 1 / Vector.Scalar(n))
    for i in 0..<n { a[i] = m[2 &* (i &* n &+ i) &+ 1] - shift }
    let half = Vector(repeating: 0.5)
    var index = n
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let (p, q) = (2 &* (i &* n &+ j), 2 &* (j &* n &+ i))
        a[index] = (m[p] - m[q]) * half
        a[index &+ 1] = (m[p &+ 1] + m[q &+ 1]) * half
        index &+= 2
      }
    }
    a[n &* n] = n == 1 ? Vector.zero : trace
  }

  /// -tr(a b) of two compressed matrices without their traces.
  @inline(__always)
  func cloverProduct(_ a: Block, _ b: Block) -> Vector {
    var (diagonal, rest) = (Vector.zero, Vector.zero)
    for i in 0..<n { diagonal = multiplyAdd(a[i], b[i], diagonal) }
    for k in n..<(n &* n) { rest = multiplyAdd(a[k], b[k], rest) }
    return multiplyAdd(rest, Vector(repeating: 2), diagonal)
  }

  /// What the traces add to `cloverProduct` if they are left in.
  @inline(__always)
  func cloverTraceProduct(_ a: Block, _ b: Block) -> Vector {
    a[n &* n] * b[n &* n] * Vector(repeating: 1 / Vector.Scalar(n))
  }
}
