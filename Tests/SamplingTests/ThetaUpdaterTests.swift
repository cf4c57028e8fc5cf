import Compute
import Foundation
import Lattice
import Loops
import Sampling
import Statistics
import TestSupport
import Testing

/// 4 standard deviations by the Gamma method: a false alarm in 1 of 15800 comparisons, in 1 of 1500
/// choices of all seeds here.
@Suite("Local updates with a theta term", .serialized)
struct ThetaUpdaterTests {
  func check<S: LatticeReal>(
    _ type: S.Type, beta: Double, charge: Double, plaquette: Double, updates: Int,
    thermalization: Int = 100,
    seed: UInt64
  ) throws {
    let action = try WilsonAction(beta: beta, dimension: 2) + ThetaAction(theta: 2, dimension: 2)
    let heatBath = try HeatBath(action: action, seed: seed)
    let overrelaxation = try Overrelaxation(action: action, seed: seed)
    var field = try LinkField<S>.hot([8, 8], .u1, batch: 64, seed: seed)
    try heatBath.validate(field.geometry, field.group)
    var (charges, plaquettes) = (
      [Double](repeating: 0, count: 64), [Double](repeating: 0, count: 64)
    )
    for sweep in 0..<(thermalization + updates) {
      heatBath.update(&field, sweep: UInt32(sweep))
      for pass in 0..<2 { overrelaxation.update(&field, sweep: UInt32(sweep), pass: pass) }
      if sweep % 10 == 9 { field.reunitarize() }
      if sweep < thermalization || sweep % 4 != 0 { continue }
      for (member, value) in field.topologicalChargesOfMembers()!.enumerated() {
        charges[member] += 4 * value / Double(64 * updates)
      }
      for (member, value) in field.planePlaquettesOfMembers().enumerated() {
        plaquettes[member] += 4 * value[0] / Double(updates)
      }
    }
    // Charges tunnel once in hundreds of sweeps at beta 5, too slow for errors from a series in time;
    // members are chains of their own.
    for (means, exact) in [(charges, charge), (plaquettes, plaquette)] {
      let result = try GammaMethod().analyse(means)
      #expect(abs(result.estimate.pull(from: exact)) < 4, "\(result.estimate) against \(exact)")
    }
  }

  @Test("charge and plaquette of U(1) on 8 x 8 at theta_I = 2")
  func exact() throws {
    try check(
      Double.self, beta: 2, charge: -0.0391666657757, plaquette: 0.671894932517, updates: 400,
      seed: 61)
    try check(
      Double.self, beta: 5, charge: -0.011581140818, plaquette: 0.890636962376, updates: 2000,
      thermalization: 800, seed: 62)
    try check(
      Float.self, beta: 2, charge: -0.0391666657757, plaquette: 0.671894932517, updates: 400,
      seed: 63)
  }

  /// With both directions open plaquettes are independent, each with the weight
  /// exp(beta cos phi - theta_I phi / 2 pi).
  @Test("open boundaries", arguments: [2.0, -9])
  func open(_ theta: Double) throws {
    var (norm, charge, plaquette) = (0.0, 0.0, 0.0)
    for k in 0..<4000 {
      let phi = Double.pi * (Double(k) + 0.5 - 2000) / 2000
      let weight = exp(1.5 * cos(phi) - theta * phi / (2 * Double.pi))
      norm += weight
      charge += weight * phi / (2 * Double.pi)
      plaquette += weight * cos(phi)
    }
    let action = try WilsonAction(beta: 1.5, dimension: 2) + ThetaAction(theta: theta, dimension: 2)
    let heatBath = try HeatBath(action: action, seed: 64)
    let overrelaxation = try Overrelaxation(action: action, seed: 64)
    var field = try LinkField<Double>(
      try Geometry([5, 4]), group: .u1, batch: 64, boundary: Boundary(isOpen: [true, true]))
    field.setHaarRandom(seed: 64)
    var (charges, plaquettes) = ([Double](), [Double]())
    for sweep in 0..<800 {
      heatBath.update(&field, sweep: UInt32(sweep))
      overrelaxation.update(&field, sweep: UInt32(sweep))
      if sweep < 50 { continue }
      charges.append(field.topologicalChargesOfMembers()!.reduce(0, +) / (12 * 64))
      plaquettes.append(field.planePlaquettesOfMembers().joined().reduce(0, +) / 64)
    }
    for (series, exact) in [(charges, charge / norm), (plaquettes, plaquette / norm)] {
      let result = try GammaMethod().analyse(series)
      #expect(abs(result.estimate.pull(from: exact)) < 4, "\(result.estimate) against \(exact)")
      #expect(result.error < 4e-3)
    }
  }

