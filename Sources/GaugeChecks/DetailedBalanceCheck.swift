import ComplexModule
import Compute
import Foundation
import Lattice
import Loops
import RealModule
import Sampling
import Statistics

/// Statistical checks of updaters.
///
/// Where about half of the moves are rejected, one rejected move of a hundred that is accepted moves
/// the plaquette of a small lattice by a few per cent, and nothing where none are: coarse steps on a
/// 2 x 2 lattice in a batch of hundreds see it in 2 x 10^5 updates, within a second. Probabilities
/// times 1.01 move it by half a percent, and take 5 x 10^6. Where the updater tells its energy
/// changes, `acceptance` sees both in 2 x 10^5.
public enum SamplerCheck {
  /// One update of all batch members; the number differs from update to update.
  public typealias Update<Scalar: LatticeReal> = (
    _ field: inout LinkField<Scalar>, _ number: UInt32
  ) throws -> Void

  /// Whether an updater has the plaquette of the Wilson action on a torus of two dimensions, and its
  /// square, at their exact values.
  ///
  /// It begins in equilibrium, by heat-bath sweeps. Errors by the Gamma method.
  ///
  /// - Parameters:
  ///   - beta: the coupling.
  ///   - falseAlarmRate: the chance of failing though the updater is right.
  public static func detailedBalance<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting, beta: Double, effort: SamplingEffort = .init(),
    falseAlarmRate: Double = 1e-5, update: Update<Scalar>
  ) throws -> BalanceReport {
    let action = try WilsonAction(beta: beta, dimension: 2)
    try action.validate(setting.geometry, setting.group)
    let exact = ExactTorus2D(setting.group, beta: beta, volume: setting.geometry.volume)
    let heatBath = HeatBath(action: action, seed: setting.seed)
    var field = try LinkField<Scalar>(
      setting.geometry, group: setting.group, batch: effort.replicas)
    for sweep in 0..<100 { heatBath.update(&field, sweep: UInt32(sweep)) }
    let found = try sample(&field, effort, plaquettes, update)
    return report(
      name, "exact values", setting, effort, falseAlarmRate, found.map(\.name),
      found: found.map(\.result),
      expected: [exact.plaquette, exact.squaredPlaquette].map { Estimate(value: $0, error: 0) })
  }

  /// Whether an updater has the same expectation values as another one, such as a heat bath: the
  /// plaquette, its square, and the squared magnitude of Polyakov loops.
  ///
  /// The reference thermalises a cold start, from which both go on with their own random numbers.
  public static func detailedBalance<Scalar: LatticeReal>(
    of name: String, and referenceName: String, on setting: CheckSetting,
    effort: SamplingEffort = .init(), falseAlarmRate: Double = 1e-5, update: Update<Scalar>,
    reference: Update<Scalar>
  ) throws -> BalanceReport {
    var field = try LinkField<Scalar>(
      setting.geometry, group: setting.group, batch: effort.replicas)
    for number in 0..<UInt32(effort.thermalization) { try reference(&field, number) }
    var other = field
    let found = try sample(&field, effort, plaquettesAndPolyakovLoops, update)
    // The reference has used some numbers.
    let expected = try sample(
      &other, effort, plaquettesAndPolyakovLoops, from: UInt32(effort.thermalization), reference)
    return report(
      name, referenceName, setting, effort, falseAlarmRate, found.map(\.name),
      found: found.map(\.result), expected: expected.map(\.result.estimate))
  }

  private typealias Observables = [(name: String, values: [Double])]

  private static func plaquettes<Scalar>(_ field: LinkField<Scalar>) -> Observables {
    let p = field.planePlaquettesOfMembers().map { $0.reduce(0, +) / Double($0.count) }
    return [("plaquette", p), ("squared plaquette", p.map { $0 * $0 })]
  }

  private static func plaquettesAndPolyakovLoops<Scalar>(
    _ field: LinkField<Scalar>
  ) -> Observables {
    var squares = [Double](repeating: 0, count: field.batch)
    for mu in 0..<field.dimension {
      let loops: [Complex<Double>]? = field.polyakovLoopsOfMembers(mu)
      for (member, loop) in (loops ?? []).enumerated() {
        squares[member] += loop.lengthSquared / Double(field.dimension)
      }
    }
    return plaquettes(field) + [("squared Polyakov loop", squares)]
  }

  private static func sample<Scalar>(
    _ field: inout LinkField<Scalar>, _ effort: SamplingEffort,
    _ observables: (LinkField<Scalar>) -> Observables, from first: UInt32 = 0,
    _ update: Update<Scalar>
  ) throws -> [(name: String, result: GammaResult)] {
    var names = [String]()
    var series = [[[Double]]]()
    for number in 0..<(effort.thermalization + effort.updates) {
      try update(&field, first + UInt32(number))
      if number < effort.thermalization { continue }
      for (k, (name, values)) in observables(field).enumerated() {
        if k == names.count {
          names.append(name)
          series.append(Array(repeating: [], count: effort.replicas))
        }
        for (member, value) in values.enumerated() { series[k][member].append(value) }
      }
    }
    return try zip(names, series).map {
      ($0, try GammaMethod().analyse(Measurements(replicaSeries: $1)))
    }
  }

  private static func report(
    _ name: String, _ reference: String, _ setting: CheckSetting, _ effort: SamplingEffort,
    _ falseAlarmRate: Double, _ names: [String], found: [GammaResult], expected: [Estimate]
  ) -> BalanceReport {
    let threshold = normalQuantile(twoSidedTail: falseAlarmRate / Double(names.count))
    let comparisons = zip(names, zip(found, expected)).map { name, pair in
      let (result, expected) = pair
      let error = hypot(result.error, expected.error)
      let pull = Estimate(value: result.value, error: error).pull(from: expected.value)
      return BalanceReport.Comparison(
        observable: name, found: result.estimate, expected: expected,
        autocorrelationTime: result.integratedAutocorrelationTime,
        isResolved: !result.windowReachedLimit, pull: pull,
        pValue: SpecialFunctions.normalTwoSidedTail(pull),
        resolution: (threshold + normalQuantile(twoSidedTail: 0.2)) * error)
    }
    return BalanceReport(
      subject: name, reference: reference, setting: "\(setting)", comparisons: comparisons,
      falseAlarmRate: falseAlarmRate, samples: effort.replicas * effort.updates,
      seed: setting.seed)
  }
}

/// z with erfc(z / sqrt 2) = p, by bisection.
func normalQuantile(twoSidedTail p: Double) -> Double {
  var (low, high) = (0.0, 40.0)
  for _ in 0..<80 {
    let middle = (low + high) / 2
    if SpecialFunctions.normalTwoSidedTail(middle) > p { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
