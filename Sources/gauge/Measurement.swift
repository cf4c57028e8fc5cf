import Compute
import Lattice
import Loops
import Sampling

/// The observables of one configuration; nil is what does not exist or was not asked for.
struct Measurement {
  let info: ConfigurationInfo
  private let settings: MeasureSettings
  private let planes: PlaquetteMeans
  private let planePlaquettes: [Double]
  private let linkTrace: Double?
  private let unitarityViolation: Double?
  private let polyakov: [[Double]?]
  private let rectangle: Double?
  private let loops: [[Double?]]?
  private let energyClover: Double?
  private let topologicalCharge: Double?
  private let topologicalChargeClover: Double?

  /// - Throws: `MeasureError` for loops that do not fit, `FlowError` for a flow that diverged.
  init(
    _ configuration: Configuration<Double>, _ settings: MeasureSettings,
    flowProgress: (Double) -> Void
  ) throws {
    let wanted = settings.observables
    func has(_ names: MeasuredObservable...) -> Bool { names.contains(where: wanted.contains) }
    let original = configuration.field
    info = configuration.info
    self.settings = settings
    let sizes = has(.loops) ? try settings.loopSizes(info.extents) : nil
    let u = settings.smearing.map { original.smeared($0) } ?? original
    planes = PlaquetteMeans(of: u)
    planePlaquettes = has(.planes) ? u.planePlaquettes() : []
    linkTrace = has(.links) ? u.linkTrace() : nil
    // Of the file: what smearing makes of it says nothing.
    unitarityViolation = has(.links) ? original.unitarityViolation() : nil
    let directions = has(.polyakovAll) ? 0..<u.dimension : (u.dimension - 1)..<u.dimension
    polyakov =
      has(.polyakov, .polyakovAll)
      ? directions.map { u.polyakovLoop($0).map { [$0.real, $0.imaginary] } } : []
    rectangle = has(.rectangle) ? u.meanRectangle() : nil
    loops = sizes.map { u.wilsonLoopTable(maximumR: $0.r, maximumT: $0.t) }

    guard has(.charge, .energy, .susceptibility) else {
      (energyClover, topologicalCharge, topologicalChargeClover) = (nil, nil, nil)
      return
    }
    var flowed = settings.flowTime == nil ? u : original
    if let time = settings.flowTime {
      try flowed.flow(to: time, progress: flowProgress)
    }
    let clover = flowed.cloverObservables()
    energyClover = clover.energy
    topologicalCharge = flowed.topologicalCharge()
    topologicalChargeClover = clover.charge
  }

  /// The charge for a susceptibility: that of two dimensions or the clover's.
  var charge: Double? { topologicalCharge ?? topologicalChargeClover }

  var json: JSONValue {
    func pair(_ value: [Double]?) -> JSONValue { value.map(JSONValue.numbers) ?? .null }
    var pairs: [(String, JSONValue)] = [
      ("file", .string(info.file)),
      ("format", .string(info.format.rawValue)),
      ("group", .string(info.group.description)),
      ("lattice", .ints(info.extents)),
      ("boundary", .strings(info.boundary.words)),
      ("storedBits", .int(info.storedBits)),
    ]
    if let smearing = settings.smearing { pairs.append(("smearing", .string("\(smearing)"))) }
    if let time = settings.flowTime { pairs.append(("flowTime", .number(time))) }
    func add(_ observable: MeasuredObservable, _ values: [(String, JSONValue)]) {
      if settings.observables.contains(observable) { pairs += values }
    }
    add(
      .plaquette,
      [
        ("plaquette", .number(planes.all)), ("plaquetteSpatial", .number(planes.spatial)),
        ("plaquetteTemporal", .number(planes.temporal)),
      ])
    add(.links, [("linkTrace", .number(linkTrace))])
    add(.polyakov, [("polyakov", pair(polyakov.last ?? nil))])
    add(
      .charge,
      [
        ("topologicalCharge", .number(topologicalCharge)),
        ("topologicalChargeClover", .number(topologicalChargeClover)),
      ])
    add(.energy, [("energyClover", .number(energyClover))])
    add(.planes, [("planes", .numbers(planePlaquettes))])
    add(.polyakovAll, [("polyakovAll", .array(polyakov.map(pair)))])
    add(.rectangle, [("rectangle", .number(rectangle))])
    add(.loops, [("loops", .array((loops ?? []).map(JSONValue.numbers)))])
    add(.links, [("unitarityViolation", .number(unitarityViolation))])
    pairs += [
      ("checksum", .string(info.checksum.rawValue)), ("warnings", .strings(info.warnings)),
    ]
    return .object(pairs)
  }

