import Compute
import Lattice
import Loops

extension CheckCatalogue {
  /// Smearings: covariant maps into the group.
  static func smearings<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    ["ape:0.5", "hyp", "stout:0.1:2", "ape:0.4:1:spatial", "hyp:1:spatial"].map { text in
      let name = "smearings/\(text)"
      return CheckSubject(name) { setting in
        let smearing = try Smearing(text)
        let isFlat = setting.geometry.dimension == 2
        // In two dimensions space has no plaquettes to smear with.
        if smearing.spatialOnly && isFlat { return [] }
        return try mapResults(name, setting) { (u: LinkField<S>) in u.smeared(smearing) }
      }
    }
  }

  /// Gradient flows: covariant, downhill, of third order.
  static func flows<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    let flows: [(String, @Sendable (CheckSetting) -> GradientFlow)] = [
      ("wilson", { .wilson($0.group, dimension: $0.geometry.dimension) }),
      ("symanzik", { .symanzik($0.group, dimension: $0.geometry.dimension) }),
    ]
    return flows.map { flowName, flow in
      let name = "flows/\(flowName)"
      return CheckSubject(name) { setting in
        let flow = flow(setting)
        var results = try mapResults(name, setting) { (u: LinkField<S>) in
          FlowOrder.flowed(u, flow, steps: 3, step: 0.02)
        }
        if S.self == Double.self {
          results += try FlowOrder(flow, setting).results(name)
        }
        return results
      }
    }
  }

  /// Symmetries of a map and that its links are in the group.
  private static func mapResults<S: LatticeReal>(
    _ name: String, _ setting: CheckSetting, _ map: (LinkField<S>) throws -> LinkField<S>
  ) throws -> [CheckResult] {
    let declared = DeclaredSymmetries(chargeConjugation: .conjugate)
    let reports = try DeclaredSymmetries.verify(declared: declared, map: name, on: setting, map)
    let inputs: [LinkField<S>] = try setting.inputs()
    return reports.map { CheckResult($0, subject: name) }
      + [GroupMembership.result(of: try inputs.map(map), subject: name, setting)]
  }
}

/// Whether matrices are in the group.
enum GroupMembership {
  /// The largest of |U U^dagger - 1| and |det U - 1| by plain arithmetic; links that do not exist are
  /// left out.
  static func violation<S>(_ field: LinkField<S>, member: Int = 0) -> Double {
    var worst = 0.0
    for site in 0..<field.geometry.volume {
      for mu in 0..<field.dimension
      where field.boundary.hasLink(mu, at: site, in: field.geometry) {
        let u = field[site, mu, member]
        let unitarity = (u * u.adjoint - .identity(u.n)).frobeniusNorm
        let determinant = u.n == 1 ? 0 : (u.determinant - 1).length
        let violation = max(unitarity, determinant)
        // Of complex numbers that are not finite the length is infinite, the norm may be NaN.
        worst = violation.isNaN || unitarity.isNaN ? .infinity : max(worst, violation)
      }
    }
    return worst
  }

  static func result<S>(
    of fields: [LinkField<S>], subject: String, _ setting: CheckSetting
  ) -> CheckResult {
    CheckResult(
      subject: subject, check: "in the group", setting: "\(setting)",
      deviation: fields.map { violation($0) }.max() ?? .infinity,
      tolerance: setting.tolerance.value(ulp: Double(S.ulpOfOne)))
  }
}
