import Foundation

/// A picture of points, lines and bars with axes, as SVG.
struct Plot {
  enum Mark {
    /// Points with error bars where there are some.
    case points([(x: Double, y: Double, error: Double?)])
    case line([(x: Double, y: Double)])
    /// Bars from zero, centred at x.
    case bars([(x: Double, y: Double)])
    /// A dashed horizontal or vertical line.
    case level(Double)
    case place(Double)
  }

  struct Series {
    var name: String?
    var mark: Mark
    var colour: String
  }

  var title: String
  var xLabel: String
  var yLabel: String
  var series: [Series] = []
  /// Equal scales on both axes, for phases.
  var isSquare = false
  var xRange: ClosedRange<Double>?
  var yRange: ClosedRange<Double>?
  /// Names under the first x values 0, 1, 2, ... in place of numbers.
  var xNames: [String] = []
  /// Whether x counts something: no ticks between whole numbers.
  var xIsWhole = false

  /// The distance of neighbouring bars.
  var barWidth = 1.0

  static let colours = ["#1f6fb2", "#c4542d", "#3a8f4d", "#7d4fa3", "#8a6d1d", "#555555"]

  /// The picture; text is escaped.
  var svg: String {
    // Names need 22 units each to stand apart.
    let wide = max(460, 140 + 22 * Double(xNames.count))
    let (width, height) = isSquare ? (320.0, 320.0) : (wide, xNames.isEmpty ? 260.0 : 330)
    let (left, bottom) = xNames.isEmpty ? (62.0, 42.0) : (105, 122)
    let (right, top) = (12.0, 26.0)
    let (xs, ys) = ranges
    func px(_ x: Double) -> Double {
      left + (x - xs.lowerBound) / (xs.upperBound - xs.lowerBound) * (width - left - right)
    }
    func py(_ y: Double) -> Double {
      height - bottom - (y - ys.lowerBound) / (ys.upperBound - ys.lowerBound)
        * (height - top - bottom)
    }
    var parts = [
      "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" width=\"\(Int(width))\" role=\"img\""
        + " aria-label=\"\(escaped(title))\">",
      Self.text(width / 2, 15, title, anchor: "middle", weight: "bold"),
      "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(width - left - right)\""
        + " height=\"\(height - top - bottom)\" fill=\"none\" stroke=\"#999\"/>",
      Self.text((left + width - right) / 2, height - 6, xLabel, anchor: "middle"),
      "<text transform=\"translate(13,\((top + height - bottom) / 2)) rotate(-90)\""
        + " text-anchor=\"middle\">\(escaped(yLabel))</text>",
    ]
    for tick in ticks(ys, isWhole: false) {
      parts.append(Self.line(left - 4, py(tick), left, py(tick), "#999"))
      parts.append(Self.text(left - 7, py(tick) + 4, label(tick, ys), anchor: "end"))
    }
    if xNames.isEmpty {
      for tick in ticks(xs, isWhole: xIsWhole) {
        parts.append(
          Self.line(px(tick), height - bottom, px(tick), height - bottom + 4, "#999"))
        parts.append(
          Self.text(px(tick), height - bottom + 16, label(tick, xs), anchor: "middle"))
      }
    } else {
      for (k, name) in xNames.enumerated() {
        parts.append(
          "<text transform=\"translate(\(px(Double(k)) + 3),\(height - bottom + 10)) rotate(-45)\""
            + " text-anchor=\"end\">\(escaped(name))</text>")
      }
    }
    for one in series { parts += marks(one, px, py, xs, ys) }
    var entry = top + 14
    for one in series {
      guard let name = one.name else { continue }
      parts.append(
        Self.text(width - right - 6, entry, name, anchor: "end", colour: one.colour))
      entry += 14
    }
    return parts.joined(separator: "\n") + "\n</svg>"
  }

