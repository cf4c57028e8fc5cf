import Compute
import Lattice
import Loops
import Sampling

/// Checks that maps commute with gauge transformations and translations at once.
public enum CovarianceCheck {
  /// Whether a map of links, such as a smearing, commutes with gauge transformations and translations:
  /// f(U^g) = f(U)^g, f(shifted U) = shifted f(U).
  ///
  /// - Returns: a report for either; both have to hold.
  public static func mapCovariance<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting,
    map: (LinkField<Scalar>) throws -> LinkField<Scalar>
  ) throws -> [SymmetryReport] {
    [
      try GaugeCheck.covariance(ofMap: name, on: setting, map: map),
      try TranslationCheck.covariance(ofMap: name, on: setting, map: map),
    ]
  }

  /// Whether a gradient flow commutes with gauge transformations and translations, over steps that
  /// move the links by much more than the tolerance.
  public static func flowCovariance<Scalar: LatticeReal>(
    of flow: GradientFlow, on setting: CheckSetting, steps: Int = 3, step: Double = 0.02,
    precision: Scalar.Type = Double.self
  ) throws -> [SymmetryReport] {
    try flow.action.validate(setting.geometry, setting.group)
    return try mapCovariance(of: "flow of \(flow.action.name)", on: setting) {
      (u: LinkField<Scalar>) in
      var v = u
      var accumulator = AlgebraField<Scalar>(layout: u.layout, group: u.group)
      for _ in 0..<steps { flow.step(&v, by: step, accumulator: &accumulator) }
      return v
    }
  }

  /// Whether an integrator of links and momenta commutes with gauge transformations, under which
  /// P_mu(x) -> g(x) P_mu(x) g(x)^dagger, and with translations.
  ///
  /// - Parameter integrate: moves links and momenta along a trajectory.
  /// - Returns: a report for either; both have to hold.
  public static func dynamicsCovariance<Scalar: LatticeReal>(
    of name: String, on setting: CheckSetting,
    integrate: (inout LinkField<Scalar>, inout AlgebraField<Scalar>) throws -> Void
  ) throws -> [SymmetryReport] {
    let inputs = try setting.inputs(of: Scalar.self).enumerated().map {
      PhaseSpacePoint($0.element, seed: setting.seed, trajectory: UInt32($0.offset))
    }
    func move(_ point: PhaseSpacePoint<Scalar>) throws -> PhaseSpacePoint<Scalar> {
      var moved = point
      try integrate(&moved.links, &moved.momenta)
      return moved
    }
    let gauge = SymmetryExamination<PhaseSpacePoint<Scalar>, PhaseSpacePoint<Scalar>, _>(
      check: "covariance of an integrator", subject: name, symmetry: "gauge", setting: setting,
      inputs: inputs, ulp: Double(Scalar.ulpOfOne),
      elements: { point in
        GaugeTransformationKind.allCases.enumerated().map { index, kind in
          (kind.description, kind.make(for: point.links, seed: setting.seed &+ UInt64(index)))
        }
      },
      onInput: { $0.transformed(by: $1) }, onOutput: { $0.transformed(by: $1) },
      numbers: { CheckOutput($0) })
    let translation = SymmetryExamination<PhaseSpacePoint<Scalar>, PhaseSpacePoint<Scalar>, _>(
      check: "covariance of an integrator", subject: name, symmetry: "translation",
      setting: setting, inputs: inputs, ulp: Double(Scalar.ulpOfOne),
      elements: { point in
        TranslationCheck.displacements(point.links.dimension).map {
          ("a translation by \($0)", $0)
        }
      },
      onInput: { $0.shifted(by: $1) }, onOutput: { $0.shifted(by: $1) },
      numbers: { CheckOutput($0) })
    return [try gauge.report(move), try translation.report(move)]
  }

  /// Whether the trajectories of molecular dynamics commute with both, so that hybrid Monte Carlo
  /// does with its momenta transformed along.
  public static func dynamicsCovariance<Scalar: LatticeReal>(
    of dynamics: MolecularDynamics, on setting: CheckSetting,
    precision: Scalar.Type = Double.self
  ) throws -> [SymmetryReport] {
    try dynamics.action.validate(setting.geometry, setting.group)
    return try dynamicsCovariance(of: dynamics.checkName, on: setting) {
      (links: inout LinkField<Scalar>, momenta: inout AlgebraField<Scalar>) in
      dynamics.integrate(&links, &momenta)
    }
  }
}

extension MolecularDynamics {
  /// What reports call it, such as "omelyan of wilson".
  var checkName: String {
    levels.map { "\($0.integrator.name) of \($0.action.name)" }.joined(separator: " in ")
      + (acceleration.map { ", Fourier acceleration with mass \($0.mass)" } ?? "")
  }
}
