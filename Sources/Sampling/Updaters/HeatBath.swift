import Compute
import Lattice
import Loops

/// Heat bath for the Wilson action: every link in turn is drawn anew from its distribution given all
/// others.
///
/// U(1): exact (Best and Fisher). SU(2): exact (Kennedy and Pendleton, and uniform proposals at small
/// couplings). SU(N): all N (N - 1) / 2 SU(2) subgroups in turn (Cabibbo and Marinari, Phys.
/// Lett. B 119 (1982) 387). A theta term, for U(1) in two dimensions, decides whether a link drawn for
/// the Wilson action is accepted.
public struct HeatBath: Sendable {
  public let action: WilsonAction
  /// theta_I of the weight exp(-S - theta_I Q), only for U(1) in two dimensions.
  public let theta: Double
  /// The key of the random numbers.
  public let stream: RandomStream
  private let decisions: RandomStream

  public init(action: WilsonAction, seed: UInt64) { self.init(action, theta: 0, seed: seed) }

  /// The heat bath for a Wilson action, or a sum of Wilson actions and theta terms.
  ///
  /// - Throws: `ActionError.unsupported` for any other action, and for theta except in two dimensions.
  public init(action: any Action, seed: UInt64) throws(ActionError) {
    let action = try LocalAction(action, by: "heat bath")
    self.init(action.wilson, theta: action.theta, seed: seed)
  }

  private init(_ action: WilsonAction, theta: Double, seed: UInt64) {
    self.action = action
    self.theta = theta
    stream = RandomStream(seed: seed, purpose: .heatBath)
    decisions = RandomStream(seed: seed, purpose: .metropolis)
  }

  /// - Throws: `ActionError` naming why fields of this lattice and group cannot be updated.
  public func validate(_ geometry: Geometry, _ group: GaugeGroup) throws(ActionError) {
    try LocalAction.validate(action, theta: theta, geometry, group)
  }

  /// One sweep over all links of all batch members. `sweep` must differ from sweep to sweep.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func update<Scalar: LatticeReal>(_ field: inout LinkField<Scalar>, sweep: UInt32) {
    let coupling = action.hasCommonStrength(field.boundary) ? action.couplings[0] : 1
    let view = field.mutableView
    let rule = HeatBathRule<Scalar.Lanes>(
      strength: Scalar.Lanes(repeating: Scalar(coupling / Double(field.group.n))),
      sweep: sweep, places: BlockPlaces(stream, field.layout))
    if theta != 0 {
      precondition(field.group == .u1, "a theta term in local updates needs U(1)")
      ThetaSweep(
        view: view, layout: field.layout, action: action, theta: theta, rule: rule,
        places: BlockPlaces(decisions, field.layout), sweep: sweep, stage: 0,
        isOpen: field.boundary.anyOpen
      ).run()
      return
    }
    withMatrixKernel(
      n: field.group.n,
      LocalSweep(
        view: view, layout: field.layout, boundary: field.boundary, action: action, rule: rule))
  }
}

@usableFromInline
struct HeatBathRule<V: LaneVector>: LocalRule, @unchecked Sendable {
  let strength: V
  let sweep: UInt32
  let places: BlockPlaces

  @usableFromInline @inline(__always)
  func apply<K: MatrixKernel>(
    _ kernel: K, _ u: UnsafeMutablePointer<V>, _ w: UnsafeMutablePointer<V>, block: Int, group: Int,
    mu: Int
  ) where K.Vector == V {
    if kernel.n == 1 {
      let place = places.place(block: block, group: group, sweep: sweep, direction: mu, stage: 0)
      replacePhase(u, w, at: place)
      return
    }
    let n = kernel.n
    var stage = 0
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let place = places.place(
          block: block, group: group, sweep: sweep, direction: mu, stage: stage)
        let a = QuaternionLanes(w, n: n, i, j)
        let norm = a.norm
        let h0 = drawQuaternionScalar(alpha: strength * norm, at: place)
        let h = completeQuaternion(h0, at: place)
        let g = h.timesAdjoint(a.scaled(by: V(repeating: 1) / norm))
        g.rotateRows(u, n: n, i, j)
        if !(i == n &- 2 && j == n &- 1) { g.rotateRows(w, n: n, i, j) }
        stage &+= 1
      }
    }
  }

  /// U(1): U' S = |S| exp(i theta).
  @inline(__always)
  func replacePhase(
    _ u: UnsafeMutablePointer<V>, _ w: UnsafeMutablePointer<V>, at place: borrowing RandomPlace
  ) {
    let z = ComplexLanes(w, 0).awayFromZero
    let norm = V.squareRoot(multiplyAdd(z.re, z.re, z.im * z.im))
    let (c, s) = drawAngle(alpha: strength * norm, at: place)
    let inverse = V(repeating: 1) / norm
    let phase = ComplexLanes(c, s).timesConjugate(ComplexLanes(z.re * inverse, z.im * inverse))
    ComplexLanes(u, 0).times(phase).store(u, 0)
  }
}
