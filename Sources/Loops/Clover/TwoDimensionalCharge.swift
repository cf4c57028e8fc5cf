import Compute
import Foundation
import Lattice

extension LinkField {
  /// The topological charge of U(1) in two dimensions, Q = (1/2 pi) sum_x arg P_01(x) with the
  /// argument in (-pi, pi], of every member: integers up to rounding on a periodic lattice, real
  /// numbers with an open boundary, where the sum runs over the plaquettes that exist; nil for any
  /// other group or dimension.
  ///
  /// Plaquettes are multiplied in double precision, so that single-precision links give integers
  /// too.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func topologicalChargesOfMembers() -> [Double]? {
    guard dimension == 2, group == .u1 else { return nil }
    return fluxes(view, layout).map { $0.value / (2 * Double.pi) }
  }

  /// The topological charge of U(1) in two dimensions, (1/2 pi) sum_x arg P_01(x); nil for any other
  /// group or dimension.
  public func topologicalCharge(member: Int = 0) -> Double? {
    topologicalChargesOfMembers()?[member]
  }
}

/// The sums of arg P_01 of every member.
private func fluxes<V: LaneVector>(_ view: BlockView<V>, _ layout: Layout) -> [ExactSum] {
  var sums = [ExactSum](repeating: ExactSum(), count: layout.batch)
  withVectorScratch(of: V.self, count: 4) { scratch in
    for index in 0..<layout.blockCount {
      let group = index / layout.siteBlocks
      let b = index - group * layout.siteBlocks
      let u = view.offset(byBlocks: group * layout.siteBlocks)
      let links = [
        u.block(b, 0), u.fetch(u.layout.up[2 * b], 1, scratch: scratch),
        u.fetch(u.layout.up[2 * b + 1], 0, scratch: scratch + 2), u.block(b, 1),
      ]
      for lane in 0..<layout.laneCount {
        guard let member = layout.member(block: index, lane: lane) else { continue }
        var (re, im) = (1.0, 0.0)
        for (k, link) in links.enumerated() {
          let x = Double(link[0][lane])
          let y = k < 2 ? Double(link[1][lane]) : -Double(link[1][lane])
          (re, im) = (re * x - im * y, re * y + im * x)
        }
        // A plaquette that does not exist is zero, perhaps with a sign that atan2 would see.
        if re == 0 && im == 0 { continue }
        sums[member].add(atan2(im, re))
      }
    }
  }
  return sums
}
