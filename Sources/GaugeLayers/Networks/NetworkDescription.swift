import Autodiff
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
  /// The group of lattice symmetries under which layers with shared weights share them, by a name that
  /// `FiniteGroup.actingOnLattice` knows, such as "B4"; nil where there are none.
  public var symmetry: String?
  public var layers: [LayerDescription]

  /// A network in words, unchecked; composing a `GaugeNetwork` of it checks all.
  ///
  /// - Parameters:
  ///   - dimension: of the lattice, 2 to 8.
  ///   - convention: how kernels and dilations of transporting layers are counted.
  ///   - layers: from the links to the output, at least one.
  public init(
    group: GaugeGroup, dimension: Int, convention: KernelConvention = .prl2022,
    symmetry: String? = nil, layers: [LayerDescription]
  ) {
    self.group = group
    self.dimension = dimension
    self.convention = convention
    self.symmetry = symmetry
    self.layers = layers
  }

  /// Reads a description.
  ///
  /// - Throws: `LayerError.network` naming what is wrong and where.
  public init(json: Data) throws(LayerError) {
    do {
      guard let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else {
        throw LayerError.network(
          "expected a JSON object with group, dimension and layers, found something else")
      }
      try Self.requireKnownWords(object)
      self = try JSONDecoder().decode(Self.self, from: json)
    } catch let error as LayerError {
      throw error
    } catch let error as DecodingError {
      throw .network(
        error.text { path in
          path.filter { $0.stringValue != "layers" }
            .map { $0.intValue.map { "layer \($0 + 1)" } ?? $0.stringValue }
            .joined(separator: ", ")
        })
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

  /// Misspelt keys would otherwise be ignored, and misspelt names be refused without the known ones.
  private static func requireKnownWords(_ object: [String: Any]) throws(LayerError) {
    func require(_ what: String, _ found: some Sequence<String>, _ known: [String])
      throws(LayerError)
    {
      if let word = found.sorted().first(where: { !known.contains($0) }) {
        throw .network("expected \(what) among \(known.joined(separator: ", ")), found '\(word)'")
      }
    }
    try require("keys", object.keys, ["convention", "dimension", "group", "layers", "symmetry"])
    if let name = object["convention"] as? String {
      try require("a convention", [name], KernelConvention.allCases.map(\.rawValue))
    }
    // Layers have the keys that the description of any of them has.
    let keys = Mirror(reflecting: LayerDescription(.mean)).children.compactMap(\.label)
    for (index, element) in (object["layers"] as? [Any] ?? []).enumerated() {
      guard let layer = element as? [String: Any] else { continue }
      do {
        try require("keys", layer.keys, keys)
        for (key, what, known) in [
          ("layer", "a layer", LayerDescription.Kind.allCases.map(\.rawValue)),
          ("function", "a function", Activation.allCases.map(\.rawValue)),
          ("scope", "a scope", TraceNormScope.allCases.map(\.rawValue)),
          ("labels", "labels", PermutedLabels.allCases.map(\.rawValue)),
          ("weighting", "a weighting", ElementWeighting.allCases.map(\.rawValue)),
        ] {
          if let name = layer[key] as? String { try require(what, [name], known) }
        }
        if let names = layer["relaxed"] as? [String] {
          try require("relaxed symmetries", names, RelaxedSymmetry.allCases.map(\.rawValue))
        }
      } catch .network(let text) {
        throw .network("layer \(index + 1): \(text)")
      }
    }
  }
}

extension NetworkDescription: Codable {
  private enum Key: String, CodingKey { case group, dimension, convention, symmetry, layers }

  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    let name = try box.decode(String.self, forKey: .group)
    guard let group = GaugeGroup(name: name) else {
      throw LayerError.network("group: expected u1, su2, su3, ..., found '\(name)'")
    }
    self.init(
      group: group, dimension: try box.decode(Int.self, forKey: .dimension),
      convention: try box.decodeIfPresent(KernelConvention.self, forKey: .convention) ?? .prl2022,
      symmetry: try box.decodeIfPresent(String.self, forKey: .symmetry),
      layers: try box.decode([LayerDescription].self, forKey: .layers))
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: Key.self)
    try box.encode(group.n == 1 ? "u1" : "su\(group.n)", forKey: .group)
    try box.encode(dimension, forKey: .dimension)
    try box.encode(convention, forKey: .convention)
    try box.encodeIfPresent(symmetry, forKey: .symmetry)
    try box.encode(layers, forKey: .layers)
  }
}
