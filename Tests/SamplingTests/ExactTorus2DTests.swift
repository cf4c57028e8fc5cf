import Lattice
import Sampling
import Testing

@Suite("Exact plaquettes on a torus of two dimensions")
struct ExactTorus2DTests {
  /// Values to 15 digits from independent sources.
  @Test(
    "the table of exact values",
    arguments: [
      (GaugeGroup.u1, 1.0, 2, 0.505196539767584), (.u1, 2, 4, 0.699251926817705),
      (.u1, 2, 8, 0.697774658010838), (.u1, 5, 8, 0.893421249755099),
      (.su2, 2, 2, 0.446144970451122), (.su2, 2.2, 4, 0.464480549736122),
    ])
  func table(_ group: GaugeGroup, _ beta: Double, _ extent: Int, _ value: Double) {
    let torus = ExactTorus2D(group, beta: beta, volume: extent * extent)
    #expect(abs(torus.plaquette - value) < 1e-13)
  }

  @Test(
    "large tori are infinite", arguments: [(GaugeGroup.u1, 3.0), (.su2, 2.4), (.su3, 6), (.su4, 4)])
  func infinite(_ group: GaugeGroup, _ beta: Double) {
    let torus = ExactTorus2D(group, beta: beta, volume: 900)
    #expect(abs(torus.plaquette - exactPlaquette2D(group, beta: beta)) < 1e-12)
  }

  @Test(
    "the variance is the slope of the mean",
    arguments: [(GaugeGroup.u1, 1.0), (.u1, 2.0), (.su2, 2.2), (.su3, 5.0), (.su4, 8.0)], [1, 4, 6])
  func variance(_ theory: (GaugeGroup, Double), _ volume: Int) {
    let (group, beta) = theory
    func plaquette(_ beta: Double) -> Double {
      ExactTorus2D(group, beta: beta, volume: volume).plaquette
    }
    let h = 1e-3
    let slope =
      (8 * (plaquette(beta + h) - plaquette(beta - h))
        - (plaquette(beta + 2 * h) - plaquette(beta - 2 * h))) / (12 * h)
    let torus = ExactTorus2D(group, beta: beta, volume: volume)
    #expect(abs(torus.plaquetteVariance * Double(volume) - slope) < 1e-10)
    #expect(
      abs(torus.squaredPlaquette - torus.plaquetteVariance - torus.plaquette * torus.plaquette)
        < 1e-15)
  }

  @Test("strong coupling", arguments: [GaugeGroup.u1, .su2, .su3])
  func strong(_ group: GaugeGroup) {
    let torus = ExactTorus2D(group, beta: 1e-3, volume: 9)
    #expect(abs(torus.plaquette - exactPlaquette2D(group, beta: 1e-3)) < 1e-13)
    // Independent plaquettes, each with the second moment of a Haar-random trace.
    let second = group.n <= 2 ? 1 / (group.n == 1 ? 2 : 4.0) : 1 / (2 * Double(group.n * group.n))
    #expect(abs(torus.plaquetteVariance * 9 / second - 1) < 1e-3)
  }
}
