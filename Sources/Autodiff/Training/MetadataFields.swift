/// Numbers as texts of a file's metadata, each exactly.
struct MetadataFields {
  var texts: [String: String]
  let path: String

  init(_ texts: [String: String] = [:], path: String = "") {
    self.texts = texts
    self.path = path
  }

  func has(_ key: String) -> Bool { texts[key] != nil }

  func text(_ key: String) throws(SafetensorsError) -> String {
    guard let text = texts[key] else { throw error(key, "a text", nil) }
    return text
  }

  func integer(_ key: String) throws(SafetensorsError) -> Int {
    guard let value = texts[key].flatMap({ Int($0) }) else {
      throw error(key, "an integer", texts[key])
    }
    return value
  }

  func number(_ key: String) throws(SafetensorsError) -> Double {
    guard let value = texts[key].flatMap({ Double($0) }) else {
      throw error(key, "a number", texts[key])
    }
    return value
  }

  private func error(_ key: String, _ expected: String, _ found: String?) -> SafetensorsError {
    SafetensorsError(
      .usage, file: path, expected: "\(expected) in the metadata '\(key)' of a training state",
      found: found.map { "'\($0)'" } ?? "none")
  }
}
