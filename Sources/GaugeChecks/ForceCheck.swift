import Compute
import Lattice
import Loops

/// Checks of actions against their forces.
public enum ForceCheck {
  /// Whether the force of an action is the derivative of its value: dS/ds = -sum tr(X F) along
  /// U -> exp(s X) U.
  ///
  /// Random directions X on all links see any mistake that is large enough, single generators on
  /// single links those in the wrong place; where the first see what the second miss, all generators
  /// of all links are looked at. A typical slope is |X| |F| / sqrt(components of X that are not zero).
  /// Of a piecewise constant action the force has to be zero, and the value constant over short
  /// distances.
  ///
  /// - Parameters:
  ///   - boundary: periodic by default.
  ///   - allLinks: random directions on all links, for each of four inputs.
  ///   - singleLinks: random generators on random links, for each input.
  /// - Throws: `ActionError` where the action does not exist on the lattice.
  public static func forceMatchesAction<Scalar: LatticeReal>(
    _ action: any Action, on setting: CheckSetting, boundary: Boundary? = nil, allLinks: Int = 2,
    singleLinks: Int = 16, precision: Scalar.Type = Double.self
  ) throws -> ForceReport {
    try action.validate(setting.geometry, setting.group)
    var examinations = [ForceExamination<Scalar>]()
    for (index, input) in try setting.inputs(of: Scalar.self).enumerated() {
      var field = input
      if let boundary { field.setBoundary(boundary) }
      var examination = ForceExamination(action, field, name: "input \(index)")
      examination.compareAllLinks(count: allLinks, seed: setting.seed &* 16 &+ UInt64(index))
      let hasMissed = examination.isSuspicious
      examination.compareRandomLinks(count: singleLinks, seed: setting.seed &* 4 &+ UInt64(index))
      if hasMissed, !examination.hasSuspiciousLink { examination.compareEveryLink() }
      examinations.append(examination)
    }
    let slopes = examinations.flatMap(\.slopes)
    // A single link says more than all of them.
    let worst = slopes.max {
      ($0.isSuspicious && $0.place != nil ? 1 : 0, $0.excess)
        < ($1.isSuspicious && $1.place != nil ? 1 : 0, $1.excess)
    }
    let isZero = examinations.allSatisfy { $0.forceNorm == 0 }
    return ForceReport(
      subject: action.name, setting: "\(setting)", deviation: worst?.deviation ?? .infinity,
      tolerance: worst?.tolerance ?? 0, place: worst?.place, expected: worst?.expected ?? .nan,
      found: worst?.found ?? .nan, direction: worst?.direction ?? "", directions: slopes.count,
      seed: setting.seed, isPiecewiseConstant: action.isPiecewiseConstant,
      isVacuous: slopes.isEmpty
        || (!action.isPiecewiseConstant && isZero && !slopes.contains(where: \.isSuspicious)),
      isUnresolved: !slopes.allSatisfy(\.isResolved))
  }
}

/// The slopes of one input.
private struct ForceExamination<Scalar: LatticeReal> {
  let action: any Action
  let field: LinkField<Scalar>
  let name: String
  let force: AlgebraField<Scalar>
  let forceNorm: Double
  private(set) var slopes: [ForceSlope] = []
  private let ulp = Double(Scalar.ulpOfOne)

  init(_ action: any Action, _ field: LinkField<Scalar>, name: String) {
    (self.action, self.field, self.name) = (action, field, name)
    force = action.force(of: field)
    forceNorm = Self.product(force, force).squareRoot()
  }

  var isSuspicious: Bool { slopes.contains(where: \.isSuspicious) }
  var hasSuspiciousLink: Bool { slopes.contains { $0.isSuspicious && $0.place != nil } }

  mutating func compareAllLinks(count: Int, seed: UInt64) {
    for k in 0..<count {
      var x = AlgebraField<Scalar>(layout: field.layout, group: field.group)
      x.setGaussian(seed: seed &* 64 &+ UInt64(k))
      x.clearMissingLinks(of: field.boundary)
      let links = field.geometry.volume * field.dimension
      compare(x, components: links * field.group.algebraDimension, place: nil)
    }
  }

