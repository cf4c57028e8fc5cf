import Compute
import Lattice
import Loops
import Sampling

extension CheckCatalogue {
  /// Actions: their values and forces, also with an open boundary.
  static func actions<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    typealias Make = @Sendable (Int) throws -> any Action
    func action(
      _ name: String, parity: ChargeParity = .even,
      exists: @escaping @Sendable (CheckSetting) -> Bool = { _ in true }, _ make: @escaping Make
    ) -> CheckSubject {
      let name = "actions/\(name)"
      return CheckSubject(name) { setting in
        guard exists(setting) else { return [] }
        let action = try make(setting.geometry.dimension)
        let symmetries = try DeclaredSymmetries.verify(
          declared: DeclaredSymmetries(chargeConjugation: parity), observable: name, on: setting
        ) { (u: LinkField<S>) in action.valuesOfMembers(u) }
        // In single precision differences along single links are rounding.
        let isDouble = S.self == Double.self
        let force = try ForceCheck.forceMatchesAction(
          action, on: setting, allLinks: isDouble ? 2 : 4, singleLinks: isDouble ? 16 : 0,
          precision: S.self)
        var results = symmetries.map { CheckResult($0, subject: name) }
        results.append(CheckResult(force, subject: name))
        // Open in time, where three slices are left.
        if setting.geometry.extents.last! >= 3, isDouble {
          let dimension = setting.geometry.dimension
          let boundary = Boundary(isOpen: (0..<dimension).map { $0 == dimension - 1 })
          let open = CheckResult(
            try ForceCheck.forceMatchesAction(
              action, on: setting, boundary: boundary, precision: S.self), subject: name)
          results.append(
            CheckResult(
              subject: name, check: "force, open in time", setting: open.setting,
              deviation: open.deviation, tolerance: open.tolerance, verdict: open.verdict,
              detail: open.detail))
        }
        return results
      }
    }
    return [
      action("wilson") { try WilsonAction(beta: 2.5, dimension: $0) },
      action("wilson-anisotropic") {
        try WilsonAction(beta: 2.5, anisotropy: 1.5, dimension: $0)
      },
      action("symanzik") { try ImprovedAction.symanzik(beta: 2.5, dimension: $0) },
      action("iwasaki") { try ImprovedAction.iwasaki(beta: 2.5, dimension: $0) },
      action("theta", exists: hasCloverCharge) { try ThetaAction(theta: 3, dimension: $0) },
      action("theta-2d", parity: .odd, exists: hasCharge) {
        try ThetaAction(theta: 3, dimension: $0)
      },
      action("wilson-theta", exists: hasCloverCharge) {
        try WilsonAction(beta: 2.5, dimension: $0) + ThetaAction(theta: -2, dimension: $0)
      },
    ]
  }

  /// Molecular dynamics: reversible, covariant, of its order.
  static func dynamics<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    typealias Make = @Sendable (CheckSetting) throws -> MolecularDynamics
    func dynamics(
      _ name: String, exists: @escaping @Sendable (CheckSetting) -> Bool = { _ in true },
      _ make: @escaping Make
    ) -> CheckSubject {
      let name = "dynamics/\(name)"
      return CheckSubject(name) { setting in
        guard exists(setting) else { return [] }
        let dynamics = try make(setting)
        var results = [
          CheckResult(
            try IntegratorCheck.reversibility(of: dynamics, on: setting, precision: S.self),
            subject: name)
        ]
        let covariance = try CovarianceCheck.dynamicsCovariance(
          of: dynamics, on: setting, precision: S.self)
        results += covariance.map { CheckResult($0, subject: name) }
        if S.self == Double.self {
          results.append(
            CheckResult(
              try IntegratorCheck.energyConservation(of: dynamics, on: setting), subject: name))
        }
        return results
      }
    }
    func wilson(_ integrator: Integrator, steps: Int) -> Make {
      { setting in
        MolecularDynamics([
          .init(
            try WilsonAction(beta: Double(setting.group.n), dimension: setting.geometry.dimension),
            integrator: integrator, steps: steps)
        ])
      }
    }
    let isAbelian: @Sendable (CheckSetting) -> Bool = { $0.group == .u1 }
    let accelerated: Make = { setting in
      MolecularDynamics(
        [.init(try WilsonAction(beta: 1, dimension: setting.geometry.dimension), steps: 3)],
        acceleration: try FourierAcceleration(mass: 0.5, setting.geometry))
    }
    return [
      dynamics("leapfrog", wilson(.leapfrog, steps: 4)),
      dynamics("omelyan", wilson(.omelyan, steps: 3)),
      dynamics("omf4", wilson(.omf4, steps: 2)),
      dynamics("two-levels") { setting in
        let dimension = setting.geometry.dimension
        return MolecularDynamics([
          .init(try RectangleAction(beta: -0.3, dimension: dimension), steps: 3),
          .init(try WilsonAction(beta: Double(setting.group.n), dimension: dimension), steps: 2),
        ])
      },
      dynamics("fourier-accelerated", exists: isAbelian, accelerated),
    ]
  }
}
