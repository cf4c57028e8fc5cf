import Compute
import Foundation
import Lattice
import Loops

/// One pass over all links of U(1) in two dimensions with a theta term: a rule proposes a link for the
/// Wilson action, which is accepted with probability min(1, exp(-theta_I dQ)).
///
/// dQ is the change of the sum of arg P / (2 pi) of the two plaquettes through the link. Both rules are
/// reversible for the Wilson weight of a link, so together with the acceptance they are for the whole
/// weight (Metropolis et al., J. Chem. Phys. 21 (1953) 1087).
struct ThetaSweep<Rule: LocalRule>: Sendable {
  typealias V = Rule.V
  let view: BlockView<V>
  let layout: Layout
  let action: WilsonAction
  let theta: Double
  let rule: Rule
  /// The places of the numbers that decide.
  let places: BlockPlaces
  let sweep: UInt32
  let stage: Int
  /// Whether plaquettes may be missing, so that Q is no integer.
  let isOpen: Bool

  func run() {
    for colour in 0..<layout.colourCount {
      let blocks = layout.blocks(ofColour: colour)
      for mu in 0..<2 {
        blocks.withUnsafeBufferPointer { blocks in
          nonisolated(unsafe) let blocks = blocks
          parallelFor(blocks.count * layout.outerBatch, grain: 256) { range in
            withVectorScratch(of: V.self, count: 20) { scratch in
              for index in range {
                update(blocks[index % blocks.count], group: index / blocks.count, mu, scratch)
              }
            }
          }
        }
      }
    }
  }

  @inline(never)
  private func update(
    _ entry: Layout.ColouredBlock, group: Int, _ mu: Int, _ scratch: UnsafeMutablePointer<V>
  ) {
    let b = Int(entry.block)
    let nu = 1 - mu
    let view = self.view.offset(byBlocks: group * layout.siteBlocks)
    let (upper, lower) = staples(view, b, mu, nu, scratch)
    let link = view.block(b, mu)
    let u = ComplexLanes(link, 0)
    // A coupling that is not negative is left to the rule, as in `LocalSweep`.
    let strength = action.couplings[0] >= 0 ? 1 : action.couplings[0]
    let weight = V(repeating: V.Scalar(strength))
    let (w, candidate) = (scratch + 16, scratch + 18)
    u.times(ComplexLanes((upper.re + lower.re) * weight, (upper.im + lower.im) * weight))
      .store(w, 0)
    u.store(candidate, 0)
    rule.apply(Kernel1<V>(), candidate, w, block: b, group: group, mu: mu)
    let proposed = ComplexLanes(candidate, 0)
    // P_01 runs along direction 0 and against direction 1.
    let sign: Double = mu == 0 ? 1 : -1
    let (before, after) = (
      (u.times(upper), u.times(lower)), (proposed.times(upper), proposed.times(lower))
    )
    let change =
      isOpen
      ? turn(after.0, before.0) - turn(after.1, before.1)
      : winding(after.0, after.1) - winding(before.0, before.1)
    let place = places.place(
      block: b, group: group, sweep: sweep, direction: mu, stage: stage)
    let (random, _, _, _) = V.uniforms(place, draw: 0)
    // u <= exp(-theta_I dQ) in logarithms
    let limit = change * V(repeating: V.Scalar(-theta * sign))
    let isRefused = V.not(V.greaterOrEqual(limit, V.log(random)))
    let kernel = Kernel1<V>()
    kernel.copy(w, link)
    kernel.merge(candidate, w, where: isRefused)
    kernel.merge(link, candidate, where: V.mask(bits: entry.bits))
  }

  /// (arg z - arg y) / 2 pi of a plaquette after and before, lane by lane; 0 if it does not exist.
  private func turn(_ z: ComplexLanes<V>, _ y: ComplexLanes<V>) -> V {
    var result = V.zero
    for lane in 0..<V.scalarCount {
      let (re, im) = (Double(y.re[lane]), Double(y.im[lane]))
      if re == 0 && im == 0 { continue }
      let difference = atan2(Double(z.im[lane]), Double(z.re[lane])) - atan2(im, re)
      result[lane] = V.Scalar(difference / (2 * Double.pi))
    }
    return result
  }

  /// k in arg z - arg y = arg(z y*) + 2 pi k, all arguments between -pi and pi, for a link's plaquettes
  /// z and y above and below it; z y* does not depend on the link, so k has all of dQ, which is 0 or
  /// +-1. Both have to exist.
  @inline(__always)
  private func winding(_ z: ComplexLanes<V>, _ y: ComplexLanes<V>) -> V {
    let (zero, one) = (V.zero, V(repeating: 1))
    let total = z.timesConjugate(y).im
    let up = V.select(V.greaterOrEqual(z.im, zero), one, zero)
    let down = V.select(V.greaterOrEqual(y.im, zero), one, zero)
    let across = V.select(V.greaterOrEqual(total, zero), one, zero)
    // Both turn one way and their sum comes out on the other side.
    return up * (one - down) * (one - across) - (one - up) * down * across
  }

  /// The two staples of a link: U times the upper is a plaquette walked from mu to nu, U times the
  /// lower one from mu to -nu.
  @inline(__always)
  private func staples(
    _ view: BlockView<V>, _ b: Int, _ mu: Int, _ nu: Int, _ scratch: UnsafeMutablePointer<V>
  ) -> (upper: ComplexLanes<V>, lower: ComplexLanes<V>) {
    let tables = view.layout
    let below = tables.down[2 * b + nu]
    func link(_ entry: UInt32, _ rho: Int) -> ComplexLanes<V> {
      ComplexLanes(view.fetch(entry, rho, scratch: scratch), 0)
    }
    let right = link(tables.up[2 * b + mu], nu)
    let top = link(tables.up[2 * b + nu], mu)
    let left = ComplexLanes(view.block(b, nu), 0)
    let bottom = link(below, mu)
    let bottomLeft = link(below, nu)
    let bottomRight = link(tables.up(below, mu), nu)
    return (
      right.timesConjugate(top).timesConjugate(left),
      bottomLeft.timesConjugate(bottom).timesConjugate(bottomRight)
    )
  }
}
