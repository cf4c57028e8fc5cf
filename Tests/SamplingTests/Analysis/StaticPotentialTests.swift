import Compute
import Foundation
import Lattice
import Loops
import Sampling
import Statistics
import Testing

/// Pulls within 3.5 standard deviations: a false alarm in 1 of 2150 comparisons of a seed.
@Suite("Static potential")
struct StaticPotentialTests {
  let constant = 0.6
  let tension = 0.16
  let coulomb = 0.3

  /// 40 tables of a function of configuration, R and T.
  func forty(
    _ maximumR: Int, _ maximumT: Int, _ value: (Double, Double, Double) -> Double
  ) -> [[[Double]]] {
    var result = [[[Double]]]()
    for i in 0..<40 {
      result.append(
        (1...maximumR).map { r in
          (1...maximumT).map { t in value(Double(i), Double(r), Double(t)) }
        })
    }
    return result
  }

  /// W(R, T) = c exp(-V T) (1 + excited states) with relative noise, the same part for all loops and
  /// a part of their own that grows with R T.
  func tables(
    _ count: Int, excited: Double = 0, noise: Double = 0.02, improved: Bool = false,
    gap: Double = 2.5, maximumT: Int = 6, seed: UInt64
  ) -> [[[Double]]] {
    let stream = RandomStream(seed: seed, purpose: .checks)
    return (0..<count).map { i in
      func normal(_ k: Int) -> Double {
        let (a, b) = stream.uniforms(UInt32(i), UInt32(k), 0)
        return (-2 * log(1 - min(a, 1 - 1e-16))).squareRoot() * cos(2 * Double.pi * b)
      }
      let common = normal(0)
      return (1...5).map { r in
        (1...maximumT).map { t in
          let distance = improved ? treeLevelImprovedDistance(r) : Double(r)
          let v = constant + tension * Double(r) - coulomb / distance
          let signal =
            0.8 * exp(-v * Double(t)) * (1 + excited * exp(-gap * Double(t)))
          let own = normal(1 + 20 * r + t) * (1 + 0.3 * Double(r * t))
          return signal * (1 + noise * (common + own))
        }
      }
    }
  }

