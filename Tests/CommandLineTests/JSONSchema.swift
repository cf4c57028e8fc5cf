import Foundation
import Testing

/// A JSON schema with the keywords that the documents use; an unknown one is an error, so that none is passed over.
struct JSONSchema {
  struct UnknownKeyword: Error {
    let name: String
  }

  private let root: [String: Any]

  /// A schema of `docs`.
  init(named name: String) throws {
    let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs")
    let data = try Data(contentsOf: docs.appendingPathComponent("\(name).schema.json"))
    root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// What does not fit, each with its place; empty where all does.
  func violations(of value: Any) throws -> [String] { try violations(of: value, root, at: "$") }

  private func violations(
    of value: Any, _ schema: [String: Any], at place: String
  ) throws -> [String] {
    var found: [String] = []
    let object = value as? [String: Any]
    for (keyword, rule) in schema {
      switch keyword {
      case "$schema", "$defs", "title", "description": break
      case "$ref":
        let name = (rule as? String)?.split(separator: "/").last.map(String.init) ?? ""
        let definition = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
        found += try violations(of: value, try #require(definition, "\(rule)"), at: place)
      case "type":
        let types = rule as? [String] ?? [rule as? String ?? ""]
        if !types.contains(where: { Self.isOf($0, value) }) {
          found.append("\(place): expected \(types), found \(value)")
        }
      case "enum":
        let words = try #require(rule as? [String])
        if !words.contains(where: { $0 == value as? String }) {
          found.append("\(place): expected one of \(words), found \(value)")
        }
      case "minimum", "maximum":
        let bound = try #require(rule as? Double)
        guard let number = value as? NSNumber, !Self.isOf("boolean", value) else { break }
        let fits = keyword == "minimum" ? number.doubleValue >= bound : number.doubleValue <= bound
        if !fits { found.append("\(place): expected \(keyword) \(bound), found \(number)") }
      case "required":
        for name in try #require(rule as? [String]) where object != nil && object![name] == nil {
          found.append("\(place): expected \(name), found none")
        }
      case "properties":
        for (name, rule) in try #require(rule as? [String: [String: Any]]) {
          guard let member = object?[name] else { continue }
          found += try violations(of: member, rule, at: "\(place).\(name)")
        }
      case "additionalProperties":
        let known = Set((schema["properties"] as? [String: Any] ?? [:]).keys)
        for name in (object ?? [:]).keys where !known.contains(name) {
          found.append("\(place): expected no \(name)")
        }
      case "items":
        let rule = try #require(rule as? [String: Any])
        for (k, item) in (value as? [Any] ?? []).enumerated() {
          found += try violations(of: item, rule, at: "\(place)[\(k)]")
        }
      default: throw UnknownKeyword(name: keyword)
      }
    }
    return found
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    let number = value as? NSNumber
    // JSONSerialization gives booleans as numbers that encode one character.
    let isBoolean = number.map { String(cString: $0.objCType) == "c" } ?? false
    return switch type {
    case "null": value is NSNull
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": isBoolean
    case "number": number != nil && !isBoolean
    case "integer":
      number != nil && !isBoolean && number!.doubleValue == number!.doubleValue.rounded()
    default: false
    }
  }
}
