import Lattice
import Sampling
import Testing

@Suite("Exact plaquettes in two dimensions")
struct ExactPlaquette2DTests {
  /// Values to 15 digits from independent sources.
  @Test(
    "the table of exact values",
    arguments: [
      (GaugeGroup.u1, 1, 0.446389965896535), (.u1, 2, 0.697774657964008),
      (.u1, 3, 0.809985293956505), (.u1, 5, 0.893383137044085), (.u1, 7, 0.925532210794152),
      (.su2, 1, 0.24019372387009), (.su2, 2, 0.433127426722312), (.su2, 2.2, 0.46447902527042),
      (.su2, 2.4, 0.493512784071868), (.su2, 4, 0.65804726735936),
      (.su3, 1, 0.0601265548335648), (.su3, 3, 0.203075050030219),
      (.su3, 5.7, 0.402716607316172), (.su3, 6, 0.422531739649983), (.su3, 9, 0.580375566472875),
      (.su4, 4, 0.129809296972172), (.su4, 10.8, 0.386589916383599),
    ])
  func table(_ group: GaugeGroup, _ beta: Double, _ value: Double) {
    #expect(abs(exactPlaquette2D(group, beta: beta) - value) < 1e-12)
  }

  @Test("strong and weak coupling", arguments: [GaugeGroup.u1, .su2, .su3, .su4, .su(5)])
  func limits(_ group: GaugeGroup) {
    let n = Double(group.n)
    #expect(exactPlaquette2D(group, beta: 0) == 0)
    // P = beta/(2 N^2) for N >= 3, twice that for SU(2), beta/2 for U(1).
    let slope = group.n <= 2 ? 1 / (group.n == 1 ? 2 : 4.0) : 1 / (2 * n * n)
    #expect(abs(exactPlaquette2D(group, beta: 1e-3) / 1e-3 - slope) < 1e-3)
    // P = 1 - dim/(2 beta) + O(1/beta^2)
    let dimension = Double(group.algebraDimension)
    let weak = 1 - exactPlaquette2D(group, beta: 200)
    #expect(abs(weak / (dimension / 400) - 1) < 0.1)
  }
}