  @Test("parameters come back within errors", arguments: [false, true])
  func recovered(_ improved: Bool) throws {
    let data = try StaticPotential(
      loops: tables(200, improved: improved, seed: 31), bins: .length(4))
    let fit = try data.fit(
      distances: 1...5, times: 1...4,
      coulombTerm: improved ? .treeLevelImproved : .continuum)
    #expect(abs(fit.constant.pull(from: constant)) < 3.5)
    #expect(abs(fit.stringTension.pull(from: tension)) < 3.5)
    #expect(abs(fit.coulomb.pull(from: coulomb)) < 3.5)
    let scale = try #require(fit.sommerScale)
    #expect(abs(scale.pull(from: ((1.65 - coulomb) / tension).squareRoot())) < 3.5)
    #expect(scale.error < 0.03)
    #expect(fit.degreesOfFreedom == 2)
    for (r, plateau) in zip(1...5, fit.plateaus) {
      let v =
        constant + tension * Double(r)
        - coulomb / (improved ? treeLevelImprovedDistance(r) : Double(r))
      #expect(abs(plateau.potential.pull(from: v)) < 3.5)
      #expect(plateau.times == 1...4 && plateau.degreesOfFreedom == 3)
    }
    let effective = try #require(data.effectivePotential(r: 2, t: 2))
    #expect(
      abs(
        effective.value
          - log(data.loop(r: 2, t: 2).value / data.loop(r: 2, t: 3).value)) < 1e-14)
  }

  /// 200 ensembles: pulls have mean 0 and variance 1 within 4.5 standard deviations, and what the
  /// spread of the jackknife error itself adds; a false alarm in 1 of 20 000 choices of the seeds.
  @Test("errors are the spread over ensembles")
  func coverage() throws {
    let truth = [constant, tension, coulomb, ((1.65 - coulomb) / tension).squareRoot()]
    var (sums, squares) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
    let trials = 200
    for trial in 0..<trials {
      let fit = try StaticPotential(
        loops: tables(60, seed: UInt64(1000 + trial)), bins: .length(1)
      ).fit(distances: 1...5, times: 1...3)
      let found = [fit.constant, fit.stringTension, fit.coulomb, try #require(fit.sommerScale)]
      for k in 0..<4 {
        let pull = found[k].pull(from: truth[k])
        sums[k] += pull / Double(trials)
        squares[k] += pull * pull / Double(trials)
      }
    }
    for k in 0..<4 {
      #expect(abs(sums[k]) < 4.5 / Double(trials).squareRoot() + 0.05)
      #expect(abs(squares[k] - 1) < 4.5 * (2 / Double(trials)).squareRoot() + 0.05)
    }
  }

  /// That none of six neighbours agree by noise alone is rarer than 1 in 10 000 seeds.
  @Test("the rule for the plateau leaves excited states out")
  func plateau() throws {
    let data = try StaticPotential(
      loops: tables(400, excited: 0.8, noise: 0.01, maximumT: 9, seed: 33), bins: .count(40))
    for r in 1...4 {
      let plateau = try data.plateau(r: r)
      #expect(plateau.times.lowerBound >= 2)
      let v = constant + tension * Double(r) - coulomb / Double(r)
      // What is left of the excited state at the first time, and noise.
      let left = 0.8 * exp(-2.5 * Double(plateau.times.lowerBound))
      #expect(abs(plateau.potential.value - v) < left + 3.5 * plateau.potential.error)
      let first = try #require(data.effectivePotential(r: r, t: 1))
      #expect(first.value - v > 5 * first.error)
    }
    // Nothing but excited states: no neighbours agree.
    let rising = forty(1, 5) { i, _, t in exp(-0.1 * t + exp(-0.05 * t)) * (1 + 1e-9 * i) }
    #expect(throws: StaticPotentialError.noPlateau(r: 1)) {
      try StaticPotential(loops: rising, bins: .length(1)).plateau(r: 1)
    }
  }

  @Test("bad data are refused or nil, never NaN")
  func refusals() throws {
    let good = tables(40, seed: 34)
    var negative = good
    for i in negative.indices { negative[i][2][2] = -1e-3 + 1e-5 * Double(i) }
    let data = try StaticPotential(loops: negative, bins: .length(2))
    #expect(data.effectivePotential(r: 3, t: 2) == nil)
    #expect(data.effectivePotential(r: 3, t: 3) == nil)
    #expect(data.effectivePotential(r: 3, t: 1) != nil)
    #expect(throws: StaticPotentialError.noPotential(r: 3, t: 2)) {
      try data.fit(distances: 1...4, times: 1...2)
    }
    let sound = try StaticPotential(loops: good)
    #expect(throws: StaticPotentialError.range(name: "R", expected: "1 to 5", found: "6")) {
      try sound.plateau(r: 6)
    }
    #expect(throws: StaticPotentialError.range(name: "T", expected: "1 to 5", found: "2...6")) {
      try sound.plateau(r: 1, times: 2...6)
    }
    #expect(
      throws: StaticPotentialError.statistics(.underdeterminedFit(parameters: 3, data: 2))
    ) { try sound.fit(distances: 2...3, times: 1...2) }
    #expect(throws: StaticPotentialError.self) { try StaticPotential(loops: []) }
    #expect(throws: StaticPotentialError.self) {
      try StaticPotential(loops: Array(good[..<3]), bins: .length(1))
    }
    #expect(
      throws: StaticPotentialError.statistics(.tooFewBins(expected: 4, found: 2))
    ) { try StaticPotential(loops: good, bins: .length(20)) }
    var ragged = good
    ragged[7][1].removeLast()
    #expect(throws: StaticPotentialError.self) { try StaticPotential(loops: ragged) }
    var broken = good
    broken[3][0][0] = .nan
    #expect(throws: StaticPotentialError.self) { try StaticPotential(loops: broken) }
    // No noise, no weights.
    let still = good.map { _ in good[0] }
    #expect(throws: StaticPotentialError.self) {
      try StaticPotential(loops: still, bins: .length(1)).fit(distances: 1...4, times: 1...2)
    }
    // A falling potential has no r0.
    let falling = forty(4, 3) { i, r, t in
      let noise = (i * r * t).truncatingRemainder(dividingBy: 7)
      return exp(-(2 - 0.2 * r) * t) * (1 + 1e-3 * noise)
    }
    let fit = try StaticPotential(loops: falling, bins: .length(1))
      .fit(distances: 1...4, times: 1...2)
    #expect(fit.sommerScale == nil && fit.stringTension.value < 0)
  }

  @Test("two dimensions: V(R) = -R ln P at every T")
  func twoDimensions() throws {
    let action = try WilsonAction(beta: 8, dimension: 2)
    var field = try LinkField<Double>(try Geometry([32, 32]), group: .su2, batch: 8)
    let heatBath = HeatBath(action: action, seed: 51)
    var replicas = [[[[Double]]]](repeating: [], count: 8)
    for sweep in 0..<240 {
      heatBath.update(&field, sweep: UInt32(sweep))
      Overrelaxation(action: action).update(&field)
      if sweep % 5 == 4 { field.reunitarize() }
      guard sweep >= 40 else { continue }
      let loops = field.staticPotentialLoopsOfMembers(maximumR: 4, maximumT: 4, smearing: nil)
      for (member, table) in loops.enumerated() { replicas[member].append(table) }
    }
    let data = try StaticPotential(replicas: replicas)
    let plaquette = exactPlaquette2D(.su2, beta: 8)
    for r in 1...4 {
      for t in 1...3 {
        let effective = try #require(data.effectivePotential(r: r, t: t))
        #expect(abs(effective.pull(from: -Double(r) * log(plaquette))) < 3.5, "R \(r) T \(t)")
        #expect(effective.error < 0.02)
        let loop = data.loop(r: r, t: t)
        #expect(abs(loop.pull(from: pow(plaquette, Double(r * t)))) < 3.5)
      }
    }
    // A straight line: no Coulomb term.
    let fit = try data.fit(distances: 1...4, times: 1...2)
    #expect(abs(fit.stringTension.pull(from: -log(plaquette))) < 3.5)
    #expect(abs(fit.coulomb.pull(from: 0)) < 3.5)
    #expect(abs(fit.constant.pull(from: 0)) < 3.5)
  }
}

@Suite("Lattice Coulomb potential")
struct LatticeCoulombTests {
  /// Watson's integral: G(0) = 0.2527310098586630, and 6 G(0) - 6 G(1) = 1 by Poisson's equation.
  @Test("known values")
  func values() {
    let first = 0.252731009858663 - 1.0 / 6
    #expect(abs(treeLevelImprovedDistance(1) - 1 / (4 * Double.pi * first)) < 1e-12)
    // Corrections vanish as R^(-2) relative: 1/r_I = 1/R (1 + 1/(4 R^2) + ...) on an axis.
    for r in [6, 10, 20, 40] {
      let excess = (Double(r) / treeLevelImprovedDistance(r) - 1) * Double(r * r)
      #expect(abs(excess - 0.25) < 4 / Double(r * r))
    }
  }
}
