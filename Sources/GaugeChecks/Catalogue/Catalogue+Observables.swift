import ComplexModule
import Compute
import Lattice
import Loops

extension CheckCatalogue {
  /// U(1) has no traceless field strength.
  static func hasCloverCharge(_ setting: CheckSetting) -> Bool {
    setting.geometry.dimension == 4 && setting.group != .u1
  }

  /// U(1) in two dimensions; on few sites random fields may have no charge at all.
  static func hasCharge(_ setting: CheckSetting) -> Bool {
    setting.group == .u1 && setting.geometry.dimension == 2 && setting.geometry.volume >= 48
  }

  /// Observables and site fields with their declared symmetries.
  static func observables<S: LatticeReal>(_: S.Type) -> [CheckSubject] {
    func observable(
      _ name: String, _ declared: DeclaredSymmetries = .init(),
      exists: @escaping @Sendable (CheckSetting) -> Bool = { _ in true },
      _ body: @escaping @Sendable (LinkField<S>) throws -> [Double]
    ) -> CheckSubject {
      let name = "observables/\(name)"
      return CheckSubject(name) { setting in
        guard exists(setting) else { return [] }
        return try DeclaredSymmetries.verify(
          declared: declared, observable: name, on: setting, body
        ).map { CheckResult($0, subject: name) }
      }
    }
    func siteField(
      _ name: String, _ declared: DeclaredSymmetries,
      _ body: @escaping @Sendable (LinkField<S>) throws -> SiteField<S>
    ) -> CheckSubject {
      let name = "observables/\(name)"
      return CheckSubject(name) { setting in
        try DeclaredSymmetries.verify(declared: declared, siteField: name, on: setting, body)
          .map { CheckResult($0, subject: name) }
      }
    }
    @Sendable func pairs(_ values: [Complex<Double>]) -> [Double] {
      values.flatMap { [$0.real, $0.imaginary] }
    }
    let conjugate = DeclaredSymmetries(chargeConjugation: .conjugate)
    return [
      observable("plaquette") { $0.planePlaquettes() },
      observable("link-trace", DeclaredSymmetries(gauge: .none)) { [$0.linkTrace()] },
      observable("rectangle") { [$0.meanRectangle() ?? .nan] },
      observable("wilson-loops") {
        $0.wilsonLoopTable(maximumR: 2, maximumT: 3).flatMap { $0.map { $0 ?? .nan } }
      },
      observable("plane-wilson-loops", conjugate) { u in
        pairs(u.planeWilsonLoops(2, 1).map { $0 ?? Complex(.nan) })
      },
      observable("polyakov-loop", conjugate) { u in
        pairs((0..<u.dimension).map { u.polyakovLoop($0) ?? Complex(.nan) })
      },
      observable("loop-trace", conjugate) { u in
        let path = try LatticePath("+x +x +t -x -t -x", dimension: u.dimension)
        return pairs([u.loopTrace(path) ?? Complex(.nan)])
      },
      observable("clover-energy") { u in
        let clover = u.cloverObservables()
        return u.dimension == 2
          ? [clover.energyTemporal] : [clover.energySpatial, clover.energyTemporal]
      },
      observable("clover-charge", exists: hasCloverCharge) { u in
        ChargeDefinition.allCases.map { u.topologicalCharge($0) ?? .nan }
      },
      observable("schwinger-dyson") { u in
        let d = u.dimension
        var terms: [any LaplacianAction] = [
          try WilsonAction(beta: 1, dimension: d), try RectangleAction(beta: 1, dimension: d),
        ]
        if d == 4 { terms.append(try ThetaAction(theta: 1, dimension: d)) }
        let equations = SchwingerDyson.ofMembers(u, terms: terms)[0]
        return equations.laplacians + equations.products.flatMap { $0 }
      },
      observable("charge", DeclaredSymmetries(chargeConjugation: .odd), exists: hasCharge) {
        [$0.topologicalCharge() ?? .nan]
      },
      siteField("plaquette-field", conjugate) { $0.plaquetteField() },
      siteField("polyakov-field", conjugate) { $0.polyakovLoopField(0) },
      // F = (C - C^dagger) / (8i) gets a sign from conjugating i.
      siteField("clover-field", DeclaredSymmetries(chargeConjugation: nil)) {
        $0.cloverFieldStrength()
      },
    ]
  }
}
