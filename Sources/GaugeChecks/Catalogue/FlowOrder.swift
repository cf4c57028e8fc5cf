import Compute
import Foundation
import Lattice
import Loops

/// How fast the steps of a gradient flow converge: the error of one step falls with the fourth power of
/// its size, and to first order it is V - h F V.
struct FlowOrder {
  private let flow: GradientFlow
  private let setting: CheckSetting
  private let start: LinkField<Double>

  init(_ flow: GradientFlow, _ setting: CheckSetting) throws {
    (self.flow, self.setting) = (flow, setting)
    var start = try LinkField<Double>(setting.geometry, group: setting.group)
    start.setNearUnit(epsilon: 0.4, seed: setting.seed)
    self.start = start
  }

  static func flowed<S: LatticeReal>(
    _ u: LinkField<S>, _ flow: GradientFlow, steps: Int, step: Double
  ) -> LinkField<S> {
    var v = u
    var accumulator = AlgebraField<S>(layout: u.layout, group: u.group)
    for _ in 0..<steps { flow.step(&v, by: step, accumulator: &accumulator) }
    return v
  }

  /// ln of the ratio of two distances over ln 2: the power of the step size.
  private func power(_ distance: (Double) -> Double) -> Double {
    let h = 0.01
    return log2(distance(h) / distance(h / 2))
  }

  func results(_ name: String) -> [CheckResult] {
    // One step against two of half the size.
    let local = power { h in
      Self.flowed(start, flow, steps: 1, step: h).largestLinkDistance(
        to: Self.flowed(start, flow, steps: 2, step: h / 2))
    }
    // Against exp(-h F) V.
    let force: AlgebraField<Double> = flow.action.force(of: start)
    let first = power { h in
      var euler = start
      euler.multiplyByExponential(of: force, times: -h)
      return euler.largestLinkDistance(to: Self.flowed(start, flow, steps: 1, step: h))
    }
    let values = [0, 1, 2].map {
      flow.action.value(of: Self.flowed(start, flow, steps: $0, step: 0.02))
    }
    // The next order moves a power by a few tenths, a wrong coefficient by one at least.
    func result(_ check: String, _ found: Double, _ expected: Double) -> CheckResult {
      CheckResult(
        subject: name, check: check, setting: "\(setting)", deviation: abs(found - expected),
        tolerance: 0.4, detail: "power \(found) for \(expected)")
    }
    return [
      result("order of a step", local, 4), result("first order", first, 2),
      CheckResult(
        subject: name, check: "descent", setting: "\(setting)",
        deviation: max(values[1] - values[0], values[2] - values[1]), tolerance: 0,
        detail: "values \(values)"),
    ]
  }
}
