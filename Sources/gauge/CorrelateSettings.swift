import Lattice
import Loops
import Sampling

/// A request that makes sense, before the lattice is known.
struct CorrelateSettings {
  let name: DensityName
  let directionNames: [String]
  let hasDistances: Bool
  let momentum: Int?
  let smearing: Smearing?
  let flowTime: Double?

  /// What is measured on links of a lattice.
  ///
  /// - Throws: `MeasureError` and `CorrelationError` for what they do not have.
  func plan(_ links: LinkField<Double>) throws -> TwoPointPlan {
    let d = links.dimension
    let names = (0..<d).map { directionName($0, of: d) }
    let density = try name.density(names)
    var directions = try directionNames.map { name in
      guard let mu = names.firstIndex(of: name), density.directions(links.geometry).contains(mu)
      else {
        let known = density.directions(links.geometry).map { names[$0] }.joined(separator: ", ")
        throw MeasureError("--direction", expected: "one of \(known)", found: "'\(name)'")
      }
      return mu
    }
    let isDefault = directions.isEmpty && !hasDistances && momentum == nil
    if isDefault, !density.isSpatial { directions = [d - 1] }
    return try TwoPointPlan(
      TwoPointRequest(
        density, directions: directions,
        hasDistances: hasDistances || (isDefault && density.isSpatial),
        largestMomentumSquared: momentum), links.geometry, group: links.group,
      boundary: links.boundary)
  }
}

/// The name of a density on the command line.
struct DensityName: CustomStringConvertible {
  static let grammar =
    "plaquette, plaquette-spatial, plaquette-temporal, plaquette-PLANE such as plaquette-xt, "
    + "polyakov, charge, action, energy"

  let description: String
  private let fixed: LocalDensity?

  init?(_ name: String) {
    let known: [String: LocalDensity] = [
      "plaquette": .plaquette(.all), "plaquette-spatial": .plaquette(.spatial),
      "plaquette-temporal": .plaquette(.temporal), "polyakov": .polyakov, "charge": .charge,
      "action": .action, "energy": .energy,
    ]
    let prefix = "plaquette-"
    guard known[name] != nil || (name.hasPrefix(prefix) && name.count == prefix.count + 2) else {
      return nil
    }
    description = name
    fixed = known[name]
  }

  /// - Parameter names: of the directions.
  func density(_ names: [String]) throws -> LocalDensity {
    if let fixed { return fixed }
    let places = description.suffix(2).compactMap { names.firstIndex(of: String($0)) }.sorted()
    guard places.count == 2, places[0] < places[1] else {
      throw MeasureError(
        "--observable", expected: "a plane of two of \(names.joined(separator: ", "))",
        found: "'\(description)'")
    }
    return .plaquette(.plane(mu: places[0], nu: places[1]))
  }
}
