import Foundation

/// Rows of text in columns; the first column is flush left, the others right.
struct Table {
  private var rows: [[String]]

  init(_ header: String...) { rows = [header] }

  mutating func add(_ cells: String...) { rows.append(cells) }

  func printed() {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      print(cells.joined(separator: "   "))
    }
  }
}

/// Three significant digits.
func short(_ x: Double) -> String { String(format: "%.2e", x) }

func percent(_ x: Double) -> String { String(format: x < 1e-4 ? "%.1e %%" : "%.2f %%", 100 * x) }

func lattice(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: "x") }

/// A line on standard error.
func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
