import Foundation
import Lattice
import Sampling
import Statistics

/// Two-point functions of an ensemble as JSON and text.
struct CorrelateReport {
  private let ensemble: TwoPointEnsemble
  private let settings: CorrelateSettings
  private let info: ConfigurationInfo
  private let directions: [String]

  init(_ ensemble: TwoPointEnsemble, _ settings: CorrelateSettings, info: ConfigurationInfo) {
    self.ensemble = ensemble
    self.settings = settings
    self.info = info
    let d = info.extents.count
    directions = (0..<d).map { directionName($0, of: d) }
  }

  private var plan: TwoPointPlan { ensemble.plan }
  private var isComplex: Bool { plan.request.density == .polyakov }

  var json: JSONValue {
    func keys(_ name: String, _ estimate: Estimate?) -> [(String, JSONValue)] {
      [(name, .number(estimate?.value)), (name + "Error", .number(estimate?.error))]
    }
    func keys(_ value: TwoPointEnsemble.Value) -> [(String, JSONValue)] {
      keys("correlator", value.correlator) + keys("connected", value.connected)
    }
    let mean = ensemble.mean
    var pairs: [(String, JSONValue)] = [
      ("observable", .string("\(settings.name)")), ("group", .string("\(info.group)")),
      ("lattice", .ints(info.extents)),
      ("smearing", settings.smearing.map { .string("\($0)") } ?? .null),
      ("flowTime", .number(settings.flowTime)), ("configurations", .int(ensemble.configurations)),
      ("bins", .int(ensemble.means.binCount)), ("binLength", .int(ensemble.means.binLength)),
      ("volume", .int(plan.request.density.volume(plan.geometry))),
    ]
    pairs +=
      isComplex
      ? [
        ("mean", .numbers([mean.re.value, mean.im.value])),
        ("meanError", .numbers([mean.re.error, mean.im.error])),
      ] : keys("mean", mean.re)
    pairs += keys("secondMoment", ensemble.secondMoment)
    pairs += keys("susceptibility", ensemble.susceptibility)
    let slices = plan.request.directions.enumerated().map { index, mu -> JSONValue in
      let masses = [nil] + ensemble.effectiveMasses(index)
      let rows = ensemble.slices(index).enumerated().map { t, value -> JSONValue in
        .object(
          [("t", .int(t))] + keys(value)
            + keys("effectiveMass", t < masses.count ? masses[t] : nil))
      }
      return .object([("direction", .string(directions[mu])), ("rows", .array(rows))])
    }
    let distances = zip(
      zip(plan.distancesSquared, plan.multiplicities), ensemble.distances
    ).map { place, value -> JSONValue in
      .object(
        [
          ("distance", .number(Double(place.0).squareRoot())), ("distanceSquared", .int(place.0)),
          ("displacements", .int(place.1)),
        ] + keys(value))
    }
    let momenta = zip(plan.momenta, ensemble.momenta).map { k, value -> JSONValue in
      .object(
        [
          ("k", .ints(k)),
          ("latticeMomentumSquared", .number(plan.latticeMomentumSquared(k))),
        ] + keys("structureFactor", value.correlator) + keys("connected", value.connected))
    }
    let lengths = directions.indices.map { ensemble.correlationLength(direction: $0) }
    pairs += [
      ("slices", .array(slices)), ("distances", .array(distances)), ("momenta", .array(momenta)),
      ("correlationLength", .numbers(lengths.map { $0?.value })),
      ("correlationLengthError", .numbers(lengths.map { $0?.error })),
    ]
    return .object(pairs)
  }

  var text: String {
    func line(_ name: String, _ value: String) -> String {
      "  " + name + String(repeating: " ", count: max(1, 26 - name.count)) + value
    }
    func row(_ cells: [String]) -> String {
      let padded = cells.map { $0 + String(repeating: " ", count: max(0, 22 - $0.count)) }
      return ("  " + padded.joined(separator: " ")).trimmingTrailingSpaces
    }
    let flow =
      settings.flowTime.map { " at flow time \($0)" }
      ?? settings.smearing.map { ", smearing \($0)" } ?? ""
    let mean = ensemble.mean
    var lines = [
      "\(settings.name)\(flow), \(info.group), "
        + "\(info.extents.map(String.init).joined(separator: "x")), \(ensemble.configurations) "
        + "configurations in \(ensemble.means.binCount) bins of \(ensemble.means.binLength)",
      line("mean", isComplex ? "\(mean.re) + \(mean.im) i" : "\(mean.re)"),
      line("susceptibility", "\(ensemble.susceptibility)"),
    ]
    for (index, mu) in plan.request.directions.enumerated() {
      lines.append("slices of \(directions[mu])")
      lines.append(row([directions[mu], "C", "connected", "effective mass"]))
      let masses = [nil] + ensemble.effectiveMasses(index)
      for (t, value) in ensemble.slices(index).enumerated() {
        let mass = t < masses.count ? masses[t]?.description ?? "-" : "-"
        lines.append(row(["\(t)", "\(value.correlator)", "\(value.connected)", mass]))
      }
    }
    if plan.request.hasDistances {
      lines += ["distances", row(["r", "C", "connected"])]
      for (square, value) in zip(plan.distancesSquared, ensemble.distances) {
        let r = fixed(Double(square).squareRoot(), 4)
        lines.append(row([r, "\(value.correlator)", "\(value.connected)"]))
      }
    }
    if plan.request.largestMomentumSquared != nil {
      lines += ["momenta", row(["k", "(2 sin(p/2))^2", "S", "connected"])]
      for (k, value) in zip(plan.momenta, ensemble.momenta) {
        lines.append(
          row([
            k.map(String.init).joined(separator: ","), fixed(plan.latticeMomentumSquared(k), 6),
            "\(value.correlator)", "\(value.connected)",
          ]))
      }
      for (mu, name) in directions.enumerated() {
        guard let length = ensemble.correlationLength(direction: mu) else { continue }
        lines.append(line("correlation length \(name)", "\(length)"))
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var result = self
    while result.last == " " { result.removeLast() }
    return result
  }
}
