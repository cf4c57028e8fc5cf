import Compute
import Lattice
import Loops
import Sampling
import Statistics
import Testing

/// Plaquettes of the chain in two dimensions against exact values.
///
/// 3.5 standard deviations by the Gamma method: a false alarm in 1 of 2150 tests, in 1 of 60 choices
/// of all seeds here.
@Suite("Heat bath and overrelaxation against exact plaquettes", .serialized)
struct HeatBathPlaquetteTests {
  /// The mean plaquette of all members after every update, as a series.
  func series<S: LatticeReal>(
    _ group: GaugeGroup, _ extents: [Int], batch: Int, action: WilsonAction, updates: Int,
    overrelaxation: Int, seed: UInt64, as: S.Type
  ) throws -> [Double] {
    var field = try LinkField<S>(try Geometry(extents), group: group, batch: batch)
    let heatBath = HeatBath(action: action, seed: seed)
    let overrelax = Overrelaxation(action: action)
    let planes = Double(extents.count * (extents.count - 1) / 2)
    var values = [Double]()
    let thermalization = 40
    for update in 0..<(thermalization + updates) {
      heatBath.update(&field, sweep: UInt32(update))
      for _ in 0..<overrelaxation { overrelax.update(&field) }
      if update % 5 == 4 { field.reunitarize() }
      if update >= thermalization {
        let sum = field.planePlaquettesOfMembers().joined().reduce(0, +)
        values.append(sum / (Double(batch) * planes))
      }
    }
    return values
  }

  /// SU(2) at 0.1 to 2.2 and all of SU(3), SU(4) pass below and above the strength where proposals
  /// change.
  @Test(
    "64 x 64, where the torus does not show",
    arguments: [
      (GaugeGroup.u1, 0.1), (.u1, 1), (.u1, 2.2), (.u1, 6), (.su2, 0.1), (.su2, 1), (.su2, 2.2),
      (.su2, 8), (.u1, -2.2), (.su2, -2.2), (.su3, 0.5), (.su3, 3), (.su3, 6), (.su3, 12),
      (.su4, 1), (.su4, 4),
      (.su4, 10.8),
    ])
  func infiniteVolume(_ group: GaugeGroup, _ beta: Double) throws {
    let action = try WilsonAction(beta: beta, dimension: 2)
    let isSmall = group.n <= 2
    let values = try series(
      group, [64, 64], batch: isSmall ? 4 : 2, action: action, updates: isSmall ? 500 : 250,
      overrelaxation: beta < 0.6 ? 0 : 1, seed: 41, as: Double.self)
    try compare(values, with: exactPlaquette2D(group, beta: beta))
  }

  @Test(
    "single precision", arguments: [(GaugeGroup.u1, 2.2), (.su2, 2.2), (.su3, 6), (.su4, 10.8)])
  func single(_ group: GaugeGroup, _ beta: Double) throws {
    let action = try WilsonAction(beta: beta, dimension: 2)
    let values = try series(
      group, [64, 64], batch: 4, action: action, updates: 250, overrelaxation: 1, seed: 42,
      as: Float.self)
    try compare(values, with: exactPlaquette2D(group, beta: beta))
  }

  @Test(
    "tiny tori, every member of a batch a lattice of its own",
    arguments: [
      (GaugeGroup.u1, 1, 2, 0.505196539767584), (.u1, 2, 4, 0.699251926817705),
      (.su2, 2, 2, 0.446144970451122), (.su2, 2.2, 4, 0.464480549736122),
    ])
  func torus(_ group: GaugeGroup, _ beta: Double, _ extent: Int, _ exact: Double) throws {
    let action = try WilsonAction(beta: beta, dimension: 2)
    let values = try series(
      group, [extent, extent], batch: 8192 / extent, action: action, updates: 100,
      overrelaxation: 1, seed: 43, as: Double.self)
    try compare(values, with: exact, largestError: 6e-4)
    let single = try series(
      group, [extent, extent], batch: 8192 / extent, action: action, updates: 100,
      overrelaxation: 1, seed: 44, as: Float.self)
    try compare(single, with: exact, largestError: 6e-4)
  }

  /// MILC, 4^4: 0.501987(1041) at beta 5.5 and 0.060190(204) at beta 1.
  @Test(
    "SU(3) in four dimensions", arguments: [(5.5, 0.501987, 0.001041), (1, 0.060190, 0.000204)])
  func fourDimensions(_ beta: Double, _ value: Double, _ error: Double) throws {
    let action = try WilsonAction(beta: beta, dimension: 4)
    let values = try series(
      .su3, [4, 4, 4, 4], batch: 8, action: action, updates: 350, overrelaxation: 2, seed: 45,
      as: Double.self)
    let found = try GammaMethod().analyse(values).estimate
    let comparison = try MeanComparison(found, Estimate(value: value, error: error))
    #expect(abs(comparison.z) < 3.5, "\(found) against \(value)")
    #expect(found.error < error)
  }

  @Test("couplings of planes", arguments: [(GaugeGroup.u1, 3), (.su2, 3), (.su3, 4)])
  func anisotropic(_ group: GaugeGroup, _ dimension: Int) throws {
    let extents = [Int](repeating: 4, count: dimension)
    let planes = dimension * (dimension - 1) / 2
    var field = try LinkField<Double>(try Geometry(extents), group: group, batch: 8)
    let couplings = (0..<planes).map { 0.5 * Double(group.n) * (1 + Double($0)) / 2 }
    let action = try WilsonAction(couplings: couplings, dimension: dimension)
    let heatBath = HeatBath(action: action, seed: 46)
    var means = [Double](repeating: 0, count: planes)
    for sweep in 0..<60 {
      heatBath.update(&field, sweep: UInt32(sweep))
      Overrelaxation(action: action).update(&field)
      guard sweep >= 20 else { continue }
      for member in field.planePlaquettesOfMembers() {
        for (k, value) in member.enumerated() { means[k] += value / (40 * 8) }
      }
    }
    for k in 1..<planes { #expect(means[k] > means[k - 1], "\(means)") }

    // Equal couplings, however given, are the isotropic chain to the bit.
    let isotropic = try WilsonAction(beta: 2, dimension: dimension)
    for other in [
      try WilsonAction(couplings: Array(repeating: 2, count: planes), dimension: dimension),
      try WilsonAction(beta: 2, anisotropy: 1, dimension: dimension),
    ] {
      var (a, b) = (field, field)
      for sweep in 0..<3 {
        HeatBath(action: isotropic, seed: 3).update(&a, sweep: UInt32(sweep))
        HeatBath(action: other, seed: 3).update(&b, sweep: UInt32(sweep))
        Overrelaxation(action: isotropic).update(&a)
        Overrelaxation(action: other).update(&b)
      }
      #expect(a.planePlaquettesOfMembers() == b.planePlaquettesOfMembers())
    }
  }

  @Test("a plane decoupled from the others is two-dimensional")
  func decoupledPlane() throws {
    // Only planes with direction 0 and 1 couple: a stack of 2D lattices.
    let action = try WilsonAction(couplings: [2.2, 0, 0], dimension: 3)
    var field = try LinkField<Double>(try Geometry([16, 16, 8]), group: .su2)
    let heatBath = HeatBath(action: action, seed: 47)
    var values = [Double]()
    for sweep in 0..<600 {
      heatBath.update(&field, sweep: UInt32(sweep))
      Overrelaxation(action: action).update(&field)
      if sweep >= 40 { values.append(field.planePlaquettes()[0]) }
    }
    try compare(values, with: 0.46447902527042, largestError: 1e-3)
  }
}
