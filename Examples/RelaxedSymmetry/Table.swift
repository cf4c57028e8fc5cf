import Foundation

/// Rows of a table in Markdown, as they stand in docs/results.md.
struct Table {
  init(_ header: String...) {
    print("| " + header.joined(separator: " | ") + " |")
    print("|" + String(repeating: "---|", count: header.count))
  }

  func add(_ cells: String...) { print("| " + cells.joined(separator: " | ") + " |") }
}

/// Two significant digits.
func short(_ x: Double) -> String { String(format: "%.2g", x) }

/// The median and the range of some numbers.
func spread(_ values: [Double]) -> String {
  guard let low = values.min(), let high = values.max() else { return "-" }
  let sorted = values.sorted()
  return "\(short(sorted[sorted.count / 2])) (\(short(low)) ... \(short(high)))"
}
