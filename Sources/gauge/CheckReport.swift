import Foundation
import GaugeChecks

/// The table, JSON and verdict of `gauge check`.
final class CheckReport {
  private let isJSON: Bool
  private var results = [CheckResult]()
  private let start = ContinuousClock.now

  init(json: Bool) { isJSON = json }

  /// Whether all checks came out as they should, and there were some.
  var passes: Bool { !results.isEmpty && results.allSatisfy(\.passes) }

  var isEmpty: Bool { results.isEmpty }

  /// Takes results; a table grows as they come.
  func add(_ new: [CheckResult]) {
    if results.isEmpty && !new.isEmpty && !isJSON { print(Self.header) }
    results += new
    if isJSON { return }
    for result in new { print(Self.row(result)) }
  }

  func finish(seed: UInt64) {
    let failures = results.filter { !$0.passes }
    if isJSON {
      let rows = results.map { result in
        JSONValue.object([
          ("subject", .string(result.subject)), ("check", .string(result.check)),
          ("setting", .string(result.setting)), ("deviation", .number(result.deviation)),
          ("tolerance", .number(result.tolerance)),
          ("verdict", .string(result.verdict.rawValue)), ("passes", .bool(result.passes)),
          ("detail", .string(result.detail)),
        ])
      }
      printJSON(
        .object([
          ("checks", .array(rows)), ("count", .int(results.count)),
          ("failures", .int(failures.count)), ("seed", .string("\(seed)")),
        ]))
      return
    }
    for result in failures { print("\nFAILS  \(result)") }
    if results.isEmpty { print("FAILS  nothing was checked: no subject exists on these lattices") }
    let seconds = start.duration(to: .now) / .seconds(1)
    print(
      "\n\(results.count) checks, \(failures.count) of them fail; seed \(seed), "
        + "\(fixed(seconds, 1)) seconds")
  }

  private static let columns = [34, 30, 20, 11, 11]

  private static var header: String {
    line(["subject", "check", "setting", "deviation", "tolerance", "verdict"])
  }

  private static func row(_ result: CheckResult) -> String {
    line([
      result.subject, result.check, result.setting, number(result.deviation),
      number(result.tolerance), (result.passes ? "" : "FAILS: ") + result.verdict.rawValue,
    ])
  }

  private static func number(_ x: Double?) -> String {
    guard let x else { return "-" }
    return x == 0 ? "0" : String(format: "%.2g", x)
  }

  private static func line(_ words: [String]) -> String {
    zip(words, columns + [0]).map { word, width -> String in
      // The end of a path says more than its beginning.
      let word = word.count < width || width == 0 ? word : "..." + word.suffix(width - 4)
      return word + String(repeating: " ", count: max(1, width - word.count))
    }.joined().trimmingCharacters(in: .whitespaces)
  }
}