  var text: String {
    func line(_ name: String, _ value: String) -> String {
      "  " + name + String(repeating: " ", count: max(1, 26 - name.count)) + value
    }
    func complex(_ z: [Double]) -> String { "\(z[0]) \(z[1] < 0 ? "-" : "+") \(abs(z[1])) i" }
    let extents = info.extents.map(String.init).joined(separator: "x")
    var lines = [
      "\(info.file): \(info.group), \(extents), \(info.format.rawValue) \(info.storedBits) bit, "
        + "checksum \(info.checksum.rawValue)"
    ]
    func add(_ observable: MeasuredObservable, _ name: String, _ value: Double?) {
      guard let value, value.isFinite, settings.observables.contains(observable) else { return }
      lines.append(line(name, "\(value)"))
    }
    if info.boundary.anyOpen { lines.append(line("boundary", "\(info.boundary)")) }
    if let smearing = settings.smearing { lines.append(line("smearing", "\(smearing)")) }
    if let time = settings.flowTime {
      lines.append(line("flow time", "\(time) (charge and energy)"))
    }
    add(.plaquette, "plaquette", planes.all)
    add(.plaquette, "plaquette spatial", planes.spatial)
    add(.plaquette, "plaquette temporal", planes.temporal)
    add(.links, "link trace", linkTrace)
    if settings.observables.contains(.polyakov), let time = polyakov.last ?? nil {
      lines.append(line("Polyakov loop", complex(time)))
    }
    add(.charge, "topological charge", topologicalCharge)
    add(.charge, "clover charge", topologicalChargeClover)
    add(.energy, "clover energy", energyClover)
    let names = (0..<info.extents.count).map { directionName($0, of: info.extents.count) }
    var plane = 0
    for mu in names.indices {
      for nu in names.indices where nu > mu {
        if planePlaquettes.indices.contains(plane) {
          add(.planes, "plaquette \(names[mu])\(names[nu])", planePlaquettes[plane])
        }
        plane += 1
      }
    }
    if settings.observables.contains(.polyakovAll) {
      for (name, loop) in zip(names, polyakov) {
        lines.append(line("Polyakov loop \(name)", loop.map(complex) ?? "none"))
      }
    }
    add(.rectangle, "rectangle", rectangle)
    for (r, row) in (loops ?? []).enumerated() {
      let values = row.map { $0.map { fixed($0, 8) } ?? "none" }
      lines.append(line("W(\(r + 1), T = 1, 2, ...)", values.joined(separator: "  ")))
    }
    add(.links, "unitarity violation", unitarityViolation)
    return lines.joined(separator: "\n")
  }
}

extension LinkField<Double> {
  /// The Wilson flow to a time, with the steps that all verbs take which only want to be there.
  mutating func flow(to time: Double, progress: (Double) -> Void) throws {
    _ = try GradientFlow.wilson(group, dimension: dimension).run(
      &self, to: time, .adaptive(tolerance: 1e-5, longest: 0.5), measuringEvery: time
    ) { t in
      progress(t)
      return true
    }
  }
}

/// x, y, z, t; in more than four dimensions 0, 1, ..., t.
func directionName(_ mu: Int, of dimension: Int) -> String {
  mu == dimension - 1 ? "t" : dimension <= 4 ? ["x", "y", "z"][mu] : "\(mu)"
}
