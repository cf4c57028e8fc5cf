import Foundation
import Lattice

/// A network in words: what a file says, and what goes into the header of its weights.
///
/// ```json
/// {
///   "group": "su2", "dimension": 2,
///   "layers": [
///     {"layer": "plaquettes"},
///     {"layer": "convolutionBilinear", "channels": 2, "size": 2},
///     {"layer": "trace"}, {"layer": "mean"}, {"layer": "dense", "channels": 1}
///   ]
/// }
/// ```
public struct NetworkDescription: Hashable, Sendable {
  public var group: GaugeGroup
  public var dimension: Int
  public var convention: KernelConvention
  public var layers: [LayerDescription]

  public init(
    group: GaugeGroup, dimension: Int, convention: KernelConvention = .prl2022,
    layers: [LayerDescription]
  ) {
    self.group = group
    self.dimension = dimension
    self.convention = convention
    self.layers = layers
  }

  /// Reads a description.
  ///
  /// - Throws: `LayerError.network` naming what is wrong and where.
  public init(json: Data) throws(LayerError) {
    do {
      try Self.requireKnownKeys(json)
      self = try JSONDecoder().decode(Self.self, from: json)
    } catch let error as LayerError {
      throw error
    } catch let error as DecodingError {
      throw .network(Self.text(of: error))
    } catch {
      throw .network("\(error)")
    }
  }

  /// The description as JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try! encoder.encode(self), as: UTF8.self)
  }

  /// Misspelt keys would otherwise be ignored.
  private static func requireKnownKeys(_ json: Data) throws {
    guard let object = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
      throw LayerError.network("expected an object with group, dimension and layers")
    }
    let known: Set = ["group", "dimension", "convention", "layers"]
    if let key = object.keys.sorted().first(where: { !known.contains($0) }) {
      throw LayerError.network("'\(key)' is none of \(known.sorted().joined(separator: ", "))")
    }
    let layerKeys: Set = [
      "layer", "channels", "size", "dilation", "symmetric", "complex", "function", "scope", "paths",
      "power", "steps", "rho", "residual", "gain", "checkpoint",
    ]
    for (index, layer) in ((object["layers"] as? [[String: Any]]) ?? []).enumerated() {
      if let key = layer.keys.sorted().first(where: { !layerKeys.contains($0) }) {
        throw LayerError.network(
          "layer \(index + 1): '\(key)' is none of \(layerKeys.sorted().joined(separator: ", "))")
      }
    }
  }

  private static func text(of error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map { $0.intValue.map { "layer \($0 + 1)" } ?? $0.stringValue }
      return path.isEmpty ? "" : path.joined(separator: ", ") + ": "
    }
    return switch error {
    case .keyNotFound(let key, let context): "\(place(context))'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      "\(place(context))\(context.debugDescription)"
    @unknown default: "\(error)"
    }
  }
}

extension NetworkDescription: Codable {
  private enum Key: String, CodingKey { case group, dimension, convention, layers }

  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    let name = try box.decode(String.self, forKey: .group)
    guard let group = GaugeGroup(name: name) else {
      throw LayerError.network("group: expected u1, su2, su3, ..., found '\(name)'")
    }
    self.init(
      group: group, dimension: try box.decode(Int.self, forKey: .dimension),
      convention: try box.decodeIfPresent(KernelConvention.self, forKey: .convention) ?? .prl2022,
      layers: try box.decode([LayerDescription].self, forKey: .layers))
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: Key.self)
    try box.encode(group.n == 1 ? "u1" : "su\(group.n)", forKey: .group)
    try box.encode(dimension, forKey: .dimension)
    try box.encode(convention, forKey: .convention)
    try box.encode(layers, forKey: .layers)
  }
}
