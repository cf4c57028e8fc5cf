import Compute
import Lattice
import Loops

/// Microcanonical overrelaxation: every link is reflected about its staple sum, which keeps the
/// action and moves far.
///
/// U(1) and SU(2): U -> V U^dagger V with V the staple's direction, exactly gauge covariant. SU(N):
/// the same in all SU(2) subgroups in turn (Brown and Woch, Phys. Rev. Lett. 58 (1987) 2394); the
/// subgroups refer to a basis of colour, so for N >= 3 only diagonal gauge transformations commute
/// with it, while its stationary distribution is invariant under all. With a theta term, for U(1) in two
/// dimensions, the reflection is accepted or refused.
public struct Overrelaxation: Sendable {
  public let action: WilsonAction
  /// theta_I of the weight exp(-S - theta_I Q), only for U(1) in two dimensions.
  public let theta: Double
  private let decisions: RandomStream

  public init(action: WilsonAction) { self.init(action, theta: 0, seed: 0) }

  /// The overrelaxation for a Wilson action, or a sum of Wilson actions and theta terms; without theta
  /// it draws no random numbers.
  ///
  /// - Throws: `ActionError.unsupported` for any other action, and for theta except in two dimensions.
  public init(action: any Action, seed: UInt64) throws(ActionError) {
    let action = try LocalAction(action, by: "overrelaxation")
    self.init(action.wilson, theta: action.theta, seed: seed)
  }

  private init(_ action: WilsonAction, theta: Double, seed: UInt64) {
    self.action = action
    self.theta = theta
    decisions = RandomStream(seed: seed, purpose: .metropolis)
  }

  /// - Throws: `ActionError` naming why fields of this lattice and group cannot be updated.
  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    try LocalAction.validate(action, theta: theta, geometry, group)
  }

  /// One sweep over all links of all batch members. With a theta term `sweep` and `pass`, the count of
  /// overrelaxations since the heat bath of that sweep, must differ from sweep to sweep.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func update<Scalar: LatticeReal>(
    _ field: inout LinkField<Scalar>, sweep: UInt32, pass: Int = 0
  ) {
    guard theta != 0 else { return update(&field) }
    precondition(field.group == .u1, "a theta term in local updates needs U(1)")
    precondition((0..<4095).contains(pass), "the pass is one of 4095")
    let view = field.mutableView
    // Stage 0 decides for the heat bath.
    ThetaSweep(
      view: view, layout: field.layout, action: action, theta: theta,
      rule: OverrelaxationRule<Scalar.Lanes>(), places: BlockPlaces(decisions, field.layout),
      sweep: sweep, stage: 1 + pass, isOpen: field.boundary.anyOpen
    ).run()
  }

  /// One sweep over all links of all batch members, without a theta term.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func update<Scalar: LatticeReal>(_ field: inout LinkField<Scalar>) {
    precondition(theta == 0, "a theta term needs the number of the sweep")
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
