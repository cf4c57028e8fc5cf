import ComplexModule
import Compute
import Lattice
import Loops
import Sampling
import Statistics
import TestSupport
import Testing

/// Heat bath and overrelaxation with open boundaries.
///
/// In two dimensions with an open direction plaquettes are independent, so their mean is that of
/// infinite volume on every lattice. 3.5 standard deviations by the Gamma method: a false alarm in 1
/// of 2150 tests, in 1 of 110 choices of all seeds here.
@Suite("Heat bath and overrelaxation with open boundaries", .serialized)
struct OpenBoundarySamplingTests {
  /// The mean over members of `observable` after every update.
  func series<S: LatticeReal>(
    _ group: GaugeGroup, _ extents: [Int], _ isOpen: [Bool], batch: Int, action: WilsonAction,
    updates: Int, seed: UInt64, as: S.Type,
    observable: (LinkField<S>) -> [Double] = { $0.planePlaquettesOfMembers().map { $0[0] } }
  ) throws -> [Double] {
    var field = try LinkField<S>(
      Geometry(extents), group: group, batch: batch, boundary: Boundary(isOpen: isOpen))
    let heatBath = HeatBath(action: action, seed: seed)
    var values = [Double]()
    for update in 0..<(30 + updates) {
      heatBath.update(&field, sweep: UInt32(update))
      Overrelaxation(action: action).update(&field)
      if update % 5 == 4 { field.reunitarize() }
      if update >= 30 { values.append(observable(field).reduce(0, +) / Double(batch)) }
    }
    #expect(field.boundaryOfContent() == field.boundary)
    #expect(field.unitarityViolation() < tolerance(S.self))
    return values
  }

  @Test(
    "two dimensions: the plaquette of infinite volume on any open lattice",
    arguments: [
      (GaugeGroup.u1, 1.0, 0.446389965896535), (.u1, 3, 0.809985293956505),
      (.su2, 2.2, 0.46447902527042), (.su2, 1, 0.24019372387009), (.su3, 6, 0.422531739649983),
      (.su4, 10.8, 0.386589916383599),
    ])
  func exact(_ group: GaugeGroup, _ beta: Double, _ plaquette: Double) throws {
    // The weight of boundary slices has no plaquette to act on here.
    let action = try WilsonAction(beta: beta, dimension: 2, boundaryWeight: 0.5)
    for (extents, isOpen) in [
      ([2, 2], [true, true]), ([3, 4], [false, true]), ([4, 2], [true, false]),
    ] {
      let volume = extents[0] * extents[1]
      let batch = (group.n <= 2 ? 8192 : 3072) / volume
      let values = try series(
        group, extents, isOpen, batch: batch, action: action, updates: 100, seed: 51,
        as: Double.self)
      try compare(values, with: plaquette, largestError: 2e-3)
    }
    let single = try series(
      group, [5, 4], [true, true], batch: 128, action: action, updates: 100, seed: 52,
      as: Float.self)
    try compare(single, with: plaquette, largestError: 3e-3)
  }

  /// Only planes of directions 0 and 1 couple, direction 2 is open: slices are two-dimensional
  /// lattices, the first and the last with half the coupling.
  @Test("boundary slices have their own coupling", arguments: [GaugeGroup.u1, .su2, .su3])
  func decoupledSlices(_ group: GaugeGroup) throws {
    let beta = Double(2 * group.n)
    let action = try WilsonAction(couplings: [beta, 0, 0], dimension: 3, boundaryWeight: 0.5)
    for (extents, isOpen) in [
      ([3, 4, 3], [true, false, true]), ([4, 4, 5], [true, true, true]),
    ] {
      let exact =
        (Double(extents[2] - 2) * exactPlaquette2D(group, beta: beta)
          + 2 * exactPlaquette2D(group, beta: beta / 2)) / Double(extents[2])
      let values = try series(
        group, extents, isOpen, batch: 128, action: action, updates: 150, seed: 53,
        as: Double.self
      ) { u in u.planePlaquettesOfMembers().map { $0[0] } }
      try compare(values, with: exact, largestError: 2e-3)
    }
  }

