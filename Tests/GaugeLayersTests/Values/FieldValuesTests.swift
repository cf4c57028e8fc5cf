import GaugeLayers
import Lattice
import Testing

@Suite struct FieldValuesTests {
  /// The pairing of a cotangent with a direction is what the conventions say, in plain arithmetic.
  @Test(arguments: [GaugeGroup.u1, .su2, .su3, .su4], [[3, 2], [2, 3, 2]])
  func pairingsFollowTheConventions(group: GaugeGroup, extents: [Int]) throws {
    let links = try LinkField<Double>(Geometry(extents), group: group, batch: 3)
    let (x, g) = (links.randomDirection(seed: 1), links.randomDirection(seed: 2))
    var expected = 0.0
    for member in 0..<3 {
      for site in 0..<links.geometry.volume {
        for mu in 0..<extents.count {
          expected -= (x[site, mu, member] * g[site, mu, member]).trace.real
        }
      }
    }
    #expect(abs(LinkField.derivative(g, along: x) - expected) < 1e-11 * abs(expected) + 1e-11)

    let field = SiteField<Double>(layout: links.layout, group: group, channels: 2)
    let (dw, c) = (field.randomDirection(seed: 3), field.randomDirection(seed: 4))
    expected = 0
    for member in 0..<3 {
      for site in 0..<links.geometry.volume {
        for channel in 0..<2 {
          expected += (c[site, channel, member].adjoint * dw[site, channel, member]).trace.real
        }
      }
    }
    #expect(abs(SiteField.derivative(c, along: dw) - expected) < 1e-11 * abs(expected) + 1e-11)
  }
}
