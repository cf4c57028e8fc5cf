import Compute
import Lattice
import Loops

/// Heat bath for the Wilson action: every link in turn is drawn anew from its distribution given all
/// others.
///
/// U(1): exact (Best and Fisher). SU(2): exact (Kennedy and Pendleton, and uniform proposals at small
/// couplings). SU(N): all N (N - 1) / 2 SU(2) subgroups in turn (Cabibbo and Marinari, Phys.
/// Lett. B 119 (1982) 387).
public struct HeatBath: Sendable {
  public let action: WilsonAction
  /// The key of the random numbers.
  public let stream: RandomStream

  public init(action: WilsonAction, seed: UInt64) {
    self.action = action
    stream = RandomStream(seed: seed, purpose: .heatBath)
  }

  /// One sweep over all links of all batch members. `sweep` must differ from sweep to sweep.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func update<Scalar: LatticeReal>(_ field: inout LinkField<Scalar>, sweep: UInt32) {
    let coupling = action.hasCommonStrength(field.boundary) ? action.couplings[0] : 1
    let view = field.mutableView
    let rule = HeatBathRule<Scalar.Lanes>(
      strength: Scalar.Lanes(repeating: Scalar(coupling / Double(field.group.n))),
      sweep: sweep, stream: stream, layout: field.layout)
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
  let key: SIMD2<UInt32>
  let blockSite: UnsafePointer<UInt32>
  let laneSite: (SIMD8<UInt64>, SIMD8<UInt64>)
  let laneMember: (SIMD8<UInt64>, SIMD8<UInt64>)
  let batchLanes: Int
  // Keeps the table alive.
  let layout: Layout

  init(strength: V, sweep: UInt32, stream: RandomStream, layout: Layout) {
    self.strength = strength
    self.sweep = sweep
    self.layout = layout
    key = stream.key
    blockSite = layout.blockSitePointer
    laneSite = Self.lanes(layout.laneSite)
    laneMember = Self.lanes(layout.laneMember)
    batchLanes = layout.batchLanes
  }

  static func lanes(_ values: [UInt32]) -> (SIMD8<UInt64>, SIMD8<UInt64>) {
    var result = (SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
    for (lane, value) in values.enumerated() {
      if lane < 8 { result.0[lane] = UInt64(value) } else { result.1[lane - 8] = UInt64(value) }
    }
    return result
  }

  @usableFromInline @inline(__always)
  func apply<K: MatrixKernel>(
    _ kernel: K, _ u: UnsafeMutablePointer<V>, _ w: UnsafeMutablePointer<V>, block: Int, group: Int,
    mu: Int
  ) where K.Vector == V {
    let base = SIMD8<UInt64>(repeating: UInt64(blockSite[block]))
    let first = SIMD8<UInt64>(repeating: UInt64(group &* batchLanes))
    let site = (base &+ laneSite.0, base &+ laneSite.1)
    let member = (first &+ laneMember.0, first &+ laneMember.1)
    if kernel.n == 1 {
      let place = RandomPlace(
        site: site, member: member, sweep: sweep, direction: mu, stage: 0, key: key)
      replacePhase(u, w, at: place)
      return
    }
    let n = kernel.n
    var stage = 0
    for i in 0..<(n &- 1) {
      for j in (i &+ 1)..<n {
        let place = RandomPlace(
          site: site, member: member, sweep: sweep, direction: mu, stage: stage, key: key)
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
