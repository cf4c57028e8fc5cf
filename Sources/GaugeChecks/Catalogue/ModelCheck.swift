import Autodiff
import Compute
import GaugeLayers
import Lattice

/// Checks of a network with its trained weights.
public enum ModelCheck {
  /// The declared symmetries of all layers, and attacks on the gauge symmetry of the predictions.
  ///
  /// - Parameters:
  ///   - name: what the results call the model.
  ///   - setting: a lattice of the network's group and dimension.
  /// - Throws: `LayerError` for a lattice that the network is not made for.
  public static func results(
    of network: GaugeNetwork<Double>, _ parameters: Parameters<Double>, name: String,
    on setting: CheckSetting
  ) throws -> [CheckResult] {
    let layers = try NetworkCheck.symmetries(of: network, parameters, on: setting).map {
      CheckResult($0, subject: "\(name): \($0.subject)")
    }
    var links = try LinkField<Double>(setting.geometry, group: setting.group, batch: 2)
    links.setNearUnit(epsilon: 0.5, seed: setting.seed)
    let isDeclared = network.description.declaredSymmetries.gauge == .all
    let tolerance = setting.tolerance.value(ulp: .ulpOfOne)
    func model(_ links: Variable<LinkField<Double>>) throws -> Variable<Tensor<Double>> {
      try network(links, links.tape.constant(parameters))
    }
    func result(_ report: GaugeAttackReport) -> CheckResult {
      let verdict: CheckResult.Verdict =
        isDeclared
        ? (report.holds(tolerance) ? .holds : .violated)
        : (report.largest > 1000 * tolerance ? .seenBroken : .notSeenBroken)
      return CheckResult(
        subject: name, check: "\(report.kind.rawValue) gauge attack", setting: "\(setting)",
        deviation: report.largest, tolerance: tolerance, verdict: verdict,
        detail: report.description)
    }
    return layers + [
      result(
        try GaugeAttack.random(
          on: links, of: name, transformations: 5, seed: setting.seed, model: model)),
      result(
        try GaugeAttack.adversarial(
          on: links, of: name, steps: 20, seed: setting.seed, model: model)),
    ]
  }
}