  mutating func compareRandomLinks(count: Int, seed: UInt64) {
    let stream = RandomStream(seed: seed, purpose: .checks)
    let components = AlgebraComponent.all(field.group)
    var draw: UInt32 = 0
    func random(_ count: Int) -> Int {
      draw += 1
      return min(count - 1, Int(stream.uniforms(draw, 3).0 * Double(count)))
    }
    for _ in 0..<count {
      let (site, mu) = (random(field.geometry.volume), random(field.dimension))
      let component = components[random(components.count)]
      if field.boundary.hasLink(mu, at: site, in: field.geometry) { compare(site, mu, component) }
    }
  }

  mutating func compareEveryLink() {
    for site in 0..<field.geometry.volume {
      for mu in 0..<field.dimension
      where field.boundary.hasLink(mu, at: site, in: field.geometry) {
        for component in AlgebraComponent.all(field.group) { compare(site, mu, component) }
      }
    }
  }

  private mutating func compare(_ site: Int, _ mu: Int, _ component: AlgebraComponent) {
    var x = AlgebraField<Scalar>(layout: field.layout, group: field.group)
    x[site, mu] = component.matrix(field.group.n)
    // Typical of one component of one link.
    let links = field.geometry.volume * field.dimension
    compare(
      x, components: links * field.group.algebraDimension,
      place: .init(
        site: field.geometry.coordinates(of: site), direction: mu, component: component))
  }

  private mutating func compare(
    _ x: AlgebraField<Scalar>, components: Int, place: ForceReport.Place?
  ) {
    let found = Self.product(x, force)
    let norm = Self.product(x, x).squareRoot()
    let largest = Self.largestNorm(x)
    // Short of the next jump where the value has some.
    let firstStep = action.isPiecewiseConstant ? 1e-5 : 0.25
    let derivative = ExtrapolatedDerivative(
      firstStep: firstStep / largest, levels: action.isPiecewiseConstant ? 2 : ulp < 1e-10 ? 6 : 4
    ) { s in
      var moved = field
      moved.multiplyByExponential(of: x, times: Scalar(s))
      return action.value(of: moved)
    }
    var typical = norm * forceNorm / Double(components).squareRoot()
    typical = max(typical, abs(found), abs(derivative.value))
    // Where nothing is to be seen, deviations are absolute.
    if typical == 0 || action.isPiecewiseConstant { typical = 1 }
    // A piecewise constant value may vanish as a sum of terms of order 1.
    let terms = action.isPiecewiseConstant ? 1.0 : 0
    let rounding =
      64 * ulp * (derivative.largestValue + forceNorm + terms) / derivative.step
    let deviation = abs(found - derivative.value) / typical
    slopes.append(
      ForceSlope(
        expected: derivative.value, found: found,
        deviation: deviation.isNaN ? .infinity : deviation,
        tolerance: 1000 * ulp + (rounding + 10 * min(derivative.error, 1e300)) / typical,
        direction: (place == nil ? "a random direction on all links" : "this generator alone")
          + ", \(name)",
        place: place, ulp: ulp, isZeroExpected: action.isPiecewiseConstant))
  }

  /// -sum tr(X Y)
  private static func product(_ x: AlgebraField<Scalar>, _ y: AlgebraField<Scalar>) -> Double {
    var sum = 0.0
    for site in 0..<x.geometry.volume {
      for mu in 0..<x.dimension { sum -= (x[site, mu] * y[site, mu]).trace.real }
    }
    return sum
  }

  private static func largestNorm(_ x: AlgebraField<Scalar>) -> Double {
    var largest = 0.0
    for site in 0..<x.geometry.volume {
      for mu in 0..<x.dimension { largest = max(largest, x[site, mu].frobeniusNorm) }
    }
    return largest
  }
}

/// One direction: the slope of the value and that by the force.
private struct ForceSlope {
  let expected: Double
  let found: Double
  let deviation: Double
  let tolerance: Double
  let direction: String
  let place: ForceReport.Place?
  let ulp: Double
  let isZeroExpected: Bool

  var excess: Double { deviation / tolerance }
  var isSuspicious: Bool { !(deviation <= tolerance) }
  /// Whether the tolerance is small enough to see mistakes of a part in a million, in single precision
  /// of a tenth.
  var isResolved: Bool { isZeroExpected || tolerance < (ulp < 1e-10 ? 1e-6 : 0.1) }
}
