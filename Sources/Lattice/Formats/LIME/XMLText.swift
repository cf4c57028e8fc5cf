/// Finds elements in the small XML records of lattice files, some of which are not well formed.
///
/// It looks for `<name>` or `<name ...>` and the next `</name>`: no nesting, no entities beyond the
/// five, nothing that grows with what a hostile record holds.
struct XMLText {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The trimmed text of the first element of that name; nil where there is none.
  func value(_ name: String) -> String? {
    guard let open = opening(name) else { return nil }
    guard let end = find(Array("</\(name)>".utf8), from: open) else { return nil }
    return trimmed(unescaped(String(decoding: bytes[open..<end], as: UTF8.self)))
  }

  /// Whether an element of that name is opened.
  func contains(_ name: String) -> Bool { opening(name) != nil }

  /// The first byte behind the opening tag.
  private func opening(_ name: String) -> Int? {
    let tag = Array("<\(name)".utf8)
    var start = 0
    while let found = find(tag, from: start) {
      let next = found + tag.count
      guard next < bytes.count else { return nil }
      // '>' closes the tag, a blank begins its attributes; anything else is a longer name.
      if bytes[next] == 62 { return next + 1 }
      if bytes[next] == 32 || bytes[next] == 9 || bytes[next] == 10 {
        return bytes[next...].firstIndex(of: 62).map { $0 + 1 }
      }
      start = next
    }
    return nil
  }

  private func find(_ pattern: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= pattern.count, start >= 0 else { return nil }
    var index = start
    while index + pattern.count <= bytes.count {
      guard let first = bytes[index...].firstIndex(of: pattern[0]) else { return nil }
      guard first + pattern.count <= bytes.count else { return nil }
      if bytes[first..<(first + pattern.count)].elementsEqual(pattern) { return first }
      index = first + 1
    }
    return nil
  }

  /// Text made fit to stand in an element.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }

  private func unescaped(_ text: String) -> String {
    guard text.contains("&") else { return text }
    var result = ""
    var rest = Substring(text)
    let entities: [(String, Character)] = [
      ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"),
    ]
    while let first = rest.first {
      if first == "&", let (name, character) = entities.first(where: { rest.hasPrefix($0.0) }) {
        result.append(character)
        rest = rest.dropFirst(name.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
