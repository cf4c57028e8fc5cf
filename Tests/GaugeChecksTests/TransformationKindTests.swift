import ComplexModule
import GaugeChecks
import Lattice
import RealModule
import TestSupport
import Testing

@Suite("Gauge transformations for checks")
struct TransformationKindTests {
  @Test(
    "every kind is in the group and is what it says", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func kinds(_ group: GaugeGroup) throws {
    let u = try LinkField<Double>.hot([3, 4], group)
    for kind in GaugeTransformationKind.allCases {
      let g = kind.make(for: u, seed: 3)
      var moved = 0
      for site in 0..<u.geometry.volume {
        let m = g[site]
        #expect((m * m.adjoint - .identity(group.n)).frobeniusNorm < 1e-13)
        if group.n > 1 { #expect((m.determinant - 1).length < 1e-13) }
        let distance = (m - .identity(group.n)).frobeniusNorm
        if distance > 1e-12 { moved += 1 }
        switch kind {
        case .tiny: #expect(distance < 0.2)
        case .constant: #expect((m - g[0]).frobeniusNorm == 0)
        case .centre: #expect((m - m[0, 0] * .identity(group.n)).frobeniusNorm < 1e-13)
        case .diagonal, .large:
          for i in 0..<group.n { for j in 0..<group.n where i != j { #expect(m[i, j] == 0) } }
        case .haar, .localised: break
        }
      }
      #expect(kind == .localised ? moved == 1 : moved >= 3)
    }
  }
}
