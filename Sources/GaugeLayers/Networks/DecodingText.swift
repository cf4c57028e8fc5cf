extension DecodingError {
  /// What was expected and found, on one line.
  ///
  /// - Parameter place: names the place of keys and indices, which may be empty.
  package func text(_ place: ([any CodingKey]) -> String) -> String {
    func at(_ context: Context) -> String {
      let text = place(context.codingPath)
      return text.isEmpty ? "" : "\(text): "
    }
    return switch self {
    case .keyNotFound(let key, let context):
      "\(at(context))expected '\(key.stringValue)', found none"
    case .typeMismatch(let type, let context):
      "\(at(context))expected \(Self.name(of: type)), found another type"
    case .valueNotFound(let type, let context):
      "\(at(context))expected \(Self.name(of: type)), found null"
    case .dataCorrupted(let context):
      "\(at(context))expected another value, found: \(context.debugDescription)"
    @unknown default: "\(self)"
    }
  }

  /// What a type is called in JSON.
  private static func name(of type: Any.Type) -> String {
    switch type {
    case is Int.Type: "an integer"
    case is UInt64.Type: "an integer of 0 or more"
    case is Double.Type: "a number"
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is [Any].Type: "an array"
    default: "an object or array"
    }
  }
}
