import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import TestSupport
import Testing

/// The Wilson action with weights in boundary slices against plain sums.
@Suite("Boundary weight of the Wilson action")
struct BoundaryWeightTests {
  /// Couplings that differ from plane to plane.
  func action(_ d: Int, _ weight: Double) throws -> WilsonAction {
    try WilsonAction(
      couplings: (0..<(d * (d - 1) / 2)).map { 1 + 0.3 * Double($0) }, dimension: d,
      boundaryWeight: weight)
  }

  /// sum beta w (1 - Re tr P / N) over the plaquettes that exist.
  func plainValue(_ action: WilsonAction, _ u: ReferenceLattice, _ boundary: Boundary) -> Double {
    var sum = 0.0
    for site in 0..<u.geometry.volume {
      for (mu, nu) in u.geometry.planes {
        let weight = u.plaquetteWeight(site, mu, nu, boundary, action.boundaryWeight)
        sum +=
          action.coupling(mu, nu) * weight
          * (1 - u.plaquette(site, mu, nu).trace.real / Double(u.n))
      }
    }
    return sum
  }

  func values<S: LatticeReal>(_ group: GaugeGroup, as: S.Type) throws {
    for (extents, isOpen) in openCases {
      let boundary = Boundary(isOpen: isOpen)
      var u = try LinkField<S>(Geometry(extents), group: group, batch: 3, boundary: boundary)
      u.setHaarRandom(seed: 31)
      for weight in [1, 0.5, 0, 1.7] {
        let action = try action(extents.count, weight)
        for (member, value) in action.valuesOfMembers(u).enumerated() {
          let expected = plainValue(action, ReferenceLattice(u, member: member), boundary)
          #expect(abs(value - expected) < tolerance(S.self) * (1 + abs(expected)))
        }
        // Unit links have no action.
        var cold = u
        cold.setCold()
        #expect(abs(action.value(of: cold)) < tolerance(S.self) * Double(u.geometry.volume))
      }
    }
  }

  @Test("values of the action", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func values(_ group: GaugeGroup) throws {
    try values(group, as: Double.self)
    try values(group, as: Float.self)
  }

  func weights<V: LaneVector>(_ extents: [Int], _ isOpen: [Bool], as: V.Type) throws {
    let layout = try Layout(Geometry(extents), batch: 2, laneCount: V.scalarCount)
    let boundary = Boundary(isOpen: isOpen)
    let u = ReferenceLattice(geometry: layout.geometry, n: 1, links: [])
    for weight in [1, 0.5] {
      let action = try action(extents.count, weight)
      let table = PlaneWeights<V>(
        action: action, layout: layout, boundary: boundary, scale: -0.25)
      #expect((table.blockStride == 0) == (weight == 1 || extents.count == 2))
      for site in 0..<layout.geometry.volume {
        for member in 0..<2 {
          let (block, lane) = layout.locate(site: site, member: member)
          let row = table.row(block % layout.siteBlocks)
          for (plane, (mu, nu)) in layout.geometry.planes.enumerated() {
            let exists = u.plaquetteWeight(site, mu, nu, boundary, weight)
            if exists == 0 { continue }
            let expected = -0.25 * action.couplings[plane] * exists
            #expect(row[plane][lane] == V.Scalar(expected))
          }
        }
      }
    }
  }

  @Test("weights of blocks and planes")
  func weights() throws {
    for (extents, isOpen) in openCases {
      try weights(extents, isOpen, as: Double.Lanes.self)
      try weights(extents, isOpen, as: Float.Lanes.self)
    }
  }

  /// One link U changed to U': S' - S = -Re tr[(U' - U) W] / N, W the sum of its staples with coupling
  /// and weight.
  @Test(
    "the change of S with a link is that of its weighted staples",
    arguments: [
      GaugeGroup.u1, .su2, .su3, .su4,
    ])
  func oneLink(_ group: GaugeGroup) throws {
    for (extents, isOpen) in openCases where extents.count > 2 {
      let boundary = Boundary(isOpen: isOpen)
      var u = try LinkField<Double>(Geometry(extents), group: group, boundary: boundary)
      u.setHaarRandom(seed: 32)
      var other = u
      other.setHaarRandom(seed: 33)
      let action = try action(extents.count, 0.5)
      let plain = ReferenceLattice(u)
      let before = action.value(of: u)
      for site in stride(from: 0, to: u.geometry.volume, by: 3) {
        for mu in 0..<u.dimension where boundary.hasLink(mu, at: site, in: u.geometry) {
          var staple = ComplexMatrix.zero(group.n)
          let ahead = plain.neighbour(site, mu)
          for nu in 0..<u.dimension where nu != mu {
            let below = plain.neighbour(site, nu, -1)
            for (base, forward) in [(site, true), (below, false)] {
              let weight = plain.plaquetteWeight(base, mu, nu, boundary, action.boundaryWeight)
              staple =
                staple + Complex(action.coupling(mu, nu) * weight)
                * plain.product(ahead, [(nu, forward), (mu, false), (nu, !forward)])
            }
          }
          var changed = u
          changed[site, mu] = other[site, mu]
          let change = ((other[site, mu] - u[site, mu]) * staple).trace.real / Double(group.n)
          #expect(abs(action.value(of: changed) - before + change) < 1e-10)
        }
      }
    }
  }
}