  /// The reflection keeps Re tr(U W), so a wrong weight in a staple would change S. For N >= 3 it is
  /// the same in every subgroup.
  @Test("overrelaxation keeps the weighted action", arguments: [GaugeGroup.u1, .su2, .su3, .su4])
  func overrelaxation(_ group: GaugeGroup) throws {
    for (extents, isOpen) in openCases {
      let d = extents.count
      var u = try LinkField<Double>(
        Geometry(extents), group: group, batch: 3, boundary: Boundary(isOpen: isOpen))
      u.setHaarRandom(seed: 54)
      for weight in [1, 0.5, 0] {
        for couplings in [
          Array(repeating: 1.5, count: d * (d - 1) / 2),
          (0..<(d * (d - 1) / 2)).map { 1 + 0.2 * Double($0) },
        ] {
          let action = try WilsonAction(
            couplings: couplings, dimension: d, boundaryWeight: weight)
          let before = u
          let values = action.valuesOfMembers(u)
          for _ in 0..<3 { Overrelaxation(action: action).update(&u) }
          for (a, b) in zip(values, action.valuesOfMembers(u)) {
            #expect(abs(a - b) < 1e-11 * (1 + abs(a)))
          }
          #expect(u.boundaryOfContent() == u.boundary)
          #expect(u.unitarityViolation() < 1e-12)
          #expect(u.largestDifference { before[$0, $1] } > 0.1)
        }
      }
    }
  }

  /// A heat bath that ends where it should: at a coupling so large that every link follows its
  /// staples, S falls to the minimum, which with an open direction is 0.
  @Test("a very cold heat bath ends at zero action", arguments: [GaugeGroup.u1, .su2, .su3])
  func cold(_ group: GaugeGroup) throws {
    for (extents, isOpen) in [
      ([3, 2, 4], [false, false, true]), ([4, 3, 4, 2], [true, false, true, true]),
    ] {
      let d = extents.count
      let action = try WilsonAction(beta: 1e6, dimension: d, boundaryWeight: 0.5)
      var u = try LinkField<Double>(
        Geometry(extents), group: group, boundary: Boundary(isOpen: isOpen))
      u.setNearUnit(epsilon: 0.05, seed: 55)
      for sweep in 0..<400 {
        HeatBath(action: action, seed: 56).update(&u, sweep: UInt32(sweep))
      }
      #expect(1 - u.plaquette() < 1e-4)
    }
  }

  @Test(
    "links without any coupling stay in the group",
    arguments: [
      GaugeGroup.u1, .su2, .su3, .su4,
    ])
  func withoutCoupling(_ group: GaugeGroup) throws {
    let action = try WilsonAction(couplings: [2.2, 0, 0], dimension: 3)
    for isOpen in [[false, false, false], [false, true, true]] {
      var u = try LinkField<Double>(
        Geometry([4, 3, 4]), group: group, batch: 3, boundary: Boundary(isOpen: isOpen))
      u.setHaarRandom(seed: 57)
      for sweep in 0..<4 {
        HeatBath(action: action, seed: 58).update(&u, sweep: UInt32(sweep))
        Overrelaxation(action: action).update(&u)
      }
      #expect(u.unitarityViolationsOfMembers().allSatisfy { $0 < 1e-12 })
      // They are drawn from the Haar measure.
      #expect(abs(u.planePlaquettes()[2]) < 0.5)
    }
  }

  @Test("the same bits for any number of threads, alone or in a batch")
  func exactness() throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    for (extents, isOpen) in openCases where extents.count > 2 {
      let action = try WilsonAction(beta: 5, dimension: extents.count, boundaryWeight: 0.5)
      func updated(_ batch: Int, _ count: Int) throws -> LinkField<Double> {
        Threads.count = count
        var u = try LinkField<Double>(
          Geometry(extents), group: .su3, batch: batch, boundary: Boundary(isOpen: isOpen))
        for sweep in 0..<2 {
          HeatBath(action: action, seed: 59).update(&u, sweep: UInt32(sweep))
          Overrelaxation(action: action).update(&u)
        }
        return u
      }
      let (one, two, batch) = (try updated(1, 1), try updated(1, 2), try updated(3, 2))
      #expect(one.largestDifference { two[$0, $1] } == 0)
      #expect(one.largestDifference { batch[$0, $1] } == 0)
    }
  }
}