  @Test("theta of zero is the chain without it, to the bit", arguments: [[4, 6], [5, 3]])
  func zero(_ extents: [Int]) throws {
    let wilson = try WilsonAction(beta: 2, dimension: 2)
    let sum = try wilson + ThetaAction(theta: 0, dimension: 2)
    var (a, b) = (
      try LinkField<Double>.hot(extents, .u1, batch: 3),
      try LinkField<Double>.hot(extents, .u1, batch: 3)
    )
    for sweep in 0..<3 {
      HeatBath(action: wilson, seed: 5).update(&a, sweep: UInt32(sweep))
      try HeatBath(action: sum, seed: 5).update(&b, sweep: UInt32(sweep))
      Overrelaxation(action: wilson).update(&a)
      try Overrelaxation(action: sum, seed: 5).update(&b, sweep: UInt32(sweep))
    }
    for member in 0..<3 {
      #expect(a.largestDifference(member: member) { b[$0, $1, member] } == 0)
    }
  }

  @Test("the same bits for any number of threads, the same links in any layout")
  func threads() throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    let action = try WilsonAction(beta: -2, dimension: 2) + ThetaAction(theta: 3, dimension: 2)
    for extents in [[16, 12], [9, 5]] {
      var fields = [LinkField<Double>]()
      for (count, batch) in [(1, 21), (2, 21), (3, 21), (2, 1)] {
        Threads.count = count
        var u = try LinkField<Double>.hot(extents, .u1, batch: batch, seed: 6)
        for sweep in 0..<3 {
          try HeatBath(action: action, seed: 1).update(&u, sweep: UInt32(sweep))
          try Overrelaxation(action: action, seed: 1).update(&u, sweep: UInt32(sweep))
        }
        fields.append(u)
      }
      for member in 0..<21 {
        for other in fields[1...2] {
          #expect(
            other.largestDifference(member: member) { fields[0][$0, $1, member] } == 0)
        }
      }
      #expect(fields[3].largestDifference { fields[0][$0, $1] } < 1e-12)
    }
  }

  @Test("what local updates cannot do is refused by name")
  func refusals() throws {
    let wilson = try WilsonAction(beta: 2, dimension: 4)
    for (action, name) in [
      (try ImprovedAction.iwasaki(beta: 2, dimension: 4) as any Action, "iwasaki"),
      (try RectangleAction(beta: 2, dimension: 4), "rectangle"),
      (try wilson + ThetaAction(theta: 1, dimension: 4), "theta"),
      (try ThetaAction(theta: 1, dimension: 2), "theta"),
      (try wilson + RectangleAction(beta: 1, dimension: 4), "rectangle"),
      (
        try ImprovedAction.symanzik(beta: 2, dimension: 2) + ThetaAction(theta: 1, dimension: 2),
        "symanzik"
      ),
      (try ActionSum([wilson, ActionSum([ImprovedAction.dbw2(beta: 2, dimension: 4)])]), "dbw2"),
    ] {
      for algorithm in ["heat bath", "overrelaxation"] {
        let error = #expect(throws: ActionError.self) {
          if algorithm == "heat bath" {
            _ = try HeatBath(action: action, seed: 1)
          } else {
            _ = try Overrelaxation(action: action, seed: 1)
          }
        }
        guard case .unsupported(name, algorithm, _) = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
    }
    #expect(throws: ActionError.dimension(action: "wilson", expected: 4, found: 2)) {
      try HeatBath(action: wilson + WilsonAction(beta: 1, dimension: 2), seed: 1)
    }
    let theta = try WilsonAction(beta: 2, dimension: 2) + ThetaAction(theta: 1, dimension: 2)
    #expect(throws: ActionError.self) {
      try HeatBath(action: theta, seed: 1).validate(try Geometry([4, 4]), .su2)
    }
    #expect(throws: ActionError.self) {
      try Overrelaxation(action: theta, seed: 1).validate(try Geometry([4, 4]), .su2)
    }
    try HeatBath(action: theta, seed: 1).validate(try Geometry([4, 4]), .u1)
  }

  @Test("Wilson actions in a sum add up")
  func sums() throws {
    let a = try WilsonAction(couplings: [1, 2, 3], dimension: 3)
    let b = try WilsonAction(couplings: [2, 0.5, -1], dimension: 3)
    let heatBath = try HeatBath(action: ActionSum([a, ActionSum([b])]), seed: 1)
    #expect(heatBath.action.couplings == [3, 2.5, 2])
  }
}
