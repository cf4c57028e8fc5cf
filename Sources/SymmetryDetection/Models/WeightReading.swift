/// What relaxed weights say about the symmetry of the data that they were trained on.
public struct WeightReading: Sendable, Hashable, Codable {
  /// One irreducible part of one weight. Powers are sums of squares in units of those of the scalar part.
  public struct Part: Sendable, Hashable, Codable {
    public let weight: String
    public let irrep: String
    /// The dimension of the irrep.
    public let dimension: Int
    /// The mean over all trainings, noise included.
    public let power: Double
    /// What replicas agree on, the mean of their products: 0 on average for data with the symmetry.
    public let reproducedPower: Double
    /// Its error from starts; nil for a single one.
    public let reproducedPowerError: Double?
    /// (1 + count)/(1 + draws); nil where the part vanishes.
    public let pValue: Double?
    /// The same, corrected for all parts of all weights.
    public let correctedP: Double?
    /// For broken parts the p-value of the hypothesis that starts do not agree on the direction, or the sign, into which
    /// the part is bent; nil for others and for a single start.
    public let directionP: Double?
    public let verdict: DetectionResult.Verdict

    /// The power that noise alone would give.
    public var nullPower: Double { power - reproducedPower }
  }

  public let group: String
  public var parts: [Part]
  /// The largest subgroups that are not rejected: the stabiliser, where it is one.
  public var survivingGroups: [DetectionResult.SurvivingGroup]
  public let starts: Int
  public let replicas: Int
  public let draws: Int
  public let seed: UInt64
  public var notes: [String]

  /// The reading as lines that fit 80 columns.
  public var lines: [String] {
    var lines = ["\(group): \(starts) starts, \(replicas) replicas of each, \(draws) draws"]
    var weight = ""
    for part in parts {
      if part.weight != weight {
        weight = part.weight
        lines.append("  " + weight)
      }
      var line = "    " + padded(part.irrep, 6)
      if part.verdict == .trivial {
        line += "vanishes up to rounding"
      } else {
        line += "size " + padded(size(part.reproducedPower), 8)
        line += "noise " + padded(size(part.nullPower), 8)
        line += "p " + padded(rounded(part.correctedP ?? 1), 8) + part.verdict.rawValue
        if let p = part.directionP {
          let what = part.dimension == 1 ? "sign" : "direction"
          line += ", " + what + (p <= 0.05 ? " shared" : " not identified")
        }
      }
      lines.append(line)
    }
    let names = survivingGroups.map { "\($0.name) (order \($0.order))" }
    lines.append("  left: " + (names.isEmpty ? "nothing" : names.joined(separator: ", ")))
    return lines + notes.map { "  " + $0 }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private func size(_ power: Double) -> String { rounded(max(0, power).squareRoot()) }

  /// Two digits.
  private func rounded(_ x: Double) -> String {
    guard x > 0 else { return "0" }
    var (scale, digits) = (1.0, x)
    while digits < 10 { (digits, scale) = (digits * 10, scale * 10) }
    while digits >= 100 { (digits, scale) = (digits / 10, scale / 10) }
    return "\(digits.rounded() / scale)"
  }
}
