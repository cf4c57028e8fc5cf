import Foundation
import GaugeLayers

extension TrainingPlan {
  /// Reads a plan and validates it.
  ///
  /// - Throws: `TrainingError.file` naming the file, what was expected and what was found.
  public init(path: String) throws(TrainingError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .file(.missing, "\(path): expected a training plan, found no readable file")
    }
    do {
      try Self.requireKnownKeys(data)
      self = try JSONDecoder().decode(TrainingPlan.self, from: data)
    } catch {
      throw .file(.damaged, "\(path): \(Self.text(of: error))")
    }
    do {
      try validate()
    } catch {
      throw .file(.usage, "\(path): \(error)")
    }
  }

  /// The plan as indented JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try! encoder.encode(self), as: UTF8.self)
  }

  /// The first key, such as `training.rate`, that has another value in another plan, with both values.
  ///
  /// A plan without a precision is one of any.
  func firstDifference(from other: TrainingPlan) -> (key: String, own: String, other: String)? {
    let (a, b) = (Self.leaves(of: json), Self.leaves(of: other.json))
    for key in Set(a.keys).union(b.keys).sorted() where a[key] != b[key] {
      if key == "precision", a[key] == nil || b[key] == nil { continue }
      return (key, a[key] ?? "none", b[key] ?? "none")
    }
    return nil
  }

  /// All values of a plan by the path of their keys; an array is one value.
  private static func leaves(of json: String) -> [String: String] {
    var result: [String: String] = [:]
    func visit(_ value: Any, _ path: String) {
      guard let object = value as? [String: Any] else {
        let options: JSONSerialization.WritingOptions = [
          .fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes,
        ]
        let text = try! JSONSerialization.data(withJSONObject: value, options: options)
        result[path] = String(decoding: text, as: UTF8.self)
        return
      }
      for (key, value) in object { visit(value, path.isEmpty ? key : "\(path).\(key)") }
    }
    visit(try! JSONSerialization.jsonObject(with: Data(json.utf8)), "")
    return result
  }

  /// Misspelt keys would otherwise be ignored.
  private static func requireKnownKeys(_ json: Data) throws {
    guard let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else {
      throw TrainingError.setting(
        name: "the plan", expected: "a JSON object", found: "something else")
    }
    func require(_ found: [String: Any], _ place: String, _ known: [String]) throws {
      if let key = found.keys.sorted().first(where: { !known.contains($0) }) {
        throw TrainingError.setting(
          name: "the keys\(place)", expected: "among \(known.sorted().joined(separator: ", "))",
          found: "'\(key)'")
      }
    }
    func requireKeys(_ found: Any?, _ place: String, of example: Any) throws {
      guard let part = found as? [String: Any] else { return }
      let children = Mirror(reflecting: example).children
      try require(part, " of '\(place)'", children.compactMap(\.label))
      for child in children {
        try requireInteger(part[child.label!], "\(place).\(child.label!)", like: child.value)
      }
    }
    let settings = TrainingSettings(epochs: 1, batch: 1, rate: 1)
    try require(object, "", ["network", "targets", "data", "training", "curriculum", "precision"])
    try requireKeys(object["data"], "data", of: DataPlan())
    try requireKeys(object["training"], "training", of: settings)
    for (index, stage) in (object["curriculum"] as? [Any] ?? []).enumerated() {
      let place = "curriculum[\(index)]"
      let example = CurriculumStage(layers: 1, targets: [], training: settings)
      try requireKeys(stage, place, of: example)
      try requireKeys((stage as? [String: Any])?["training"], "\(place).training", of: settings)
    }
    if let network = object["network"] as? [String: Any] {
      _ = try NetworkDescription(json: try JSONSerialization.data(withJSONObject: network))
    }
  }

  /// A decoder does not say which number is no integer.
  private static func requireInteger(
    _ found: Any?, _ name: String, like example: Any
  ) throws(TrainingError) {
    guard let found = found as? NSNumber else { return }
    let type = type(of: example)
    if type == Int.self || type == Int?.self, found as? Int == nil {
      throw .setting(name: name, expected: "an integer", found: "\(found)")
    }
    if type == UInt64?.self, found as? UInt64 == nil {
      throw .setting(name: name, expected: "an integer of 0 or more", found: "\(found)")
    }
  }

  private static func text(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    return error.text { path in
      path.reduce("") { path, key in
        if let index = key.intValue { return "\(path)[\(index)]" }
        return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
      }
    }
  }
}
