import Foundation

/// JSON with the order of keys kept and numbers in the shortest form that reads back exactly.
indirect enum JSONValue {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  /// A number, or null for what does not exist or is not finite.
  static func number(_ x: Double?) -> JSONValue {
    guard let x, x.isFinite else { return .null }
    return .double(x)
  }

  static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
  static func numbers(_ values: [Double?]) -> JSONValue { .array(values.map { .number($0) }) }
  static func ints(_ values: [Int]) -> JSONValue { .array(values.map { .int($0) }) }

  /// The text, indented by two spaces a level; short arrays on one line.
  func text(indent: Int = 0) -> String {
    let pad = String(repeating: " ", count: indent + 2)
    let end = String(repeating: " ", count: indent)
    switch self {
    case .null: return "null"
    case .bool(let b): return b ? "true" : "false"
    case .int(let i): return "\(i)"
    case .double(let x): return x.isFinite ? "\(x)" : "null"
    case .string(let s): return Self.quoted(s)
    case .array(let values):
      if values.isEmpty { return "[]" }
      let isShort = values.allSatisfy {
        switch $0 {
        case .int, .double, .null, .bool: true
        default: false
        }
      }
      if isShort { return "[" + values.map { $0.text() }.joined(separator: ", ") + "]" }
      let lines = values.map { pad + $0.text(indent: indent + 2) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(end)]"
    case .object(let pairs):
      if pairs.isEmpty { return "{}" }
      let lines = pairs.map { pad + Self.quoted($0.0) + ": " + $0.1.text(indent: indent + 2) }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(end)}"
    }
  }

  private static func quoted(_ s: String) -> String {
    var result = "\""
    for scalar in s.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 32 {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
