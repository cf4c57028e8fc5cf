import ComplexModule
import Compute
import Foundation
import Fourier
import Lattice
import Loops
import RealModule

/// Checks of a configuration from a file: what it is, and that what is invariant is so on it.
public enum ConfigurationCheck {
  /// What one configuration shows.
  ///
  /// - Unitarity and determinant, to 1e-10, for files of 32 bits 1e-5.
  /// - What its header says of itself: plaquette and link trace to the digits printed, the checksum.
  /// - Questions without a right answer: whether it is in Landau or Coulomb gauge (the divergence is
  ///   below a hundredth of that of random links), whether all links are near the unit (the mean of
  ///   Re tr U / N above 0.999), whether all plaquettes are (likewise).
  /// - Invariance of observables under gauge transformations and translations of it.
  ///
  /// - Parameter seed: of the transformations.
  public static func results(
    of configuration: Configuration<Double>, seed: UInt64
  ) throws -> [CheckResult] {
    let (u, info) = (configuration.field, configuration.info)
    let file = FileSubject(
      name: info.file, setting: "\(info.group) on \(u.geometry)",
      tolerance: info.storedBits == 64 ? 1e-10 : 1e-5)
    return membership(u, file) + header(u, info, file) + gauges(u, file)
      + (try invariance(u, file, seed: seed))
  }

  private struct FileSubject {
    let name: String
    let setting: String
    let tolerance: Double

    func result(
      _ check: String, _ deviation: Double, tolerance: Double? = nil, _ detail: String = ""
    ) -> CheckResult {
      CheckResult(
        subject: name, check: check, setting: setting, deviation: deviation,
        tolerance: tolerance ?? self.tolerance, detail: detail)
    }

    func answer(_ check: String, _ number: Double?, limit: Double, isYes: Bool) -> CheckResult {
      CheckResult(
        subject: name, check: check, setting: setting, deviation: number, tolerance: limit,
        verdict: isYes ? .yes : .no, detail: number.map { "\($0)" } ?? "nothing to tell it by")
    }
  }

  private static func membership(_ u: LinkField<Double>, _ file: FileSubject) -> [CheckResult] {
    var determinant = (value: 0.0, site: 0, mu: 0)
    for site in 0..<u.geometry.volume {
      for mu in 0..<u.dimension where u.boundary.hasLink(mu, at: site, in: u.geometry) {
        let det = u[site, mu].determinant
        // The phase of U(1) is free.
        let distance = u.group == .u1 ? abs(det.length - 1) : (det - 1).length
        if !(distance <= determinant.value) {
          determinant = (distance.isNaN ? .infinity : distance, site, mu)
        }
      }
    }
    let place = "site \(u.geometry.coordinates(of: determinant.site)), direction \(determinant.mu)"
    return [
      file.result("unitary", u.unitarityViolation()),
      file.result("determinant", determinant.value, "worst at \(place)"),
    ]
  }

  private static func header(
    _ u: LinkField<Double>, _ info: ConfigurationInfo, _ file: FileSubject
  ) -> [CheckResult] {
    var results = [CheckResult]()
    let claims = [("plaquette", ["PLAQUETTE"]), ("link trace", ["LINK_TRACE"])]
    for (name, keys) in claims {
      guard let text = keys.compactMap({ info.header[$0] }).first, let claimed = Double(text) else {
        continue
      }
      let found = name == "plaquette" ? u.plaquette() : u.linkTrace()
      results.append(
        file.result(
          "header's \(name)", abs(claimed - found),
          tolerance: headerTolerance(text, storedBits: info.storedBits),
          "header \(claimed), links \(found)"))
    }
    if info.checksum != .absent {
      results.append(file.result("header's checksum", info.checksum == .ok ? 0 : .infinity))
    }
    return results
  }

  /// One unit of the last digit that is printed, and rounding of the links; a whole number, of which a unit
  /// would allow anything, is exact.
  static func headerTolerance(_ text: String, storedBits: Int) -> Double {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    let fraction = parts.first?.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
    let decimals = fraction?.first?.count ?? 0
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    let digit = Double.pow(10, Double(exponent - decimals))
    return (digit < 1 ? 1.01 * digit : 0) + (storedBits == 32 ? 1e-6 : 1e-12)
  }

  private static func gauges(_ u: LinkField<Double>, _ file: FileSubject) -> [CheckResult] {
    // Published ensembles were fixed until the functional changed by some 1e-6, which leaves 1e-3.
    let fixed = 1e-2
    var results = GaugeCondition.allCases.map { condition in
      let distance = u.boundary.anyOpen ? nil : u.gaugeDistances(condition)[0]
      return file.answer(
        "\(condition.rawValue.capitalized) gauge", distance, limit: fixed,
        isYes: distance.map { $0 < fixed } ?? false)
    }
    let limit = 1e-3
    for (name, value) in [("links near 1", u.linkTrace()), ("plaquettes near 1", u.plaquette())] {
      results.append(
        file.answer(name, abs(1 - value), limit: limit, isYes: abs(1 - value) < limit))
    }
    return results
  }

  private static func observables(_ u: LinkField<Double>) -> [Double] {
    let clover = u.cloverObservables()
    let optional: [Double?] =
      [u.meanRectangle(), clover.energySpatial, clover.energyTemporal, clover.charge]
      + (0..<u.dimension).flatMap { mu -> [Double?] in
        let loop: Complex<Double>? = u.polyakovLoop(mu)
        return [loop?.real, loop?.imaginary]
      }
    // What does not exist stays away.
    return u.planePlaquettes().filter(\.isFinite) + optional.compactMap { $0 }.filter(\.isFinite)
  }

  private static func invariance(
    _ u: LinkField<Double>, _ file: FileSubject, seed: UInt64
  ) throws -> [CheckResult] {
    let before = observables(u)
    let scale = max(1, before.map(\.magnitude).max() ?? 1)
    func deviation(_ moved: LinkField<Double>) -> Double {
      let after = observables(moved)
      guard after.count == before.count else { return .infinity }
      return zip(after, before).reduce(0) {
        let difference = abs($1.0 - $1.1) / scale
        return difference.isNaN ? .infinity : max($0, difference)
      }
    }
    // Sums over sites grow like their number.
    let tolerance = 1e-10
    let gauge = [GaugeTransformationKind.haar, .localised].map {
      deviation(u.transformed(by: $0.make(for: u, seed: seed)))
    }
    let step = u.boundary.isOpen.enumerated().map { $0.element ? 0 : $0.offset % 2 == 0 ? 1 : -2 }
    return [
      file.result(
        "gauge invariance", gauge.max()!, tolerance: tolerance,
        "\(before.count) observables, a random transformation and one of a single site"),
      file.result(
        "translation invariance", deviation(u.shifted(by: step)), tolerance: tolerance,
        "by \(step)"),
    ]
  }
}
