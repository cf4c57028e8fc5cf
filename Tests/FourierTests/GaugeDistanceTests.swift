import ComplexModule
import Fourier
import Lattice
import RealModule
import Testing

@Suite("Distance from a gauge")
struct GaugeDistanceTests {
  @Test("constant diagonal links are in every gauge, until they are transformed")
  func gauges() throws {
    for group in [GaugeGroup.u1, .su2, .su3] {
      var u = try LinkField<Double>(try Geometry([3, 4, 2]), group: group)
      for site in 0..<u.geometry.volume {
        for mu in 0..<3 {
          let angle = 0.3 + 0.2 * Double(mu)
          u[site, mu] = ComplexMatrix(n: group.n) { i, j in
            i != j
              ? 0
              : Complex(length: 1, phase: i == 0 ? angle : i == 1 ? -angle : 0)
          }
        }
      }
      for condition in GaugeCondition.allCases {
        #expect(try #require(u.gaugeDistances(condition)[0]) < 1e-14)
        var g = SiteField<Double>(layout: u.layout, group: group)
        g.setHaarRandom(seed: 3)
        let distance = try #require(u.transformed(by: g).gaugeDistances(condition)[0])
        #expect(distance > 0.5 && distance < 2, "\(distance)")
      }
      // Time links may turn in Coulomb gauge.
      for site in 0..<u.geometry.volume {
        let phase = Double(site % 5)
        u[site, 2] = ComplexMatrix(n: group.n) { i, j in
          i != j ? 0 : Complex(length: 1, phase: i == 0 ? phase : i == 1 ? -phase : 0)
        }
      }
      #expect(try #require(u.gaugeDistances(.coulomb)[0]) < 1e-14)
      #expect(try #require(u.gaugeDistances(.landau)[0]) > 0.1)
    }
    // Unit links have nothing to tell it by.
    #expect(
      try LinkField<Double>(Geometry([3, 4]), group: .su3).gaugeDistances(.landau)[0] == nil)
  }
}
