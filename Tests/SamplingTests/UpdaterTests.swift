import ComplexModule
import Compute
import Lattice
import Loops
import RealModule
import Sampling
import TestSupport
import Testing

@Suite("Updaters: action, group, threads, layout", .serialized)
struct UpdaterTests {
  static let cases: [(GaugeGroup, [Int])] = [
    (.u1, [4, 6]), (.u1, [3, 5, 2]), (.su2, [3, 4]), (.su2, [2, 2, 2, 2]), (.su3, [2, 3, 4]),
    (.su3, [4, 4, 2, 4]), (.su4, [3, 2, 3]), (.su(5), [4, 3]),
  ]

  func overrelaxed<S: LatticeReal>(
    _ group: GaugeGroup, _ extents: [Int], as: S.Type
  ) throws {
    let d = extents.count
    for action in [
      try WilsonAction(beta: 3, dimension: d),
      try WilsonAction(beta: 3, anisotropy: 1.6, dimension: d),
    ] {
      var u = try LinkField<S>.hot(extents, group, batch: 3, seed: 6)
      let before = u
      let actions = (0..<3).map { action.value(of: u, member: $0) }
      for _ in 0..<3 { Overrelaxation(action: action).update(&u) }
      let tolerance = MemoryLayout<S>.size == 8 ? 1e-12 : 2e-5
      for member in 0..<3 {
        let after = action.value(of: u, member: member)
        #expect(abs(after - actions[member]) < tolerance * max(1, abs(actions[member])))
        #expect(u.unitarityViolation(member: member) < (MemoryLayout<S>.size == 8 ? 1e-13 : 1e-5))
        #expect(
          u.largestDifference(member: member) { before[$0, $1, member] } > 0.5, "it has to move")
      }
    }
  }

  @Test("overrelaxation keeps the action and the group", arguments: cases)
  func overrelaxation(_ group: GaugeGroup, _ extents: [Int]) throws {
    try overrelaxed(group, extents, as: Double.self)
    try overrelaxed(group, extents, as: Float.self)
  }

  @Test("the heat bath keeps the group and moves every link", arguments: cases)
  func heatBath(_ group: GaugeGroup, _ extents: [Int]) throws {
    let action = try WilsonAction(beta: 3, dimension: extents.count)
    var u = try LinkField<Double>.hot(extents, group, batch: 3, seed: 6)
    let before = u
    HeatBath(action: action, seed: 1).update(&u, sweep: 0)
    for member in 0..<3 {
      #expect(u.unitarityViolation(member: member) < 1e-13)
      for site in 0..<u.geometry.volume {
        for mu in 0..<u.dimension {
          let moved = (u[site, mu, member] - before[site, mu, member]).frobeniusNorm
          #expect(moved > 1e-6)
          if group.n > 1 { #expect((u[site, mu, member].determinant - 1).length < 1e-12) }
        }
      }
    }
  }

  @Test("the same bits for any number of threads", arguments: cases)
  func threads(_ group: GaugeGroup, _ extents: [Int]) throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    let action = try WilsonAction(beta: 3, dimension: extents.count)
    var fields = [LinkField<Double>]()
    for count in [1, 2, 3] {
      Threads.count = count
      var u = try LinkField<Double>.hot(extents, group, batch: 40, seed: 6)
      for sweep in 0..<2 {
        HeatBath(action: action, seed: 1).update(&u, sweep: UInt32(sweep))
        Overrelaxation(action: action).update(&u)
      }
      fields.append(u)
    }
    #expect(fields[1].largestDifference { fields[0][$0, $1] } == 0)
    for member in [0, 7, 39] {
      #expect(fields[1].largestDifference(member: member) { fields[0][$0, $1, member] } == 0)
      #expect(fields[2].largestDifference(member: member) { fields[0][$0, $1, member] } == 0)
    }
  }

  /// Member 0 of a batch lies in other lanes and blocks than a lattice alone; its random numbers are
  /// those of the lattice alone, which is member 0 too.
  @Test("the same links in whatever layout", arguments: cases)
  func layouts(_ group: GaugeGroup, _ extents: [Int]) throws {
    let action = try WilsonAction(beta: 3, dimension: extents.count)
    var results = [LinkField<Double>]()
    for batch in [1, 2, 5, 8] {
      var u = try LinkField<Double>.hot(extents, group, batch: batch, seed: 6)
      for sweep in 0..<3 {
        HeatBath(action: action, seed: 1).update(&u, sweep: UInt32(sweep))
        Overrelaxation(action: action).update(&u)
      }
      results.append(u)
    }
    for other in results.dropFirst() {
      #expect(other.largestDifference { results[0][$0, $1] } < 1e-12)
    }
  }

  @Test("sweeps, seeds and members draw different numbers")
  func independence() throws {
    let action = try WilsonAction(beta: 2, dimension: 2)
    func swept(_ seed: UInt64, _ sweep: UInt32) throws -> LinkField<Double> {
      var u = try LinkField<Double>(try Geometry([4, 4]), group: .su2, batch: 2)
      HeatBath(action: action, seed: seed).update(&u, sweep: sweep)
      return u
    }
    let u = try swept(1, 0)
    #expect(u.largestDifference(try swept(1, 1).at(0)) > 0.1)
    #expect(u.largestDifference(try swept(2, 0).at(0)) > 0.1)
    #expect(u.largestDifference(u.at(1)) > 0.1)
    #expect(u.largestDifference(try swept(1, 0).at(0)) == 0)
  }

  @Test("couplings that make no action")
  func errors() {
    #expect(throws: ActionError.self) { try WilsonAction(beta: .nan, dimension: 4) }
    #expect(throws: ActionError.self) { try WilsonAction(beta: .infinity, dimension: 2) }
    #expect(throws: ActionError.coupling(name: "xi0", found: 0)) {
      try WilsonAction(beta: 1, anisotropy: 0, dimension: 4)
    }
    #expect(throws: ActionError.planeCount(expected: 3, found: 2)) {
      try WilsonAction(couplings: [1, 2], dimension: 3)
    }
  }
}

extension LinkField {
  /// The links of a member, for comparisons.
  fileprivate func at(_ member: Int) -> (Int, Int) -> ComplexMatrix {
    { self[$0, $1, member] }
  }

  fileprivate func largestDifference(_ other: (Int, Int) -> ComplexMatrix) -> Double {
    largestDifference(member: 0, other)
  }
}
