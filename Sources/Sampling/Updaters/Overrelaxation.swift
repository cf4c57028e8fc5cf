import Compute
import Lattice
import Loops

/// Microcanonical overrelaxation: every link is reflected about its staple sum, which keeps the
/// action and moves far.
///
/// U(1) and SU(2): U -> V U^dagger V with V the staple's direction, exactly gauge covariant. SU(N):
/// the same in all SU(2) subgroups in turn (Brown and Woch, Phys. Rev. Lett. 58 (1987) 2394); the
/// subgroups refer to a basis of colour, so for N >= 3 only diagonal gauge transformations commute
/// with it, while its stationary distribution is invariant under all.
public struct Overrelaxation: Sendable {
  public let action: WilsonAction

  public init(action: WilsonAction) { self.action = action }

  /// One sweep over all links of all batch members.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func update<Scalar: LatticeReal>(_ field: inout LinkField<Scalar>) {
    let view = field.mutableView
    withMatrixKernel(
      n: field.group.n,
      LocalSweep(
        view: view, layout: field.layout, boundary: field.boundary, action: action,
        rule: OverrelaxationRule<Scalar.Lanes>()))
  }
}

@usableFromInline
struct OverrelaxationRule<V: LaneVector>: LocalRule {
  @usableFromInline @inline(__always)
  func apply<K: MatrixKernel>(
    _ kernel: K, _ u: UnsafeMutablePointer<V>, _ w: UnsafeMutablePointer<V>, block: Int, group: Int,
    mu: Int
  ) where K.Vector == V {
    let one = V(repeating: 1)
    if kernel.n == 1 {
      // U' = U conj(w)^2 / |w|^2
      let z = ComplexLanes(w, 0).awayFromZero
      let inverse = one / multiplyAdd(z.re, z.re, z.im * z.im)
      let conjugate = ComplexLanes(z.re, -z.im)
      let factor = conjugate.times(conjugate)
      ComplexLanes(u, 0).times(ComplexLanes(factor.re * inverse, factor.im * inverse)).store(u, 0)
      return
    }
    let n = kernel.n
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let a = QuaternionLanes(w, n: n, i, j)
        let v = a.scaled(by: one / a.norm)
        // g = (v^dagger)^2
        let t = -(v.a0 + v.a0)
        let g = QuaternionLanes(
          negatedMultiplyAdd(t, v.a0, -one), t * v.a1, t * v.a2, t * v.a3)
        g.rotateRows(u, n: n, i, j)
        if !(i == n &- 2 && j == n &- 1) { g.rotateRows(w, n: n, i, j) }
      }
    }
  }
}