  private func marks(
    _ one: Series, _ px: (Double) -> Double, _ py: (Double) -> Double,
    _ xs: ClosedRange<Double>, _ ys: ClosedRange<Double>
  ) -> [String] {
    switch one.mark {
    case .points(let points):
      return points.flatMap { point -> [String] in
        let (x, y) = (px(point.x), py(point.y))
        var parts = [
          "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"2.5\" fill=\"\(one.colour)\"/>"
        ]
        if let error = point.error, error.isFinite {
          parts.append(
            Self.line(x, py(point.y - error), x, py(point.y + error), one.colour))
        }
        return parts
      }
    case .line(let points):
      let path = points.map { "\(number(px($0.x))),\(number(py($0.y)))" }.joined(separator: " ")
      return [
        "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(one.colour)\" stroke-width=\"1\"/>"
      ]
    case .bars(let bars):
      let wide = max(1, 0.8 * (px(barWidth) - px(0)))
      let base = py(min(ys.upperBound, max(ys.lowerBound, 0)))
      return bars.map { bar in
        let y = py(bar.y)
        return "<rect x=\"\(number(px(bar.x) - wide / 2))\" y=\"\(number(min(y, base)))\""
          + " width=\"\(number(wide))\" height=\"\(number(abs(y - base)))\" fill=\"\(one.colour)\"/>"
      }
    case .level(let y):
      return [
        Self.line(px(xs.lowerBound), py(y), px(xs.upperBound), py(y), one.colour, dashed: true)
      ]
    case .place(let x):
      return [
        Self.line(px(x), py(ys.lowerBound), px(x), py(ys.upperBound), one.colour, dashed: true)
      ]
    }
  }

  /// What is shown: what is asked for, or all there is with a margin.
  private var ranges: (ClosedRange<Double>, ClosedRange<Double>) {
    var (xs, ys) = ([Double](), [Double]())
    for one in series {
      switch one.mark {
      case .points(let points):
        for point in points {
          xs.append(point.x)
          ys += [point.y - (point.error ?? 0), point.y + (point.error ?? 0)]
        }
      case .line(let points):
        xs += points.map(\.x)
        ys += points.map(\.y)
      case .bars(let bars):
        xs += bars.flatMap { [$0.x - barWidth / 2, $0.x + barWidth / 2] }
        ys += bars.map(\.y) + [0]
      case .level(let y): ys.append(y)
      case .place(let x): xs.append(x)
      }
    }
    return (xRange ?? Self.range(xs), yRange ?? Self.range(ys))
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    let margin = high > low ? 0.06 * (high - low) : max(abs(high) * 0.1, 1e-12)
    return (low - margin)...(high + margin)
  }

  /// Round numbers, four to eight of them.
  private func ticks(_ range: ClosedRange<Double>, isWhole: Bool) -> [Double] {
    let span = range.upperBound - range.lowerBound
    let power = pow(10, floor(log10(span / 4)))
    let fitting = [1.0, 2, 5, 10].map { $0 * power }.last { span / $0 >= 3 } ?? power
    let step = isWhole ? max(1, fitting.rounded()) : fitting
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    guard first <= last, last - first < 100 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  private func label(_ tick: Double, _ range: ClosedRange<Double>) -> String {
    let span = range.upperBound - range.lowerBound
    // As many digits as tell neighbouring ticks apart.
    let largest = max(abs(range.upperBound), abs(range.lowerBound))
    let digits = max(Int(max(1, ceil(log10(largest / span)) + 2)), largest < 1e5 ? 5 : 1)
    return String(format: "%.\(min(9, digits))g", abs(tick) < span * 1e-9 ? 0 : tick)
  }

  private func number(_ x: Double) -> String { String(format: "%.1f", x) }

  private static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, dashed: Bool = false
  ) -> String {
    String(format: "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"", x1, y1, x2, y2)
      + " stroke=\"\(colour)\"" + (dashed ? " stroke-dasharray=\"4 3\"" : "") + "/>"
  }

  private static func text(
    _ x: Double, _ y: Double, _ text: String, anchor: String, weight: String? = nil,
    colour: String? = nil
  ) -> String {
    String(format: "<text x=\"%.1f\" y=\"%.1f\"", x, y) + " text-anchor=\"\(anchor)\""
      + (weight.map { " font-weight=\"\($0)\"" } ?? "") + (colour.map { " fill=\"\($0)\"" } ?? "")
      + ">\(escaped(text))</text>"
  }
}

/// Text that may stand in HTML, in attributes too.
func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
  return result
}
